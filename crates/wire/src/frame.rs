//! Frames in the machine's terms, to and from those of protobuf.

use machine::{MachineId, Progress};

use crate::codec::FrameError;
use crate::proto;

/// The version of the protocol that this crate speaks.
pub const PROTOCOL: u32 = 1;

/// What one machine says to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// The sender of a link introduces itself: the first frame of a connection.
    Hello(Hello),
    /// The receiver takes the connection and says how far it has come.
    Welcome(Progress),
    /// The receiver does not take the connection, or closes it for a fault.
    Refused {
        /// Why, for people.
        reason: String,
    },
    /// A clock message.
    Message {
        /// Its number on the link, from 1.
        seq: u64,
        /// The sender's clock.
        stamp: u64,
    },
    /// The receiver says how far it has come by now.
    Ack(Progress),
    /// The connection lives. To a receiver it is a question, which an Ack answers.
    Heartbeat,
}

/// Who dials whom, for what run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The version of the protocol that the dialling machine speaks.
    pub protocol: u32,
    /// The run it belongs to.
    pub run: String,
    /// Itself.
    pub from: MachineId,
    /// Whom it believes to have dialled.
    pub to: MachineId,
    /// How often it has started, from 1.
    pub incarnation: u32,
}

impl Frame {
    /// What kind of frame it is, by its name in proto/clock.proto.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Hello(_) => "Hello",
            Self::Welcome(_) => "Welcome",
            Self::Refused { .. } => "Refused",
            Self::Message { .. } => "Message",
            Self::Ack(_) => "Ack",
            Self::Heartbeat => "Heartbeat",
        }
    }
}

impl From<Frame> for proto::Frame {
    fn from(frame: Frame) -> Self {
        use proto::frame::Kind;
        let kind = match frame {
            Frame::Hello(Hello { protocol, run, from, to, incarnation }) => {
                let (from, to) = (from.get(), to.get());
                Kind::Hello(proto::Hello { protocol, run, from, to, incarnation })
            }
            Frame::Welcome(Progress { logged, arrived }) => {
                Kind::Welcome(proto::Welcome { logged, arrived })
            }
            Frame::Refused { reason } => Kind::Refused(proto::Refused { reason }),
            Frame::Message { seq, stamp } => Kind::Message(proto::Message { seq, stamp }),
            Frame::Ack(Progress { logged, arrived }) => Kind::Ack(proto::Ack { logged, arrived }),
            Frame::Heartbeat => Kind::Heartbeat(proto::Heartbeat {}),
        };
        Self { kind: Some(kind) }
    }
}

impl TryFrom<proto::Frame> for Frame {
    type Error = FrameError;

    fn try_from(frame: proto::Frame) -> Result<Self, FrameError> {
        use proto::frame::Kind;
        Ok(match frame.kind.ok_or(FrameError::Unknown)? {
            Kind::Hello(hello) => Self::Hello(hello.try_into()?),
            Kind::Welcome(proto::Welcome { logged, arrived }) => {
                Self::Welcome(Progress { logged, arrived })
            }
            Kind::Refused(proto::Refused { reason }) => Self::Refused { reason },
            Kind::Message(proto::Message { seq, stamp }) => Self::Message { seq, stamp },
            Kind::Ack(proto::Ack { logged, arrived }) => Self::Ack(Progress { logged, arrived }),
            Kind::Heartbeat(proto::Heartbeat {}) => Self::Heartbeat,
        })
    }
}

impl TryFrom<proto::Hello> for Hello {
    type Error = FrameError;

    fn try_from(hello: proto::Hello) -> Result<Self, FrameError> {
        let proto::Hello { protocol, run, from, to, incarnation } = hello;
        if from == 0 || to == 0 {
            return Err(FrameError::MachineZero);
        }
        let (from, to) = (MachineId::new(from), MachineId::new(to));
        Ok(Self { protocol, run, from, to, incarnation })
    }
}
