//! What is to happen, and in which order.
//!
//! At equal instants processes start first. Then faults begin, and after them
//! others end, so that two that touch are one. Then machines tick, in order; then
//! all frames but messages are heard; then messages arrive, by sender and number;
//! and at last timers ring.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};

use crate::calendar::Calendar;
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
const FAULT_BEGINS: u64 = 1 << 32;
const FAULT_ENDS: u64 = 2 << 32;
const SLOT: u64 = 3 << 32;
const CONTROL: u64 = 4 << 32;
const MESSAGE: u64 = 5 << 32;
const TIMER: u64 = 6 << 32;

/// A moment and a kind in it, as one number: what is smaller comes first.
type Place = u128;

/// Later than anything.
const NOWHERE: Place = Place::MAX;

fn place(at: Moment, kind: u64) -> Place {
    Place::from(at.nanos()) << 64 | Place::from(kind)
}

fn moment(place: Place) -> Moment {
    Moment::EPOCH.after_nanos((place >> 64) as u64)
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
    /// All processes start for the first time.
    Boots,
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
#[derive(Debug)]
pub(crate) struct Agenda {
    /// When each process looks whether something is to be done: at its next slot, or when
    /// it has waited long enough.
    slots: Calendar,
    others: BinaryHeap<Entry>,
    /// Of the others those that happen now, as long as they come in their order.
    instant: VecDeque<Entry>,
    /// The first place of all that is no slot.
    next_other: Place,
    now: Moment,
    count: u64,
}

impl Agenda {
    /// Nothing, for so many processes, which tick about `rate` times a second all
    /// together.
    pub(crate) fn new(processes: usize, rate: f64) -> Self {
        Self {
            slots: Calendar::new(processes, rate),
            others: BinaryHeap::new(),
            instant: VecDeque::new(),
            next_other: NOWHERE,
            now: Moment::EPOCH,
            count: 0,
        }
    }

    /// Takes the next slot, if nothing else happens before it. Slots are most of all
    /// that happens.
    #[inline]
    pub(crate) fn pop_slot(&mut self) -> Option<(Moment, usize)> {
        let (at, process) = self.slots.first(moment(self.next_other))?;
        if place(at, SLOT) >= self.next_other {
            return None;
        }
        self.slots.take_first();
        self.now = at;
        Some((at, process))
    }

    /// Takes the next of all that is no slot.
    pub(crate) fn pop_other(&mut self) -> Option<Entry> {
        let next = match (self.instant.front(), self.others.peek()) {
            // What is greater comes first.
            (Some(one), Some(other)) if one < other => self.pop_from_heap(),
            (Some(_), _) => self.instant.pop_front(),
            (None, _) => self.pop_from_heap(),
        }?;
        self.now = next.at;
        let first = |entry: Option<&Entry>| entry.map_or(NOWHERE, Entry::place);
        self.next_other = first(self.instant.front()).min(first(self.others.peek()));
        Some(next)
    }

    /// A run of many machines begins and ends with many times more than comes between.
    fn pop_from_heap(&mut self) -> Option<Entry> {
        let next = self.others.pop();
        let room = self.others.capacity();
        if room > 1024 && self.others.len() < room / 4 {
            self.others.shrink_to(room / 2);
        }
        next
    }

    /// The next slot of a process is at this moment.
    #[inline]
    pub(crate) fn set_slot(&mut self, process: usize, at: Moment) {
        self.slots.set(process, at);
    }

    /// Whether nothing is to happen at `now`.
    #[inline]
    pub(crate) fn is_free_at(&self, now: Moment) -> bool {
        // The day of `now` has begun: slots of other days are later.
        self.slots.first_today().is_none_or(|(at, _)| at > now) && moment(self.next_other) > now
    }

    /// The process whose slot comes next, if that is soon.
    #[inline]
    pub(crate) fn next_process(&self) -> Option<usize> {
        self.slots.first_today().map(|(_, process)| process)
    }

    /// What happens in one instant, and is of one kind, comes in the order in which
    /// it was pushed.
    pub(crate) fn push(&mut self, at: Moment, what: What) {
        let kind = match what {
            What::Boots => BOOT,
            What::FaultBegins { .. } => FAULT_BEGINS,
            What::FaultEnds { .. } => FAULT_ENDS,
            What::Frame { .. } => CONTROL,
            _ => TIMER,
        };
        self.count += 1;
        self.push_other(Entry { at, rank: (kind, self.count), what });
    }

    fn push_other(&mut self, entry: Entry) {
        self.next_other = self.next_other.min(entry.place());
        let is_in_order = self.instant.back().is_none_or(|last| entry <= *last);
        match entry.at == self.now && is_in_order {
            true => self.instant.push_back(entry),
            false => self.others.push(entry),
        }
    }

    /// A frame of a connection of a link arrives. Messages, and after them the close of
    /// their connection, come by sender and number.
    pub(crate) fn push_frame(
        &mut self,
        at: Moment,
        sender: u32,
        link: u32,
        connection: u32,
        frame: Frame,
    ) {
        let what = What::Frame { link, connection, frame };
        let seq = match frame {
            Frame::Message { seq, .. } => seq,
            Frame::Closed => u64::MAX,
            _ => return self.push(at, what),
        };
        self.push_other(Entry { at, rank: (MESSAGE + u64::from(sender), seq), what });
    }

    /// Puts back at `now` what was held up.
    pub(crate) fn push_held(&mut self, now: Moment, entry: Entry) {
        self.push_other(Entry { at: now, ..entry });
    }
}

impl Entry {
    fn place(&self) -> Place {
        place(self.at, self.rank.0)
    }
}

/// What comes first is the greatest: that is what a heap gives.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.place(), other.rank.1).cmp(&(self.place(), self.rank.1))
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
