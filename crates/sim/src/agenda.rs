//! What is to happen, and in which order.
//!
//! At equal instants processes start first, then faults begin and end, then
//! machines tick, in order, then connections come and go, then messages arrive, by sender and number, and
//! at last timers ring.

use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, VecDeque};

use crate::moment::Moment;

/// Something that is to happen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) at: Moment,
    rank: Rank,
    pub(crate) what: What,
}

/// The order of what happens in one instant: its kind, and for messages their
/// sender; then the number of a message, or of the entry.
type Rank = (u64, u64);

/// The kinds in their order, in steps that leave room for a sender below.
const BOOT: u64 = 0;
const FAULT: u64 = 1 << 32;
const SLOT: u64 = 2 << 32;
const CONTROL: u64 = 3 << 32;
const MESSAGE: u64 = 4 << 32;
const TIMER: u64 = 5 << 32;

/// A slot of a process in its `life`. Slots are most of all entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    at: Moment,
    process: u32,
    life: u32,
}

/// What happens. Processes, links and faults are given by their index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    FaultBegins {
        fault: usize,
    },
    FaultEnds {
        fault: usize,
    },
    /// A process starts for the first time.
    Boots {
        process: u32,
    },
    /// A slot of a process in its `life`.
    Slot {
        process: u32,
        life: u32,
    },
    /// A frame arrives.
    Frame {
        link: u32,
        connection: u32,
        frame: Frame,
    },
    /// The sender of a link dials again, if it has no connection after this one.
    Redial {
        link: u32,
        connection: u32,
    },
    /// The sender of a link looks whether its connection is answered.
    Patience {
        link: u32,
        connection: u32,
    },
    /// A stopping process has waited long enough.
    Deadline {
        process: u32,
        life: u32,
        of: Wait,
    },
    /// Whoever still waits for others waits in vain.
    Horizon,
}

/// What a stopping process waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wait {
    /// Its messages to arrive.
    Arrival,
    /// Its peers to close their links.
    Closing,
}

/// What travels on a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    slots: BinaryHeap<Reverse<Slot>>,
    /// Whether the first of them has been taken: it stands there until another one
    /// takes its place, which is nearly always the next of the same machine.
    first_is_taken: bool,
    others: BinaryHeap<Entry>,
    /// Of the others those that happen now, as long as they come in their order.
    instant: VecDeque<Entry>,
    now: Moment,
    count: u64,
}

impl Agenda {
    /// Takes the next thing that happens.
    pub(crate) fn pop(&mut self) -> Option<Entry> {
        if std::mem::take(&mut self.first_is_taken) {
            self.slots.pop();
        }
        let next = match (self.slots.peek(), self.peek_other()) {
            (Some(Reverse(slot)), Some(other)) if (slot.at, (SLOT, 0)) < other => self.pop_slot(),
            (Some(_), None) => self.pop_slot(),
            _ => self.pop_other(),
        }?;
        self.now = next.at;
        Some(next)
    }

    fn peek_other(&self) -> Option<(Moment, Rank)> {
        let order = |entry: &Entry| (entry.at, entry.rank);
        match (self.instant.front().map(order), self.others.peek().map(order)) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    fn pop_other(&mut self) -> Option<Entry> {
        match (self.instant.front(), self.others.peek()) {
            // What is greater comes first.
            (Some(one), Some(other)) if one < other => self.others.pop(),
            (Some(_), _) => self.instant.pop_front(),
            (None, _) => self.others.pop(),
        }
    }

    fn pop_slot(&mut self) -> Option<Entry> {
        let &Reverse(Slot { at, process, life }) = self.slots.peek()?;
        self.first_is_taken = true;
        let rank = (SLOT, process.into());
        Some(Entry { at, rank, what: What::Slot { process, life } })
    }

    /// Slots come by process, all else by the order in which it was pushed.
    pub(crate) fn push(&mut self, at: Moment, what: What) {
        let kind = match what {
            What::Slot { process, life } => {
                return self.push_slot(Slot { at, process, life });
            }
            What::Boots { .. } => BOOT,
            What::FaultBegins { .. } | What::FaultEnds { .. } => FAULT,
            What::Frame { .. } => CONTROL,
            _ => TIMER,
        };
        self.count += 1;
        self.others.push(Entry { at, rank: (kind, self.count), what });
    }

    fn push_slot(&mut self, slot: Slot) {
        if std::mem::take(&mut self.first_is_taken)
            && let Some(mut first) = self.slots.peek_mut()
        {
            *first = Reverse(slot);
        } else {
            self.slots.push(Reverse(slot));
        }
    }

    /// As [`push`](Self::push), for what a message or the close of a connection
    /// after its messages is: they come by sender and number.
    pub(crate) fn push_message(&mut self, at: Moment, sender: u32, what: What) {
        let seq = match what {
            What::Frame { frame: Frame::Message { seq, .. }, .. } => seq,
            _ => u64::MAX,
        };
        let entry = Entry { at, rank: (MESSAGE + u64::from(sender), seq), what };
        let is_in_order = self.instant.back().is_none_or(|last| entry <= *last);
        match at == self.now && is_in_order {
            true => self.instant.push_back(entry),
            false => self.others.push(entry),
        }
    }

    /// Puts back at `now` what was held up.
    pub(crate) fn push_held(&mut self, now: Moment, entry: Entry) {
        match entry.what {
            What::Slot { .. } => self.push(now, entry.what),
            _ => self.others.push(Entry { at: now, ..entry }),
        }
    }
}

/// What comes first is the greatest: that is what a heap gives.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.rank).cmp(&(self.at, self.rank))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}
