//! What is to happen, and in which order.
//!
//! At equal instants processes start first. Then faults begin, and after them
//! others end, so that two that touch are one. Then machines tick, in order; then
//! all frames but messages are heard; then messages arrive, by sender and number, and
//! those of one number by the order of links; then those who stop have waited long
//! enough; and at last other timers ring.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use crate::calendar::Calendar;
use crate::instant::Instant;
use crate::moment::Moment;

/// Something that is to happen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry {
    pub(crate) at: Moment,
    rank: Rank,
    pub(crate) what: What,
}

/// The order of what happens in one instant: its kind, and for messages their
/// sender; then the number of a message, or of the entry. Messages of one number on
/// several links come by their [`connection`](Entry::connection).
type Rank = (u64, u64);

/// The kinds in their order, in steps that leave room for a sender below.
const BOOT: u64 = 0;
const FAULT_BEGINS: u64 = 1 << 32;
const FAULT_ENDS: u64 = 2 << 32;
const SLOT: u64 = 3 << 32;
const CONTROL: u64 = 4 << 32;
const MESSAGE: u64 = 5 << 32;
const DEADLINE: u64 = 6 << 32;
const TIMER: u64 = 7 << 32;

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
    instant: Instant,
    /// The first place of all that is no slot.
    next_other: Place,
    now: Moment,
    count: u64,
}

impl Agenda {
    /// Nothing, for so many processes, which tick about `rate` times a second all
    /// together, and of which each sends on the next `degree` links.
    pub(crate) fn new(processes: usize, rate: f64, degree: usize) -> Self {
        Self {
            slots: Calendar::new(processes, rate),
            others: BinaryHeap::new(),
            instant: Instant::new(degree),
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
        let next = match (self.instant.first(), self.others.peek()) {
            // What is greater comes first.
            (Some(one), Some(other)) if one < other => self.pop_from_heap(),
            (Some(_), _) => self.instant.pop(),
            (None, _) => self.pop_from_heap(),
        }?;
        self.now = next.at;
        let first = |entry: Option<&Entry>| entry.map_or(NOWHERE, Entry::place);
        self.next_other = first(self.instant.first()).min(first(self.others.peek()));
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

    /// The process whose slot comes after the one that was popped, as far as is known.
    #[inline]
    pub(crate) fn next_process(&self) -> Option<usize> {
        self.slots.next_today()
    }

    /// What happens in one instant, and is of one kind, comes in the order in which
    /// it was pushed.
    pub(crate) fn push(&mut self, at: Moment, what: What) {
        let kind = match what {
            What::Boots => BOOT,
            What::FaultBegins { .. } => FAULT_BEGINS,
            What::FaultEnds { .. } => FAULT_ENDS,
            What::Frame { .. } => CONTROL,
            What::Deadline { .. } => DEADLINE,
            _ => TIMER,
        };
        self.count += 1;
        self.push_other(Entry { at, rank: (kind, self.count), what });
    }

    fn push_other(&mut self, entry: Entry) {
        self.next_other = self.next_other.min(entry.place());
        let is_in_order = self.instant.last().is_none_or(|last| entry <= last);
        match entry.at == self.now && is_in_order {
            true => self.instant.push(entry),
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

    /// The frame of which this is one, as it comes so many links after it, pushed in
    /// their order. None for a message, and for what is no frame. Each process sends on
    /// the next `degree` links.
    pub(crate) fn on_later_link(&self, links: u32, degree: usize) -> Option<Self> {
        let What::Frame { link, connection, frame } = self.what else { return None };
        let link = link.checked_add(links)?;
        let (kind, number) = self.rank;
        let rank = match frame {
            Frame::Message { .. } => return None,
            Frame::Closed => (MESSAGE + (link as usize / degree) as u64, number),
            _ => (kind, number + u64::from(links)),
        };
        Some(Self { at: self.at, rank, what: What::Frame { link, connection, frame } })
    }

    /// Whether both are the same in all that they say, not only in their order.
    pub(crate) fn is(&self, other: &Self) -> bool {
        (self.at, self.rank, self.what) == (other.at, other.rank, other.what)
    }

    /// The connection of a frame: a machine may have sent messages of one number on several.
    fn connection(&self) -> Option<(u32, u32)> {
        match self.what {
            What::Frame { link, connection, .. } => Some((link, connection)),
            _ => None,
        }
    }
}

/// What comes first is the greatest: that is what a heap gives.
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        let other_place = (other.place(), other.rank.1);
        other_place
            .cmp(&(self.place(), self.rank.1))
            .then_with(|| other.connection().cmp(&self.connection()))
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Agenda, Frame, Wait, What};
    use crate::moment::Moment;

    const PROCESSES: usize = 20;

    /// Links on which each process sends.
    const DEGREE: u32 = 3;

    /// What happens, with all that its order is made of: its moment, its kind and sender,
    /// the number of a message, its connection, and how many came onto the agenda before.
    type Line = ((Moment, u64, u64, (u32, u32), usize), What);

    /// One of all kinds of things, and where it stands among those of its instant.
    fn line(at: Moment, kind: u8, one: u32, other: u32, count: usize) -> Line {
        let frame = |frame| What::Frame { link: one, connection: other, frame };
        let (rank, what) = match kind {
            0 => (0, What::Boots),
            1 => (1, What::FaultBegins { fault: one as usize }),
            2 => (2, What::FaultEnds { fault: one as usize }),
            3 => (4, frame(Frame::Heartbeat)),
            4 => (4, frame(Frame::Hello { incarnation: other })),
            5 => (5, frame(Frame::Message { seq: other.into(), stamp: 0 })),
            6 => (5, frame(Frame::Closed)),
            7 => (6, What::Deadline { process: one, of: Wait::Arrival }),
            8 => (7, What::Redial { link: one, connection: other }),
            9 => (7, What::Patience { link: one, connection: other }),
            _ => (7, What::Horizon),
        };
        let (sender, seq, connection) = match what {
            What::Frame { frame: Frame::Message { seq, .. }, .. } => {
                (one / DEGREE, seq, (one, other))
            }
            What::Frame { frame: Frame::Closed, .. } => (one / DEGREE, u64::MAX, (one, other)),
            _ => (0, 0, (0, 0)),
        };
        ((at, rank << 32 | u64::from(sender), seq, connection, count), what)
    }

    /// Two frames that were held up, and one that was sent between them.
    #[test]
    fn frames_that_look_like_one_run_keep_their_own_numbers() {
        let mut agenda = Agenda::new(PROCESSES, 4e9, DEGREE as usize);
        let [early, late] = [10, 20].map(|nanos| Moment::EPOCH.after_nanos(nanos));
        for (at, link) in [(early, 0), (late, 7), (early, 1)] {
            agenda.push_frame(at, link / DEGREE, link, 1, Frame::Heartbeat);
        }
        agenda.push(late, What::FaultBegins { fault: 0 });
        let held = [(), ()].map(|()| agenda.pop_other().unwrap());
        agenda.pop_other().unwrap();
        held.into_iter().for_each(|entry| agenda.push_held(late, entry));
        let frame = |link| What::Frame { link, connection: 1, frame: Frame::Heartbeat };
        assert_eq!([(); 3].map(|()| agenda.pop_other().unwrap().what), [0, 7, 1].map(frame));
    }

    proptest! {
        /// As if all lines were sorted each time. Nothing comes that is over.
        #[test]
        fn the_first_line_of_all_comes_next(
            acts in prop::collection::vec((0..18_u8, 0..9_u32, 0..4_u32, 0..40_u64), 1..400),
        ) {
            let mut agenda = Agenda::new(PROCESSES, 4e9, DEGREE as usize);
            let mut lines: Vec<Line> = Vec::new();
            let mut slots = [Moment::NEVER; PROCESSES];
            let mut now = Moment::EPOCH;
            let mut held = Vec::new();
            let drain = (0..3000).map(|_| (17, 0, 0, 0));
            for (count, (act, one, other, ahead)) in acts.into_iter().chain(drain).enumerate() {
                // Half of all things happen at once.
                let at = now.after_nanos(ahead.saturating_sub(20));
                match act {
                    0..=10 => {
                        // Some say the same on several links.
                        let links = if matches!(act, 3 | 4 | 6) { ahead as u32 / 8 } else { 0 };
                        for link in one..=one + links {
                            let line = line(at, act, link, other, count << 8 | link as usize);
                            match line.1 {
                                What::Frame { link, connection, frame } => {
                                    agenda.push_frame(at, link / DEGREE, link, connection, frame);
                                }
                                what => agenda.push(at, what),
                            }
                            lines.push(line);
                        }
                    }
                    11 if one == 0 => {
                        for (entry, (_, rank, seq, connection, count), what) in held.drain(..) {
                            agenda.push_held(now, entry);
                            lines.push(((now, rank, seq, connection, count), what));
                        }
                    }
                    11..=13 => {
                        let process = (one * 4 + other) as usize % PROCESSES;
                        agenda.set_slot(process, at);
                        slots[process] = at;
                    }
                    _ => {
                        let slot = (0..PROCESSES).min_by_key(|&it| slots[it]).unwrap();
                        let is_slot = slots[slot] != Moment::NEVER
                            && lines.iter().all(|((at, rank, ..), _)| {
                                (slots[slot], 3 << 32) < (*at, *rank)
                            });
                        let found = agenda.pop_slot();
                        if is_slot {
                            prop_assert_eq!(found, Some((slots[slot], slot)));
                            now = slots[slot];
                            slots[slot] = Moment::NEVER;
                            continue;
                        }
                        prop_assert_eq!(found, None);
                        lines.sort_by_key(|(order, _)| std::cmp::Reverse(*order));
                        let (order, what) = lines.pop().unzip();
                        let found = agenda.pop_other();
                        prop_assert_eq!(found.map(|it| (it.at, it.what)), order.map(|it| it.0).zip(what));
                        now = order.map_or(now, |it| it.0);
                        // Some are held up, and come back at a later moment.
                        if let Some(((entry, order), what)) = found.zip(order).zip(what)
                            && act == 16
                        {
                            held.push((entry, order, what));
                        }
                        let is_free = slots.iter().all(|&at| at > now)
                            && lines.iter().all(|((at, ..), _)| *at > now);
                        prop_assert_eq!(agenda.is_free_at(now), is_free);
                    }
                }
            }
            prop_assert!(lines.is_empty() && slots.iter().all(|&at| at == Moment::NEVER));
        }
    }
}
