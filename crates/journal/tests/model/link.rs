//! A link as the network has it: connections that carry frames in order. It
//! knows nothing of what the frames mean.

use std::collections::VecDeque;

use machine::{MachineId, Progress};

/// A frame from the sender to the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Forward {
    Hello { incarnation: u32 },
    Message { seq: u64, stamp: u64 },
}

/// A frame from the receiver to the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Back {
    Welcome(Progress),
    Acknowledgement(Progress),
}

impl Back {
    pub(crate) fn progress(self) -> Progress {
        match self {
            Self::Welcome(progress) | Self::Acknowledgement(progress) => progress,
        }
    }
}

/// What a connection is to the receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Hearing {
    /// Its Hello has not been read.
    NotYet,
    /// It is the link's connection.
    Present,
    /// A later one has replaced it, but a careless receiver goes on reading it.
    Replaced,
    /// Nobody reads it any more.
    Closed,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Connection {
    /// Whether the sender uses it.
    pub(crate) is_held: bool,
    pub(crate) hearing: Hearing,
    pub(crate) forward: VecDeque<Forward>,
    pub(crate) back: VecDeque<Back>,
    /// What the receiver said on it last.
    pub(crate) said: Progress,
}

impl Connection {
    fn dialled(incarnation: u32) -> Self {
        Self {
            is_held: true,
            hearing: Hearing::NotYet,
            forward: [Forward::Hello { incarnation }].into(),
            back: VecDeque::new(),
            said: Progress::default(),
        }
    }

    /// The receiver writes a frame.
    pub(crate) fn say(&mut self, frame: Back) {
        self.said = frame.progress();
        self.back.push_back(frame);
    }

    /// The receiver's end is gone: nothing more is read there.
    pub(crate) fn close(&mut self) {
        self.hearing = Hearing::Closed;
        self.forward.clear();
    }

    /// Whether anything can still come of it.
    fn is_alive(&self) -> bool {
        self.is_held || !self.forward.is_empty()
    }
}

/// A link with those of its connections of which something can still come,
/// oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Link {
    pub(crate) from: MachineId,
    pub(crate) to: MachineId,
    pub(crate) connections: Vec<Connection>,
    /// The last message ever handed to a connection.
    pub(crate) transmitted: u64,
    /// The last message that ever arrived.
    pub(crate) arrived: u64,
}

impl Link {
    pub(crate) fn new((from, to): (MachineId, MachineId)) -> Self {
        Self { from, to, connections: vec![], transmitted: 0, arrived: 0 }
    }

    pub(crate) fn dial(&mut self, incarnation: u32) {
        self.connections.push(Connection::dialled(incarnation));
    }

    /// The connection that the sender uses.
    pub(crate) fn held(&self) -> Option<&Connection> {
        self.connections.iter().find(|connection| connection.is_held)
    }

    pub(crate) fn held_mut(&mut self) -> Option<&mut Connection> {
        self.connections.iter_mut().find(|connection| connection.is_held)
    }

    /// The connection `number` becomes the link's; `careless` receivers go on
    /// reading the one before.
    pub(crate) fn become_present(&mut self, number: usize, careless: bool) {
        for connection in &mut self.connections {
            match connection.hearing {
                Hearing::Present if careless => connection.hearing = Hearing::Replaced,
                Hearing::Present => connection.close(),
                _ => {}
            }
        }
        self.connections[number].hearing = Hearing::Present;
    }

    /// Whether something is on its way in the link's connection.
    pub(crate) fn present_carries_messages(&self) -> bool {
        let mut connections = self.connections.iter();
        connections.any(|each| each.hearing == Hearing::Present && !each.forward.is_empty())
    }

    pub(crate) fn forget_dead_connections(&mut self) {
        self.connections.retain(Connection::is_alive);
    }
}
