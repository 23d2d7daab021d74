//! What the drivers at both ends of a link keep.

use std::num::NonZeroU32;

/// A link: one ordered pair of machines. Connections are numbered from 1.
#[derive(Debug)]
pub(crate) struct Link {
    /// The process that sends on it, by its index.
    pub(crate) from: u32,
    /// The process that receives on it.
    pub(crate) to: u32,
    /// The link that goes the other way.
    pub(crate) reverse: u32,
    pub(crate) sender: Sender,
    pub(crate) receiver: Receiver,
}

/// What the sender's driver knows of its connection.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    pub(crate) state: State,
    /// The number of the connection that it dialled last.
    pub(crate) connection: u32,
    /// Times it has dialled since it last was welcomed, up to 255.
    pub(crate) attempts: u8,
    /// Whether it has been welcomed in the process's present life.
    pub(crate) has_met: bool,
}

/// How far the sender's driver is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    Idle,
    /// Its Hello is under way.
    Dialling,
    /// It was welcomed.
    Up,
}

impl Receiver {
    /// Whether this connection is the one that it answers on.
    #[inline]
    pub(crate) fn is_on(&self, connection: u32) -> bool {
        self.connection.is_some_and(|present| present.get() == connection)
    }
}

/// What the receiver's driver knows of its connection.
#[derive(Debug, Default)]
pub(crate) struct Receiver {
    /// The connection that it answers on.
    pub(crate) connection: Option<NonZeroU32>,
    /// Whether the sender has closed it in good order, and opened none since.
    pub(crate) has_ended: bool,
    /// Whether a Hello came in the process's present life.
    pub(crate) has_met: bool,
}
