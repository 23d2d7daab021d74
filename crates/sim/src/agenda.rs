//! What is to happen, and in which order.
//!
//! At equal instants processes start first, then faults begin and end, then
//! machines tick, in order, then connections come and go, then messages arrive, by sender and number, and
//! at last timers ring.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::moment::Moment;

/// Something that is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Entry {
    pub(crate) at: Moment,
    rank: Rank,
    pub(crate) what: What,
}

/// The order of what happens in one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Boot(usize),
    Fault(u64),
    Slot(usize),
    Control(u64),
    Message { sender: u32, seq: u64, receiver: u32, count: u64 },
    Timer(u64),
}

/// What happens. Processes, links and faults are given by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum What {
    FaultBegins {
        fault: usize,
    },
    FaultEnds {
        fault: usize,
    },
    /// A process starts for the first time.
    Boots {
        process: usize,
    },
    /// A slot of a process in its `life`.
    Slot {
        process: usize,
        life: u32,
    },
    /// A frame arrives.
    Frame {
        link: usize,
        connection: u32,
        frame: Frame,
    },
    /// The sender of a link dials again, if it has no connection after this one.
    Redial {
        link: usize,
        connection: u32,
    },
    /// The sender of a link looks whether its connection is answered.
    Patience {
        link: usize,
        connection: u32,
    },
    /// A stopping process has waited long enough.
    Deadline {
        process: usize,
        life: u32,
        of: Wait,
    },
    /// Whoever still waits for others waits in vain.
    Horizon,
}

/// What a stopping process waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wait {
    /// Its messages to arrive.
    Arrival,
    /// Its peers to close their links.
    Closing,
}

/// What travels on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Frame {
    /// From the sender of the link.
    Hello { incarnation: u32 },
    /// From the sender of the link.
    Message { seq: u64, stamp: u64 },
    /// From the sender of the link: it wants to be answered.
    Heartbeat,
    /// From the sender of the link: it closed the connection.
    Closed,
    /// From the receiver.
    Welcome { logged: u64, arrived: u64 },
    /// From the receiver.
    Ack { logged: u64, arrived: u64 },
    /// From the receiver: it closed the connection, or has none like it.
    Reset,
}

impl Frame {
    /// Whether it travels from the link's sender to its receiver.
    pub(crate) fn is_forward(self) -> bool {
        !matches!(self, Self::Welcome { .. } | Self::Ack { .. } | Self::Reset)
    }
}

/// All that is to happen.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    entries: BinaryHeap<Reverse<Entry>>,
    count: u64,
}

impl Agenda {
    /// Takes the next thing that happens.
    pub(crate) fn pop(&mut self) -> Option<Entry> {
        self.entries.pop().map(|Reverse(entry)| entry)
    }

    pub(crate) fn push(&mut self, at: Moment, what: What) {
        let rank = match what {
            What::Slot { process, .. } => Rank::Slot(process),
            What::FaultBegins { .. } | What::FaultEnds { .. } => Rank::Fault(self.number()),
            What::Boots { process } => Rank::Boot(process),
            What::Frame { .. } => Rank::Control(self.number()),
            _ => Rank::Timer(self.number()),
        };
        self.entries.push(Reverse(Entry { at, rank, what }));
    }

    /// As [`push`](Self::push), for what a message or the close of a connection
    /// after its messages is: they arrive by sender and number.
    pub(crate) fn push_message(&mut self, at: Moment, (sender, receiver): (u32, u32), what: What) {
        let seq = match what {
            What::Frame { frame: Frame::Message { seq, .. }, .. } => seq,
            _ => u64::MAX,
        };
        let rank = Rank::Message { sender, seq, receiver, count: self.number() };
        self.entries.push(Reverse(Entry { at, rank, what }));
    }

    /// Puts back at `now` what was held up.
    pub(crate) fn push_held(&mut self, now: Moment, entry: Entry) {
        self.entries.push(Reverse(Entry { at: now, ..entry }));
    }

    fn number(&mut self) -> u64 {
        self.count += 1;
        self.count
    }
}
