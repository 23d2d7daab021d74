//! One link: which of its messages are under way.
//!
//! Plain bookkeeping; what it means is judged by `messages`. In a good run all
//! is in `in_flight`, which only grows at its end and shrinks at its front. The
//! maps are for faults and hold nothing else, so that memory is in proportion to
//! what is in flight and to what went wrong, however far sequence numbers jump.

use std::collections::{BTreeMap, VecDeque};

use crate::findings::{Moment, Place};

/// A message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    pub(crate) seq: u64,
    /// The stamp that it must carry.
    pub(crate) stamp: u64,
    /// The clock of the send. It is as well the length of the longest causal
    /// chain that ends in the send: where it is not, C5 has said so, and goes on
    /// from the clock.
    pub(crate) clock: u64,
    /// The line of the send record.
    pub(crate) line: u64,
}

/// A receive that came before messages with lower numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Overtaker {
    pub(crate) place: Place,
    pub(crate) moment: Moment,
}

/// Messages `first..=last` that were overtaken and have not been received since.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gap {
    pub(crate) first: u64,
    pub(crate) last: u64,
    pub(crate) by: Overtaker,
}

/// A receive that was consumed before its send.
#[derive(Clone, Debug)]
pub(crate) struct Early {
    pub(crate) place: Place,
    pub(crate) moment: Moment,
    pub(crate) stamp: u64,
    pub(crate) clock: u64,
}

/// What a receive is, by the numbers of its link.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Receipt {
    /// The first of its message, and of no later one before; with the send if
    /// that is known.
    InOrder(Option<Sent>),
    /// The first of its message, after one of a later message.
    Late(Option<Sent>, Overtaker),
    /// Its message had been received before.
    Repeated,
}

/// A link: one ordered pair of machines.
#[derive(Debug, Default)]
pub(crate) struct Link {
    /// Messages sent.
    pub(crate) sent: u64,
    /// Receives.
    pub(crate) received: u64,
    /// The number of the last message sent.
    pub(crate) last_sent: u64,
    /// The highest number received.
    highest: u64,
    /// Sent and neither received nor overtaken, by number, all above `highest`.
    in_flight: VecDeque<Sent>,
    /// Sent, not received, and overtaken or sent out of order.
    stragglers: BTreeMap<u64, Sent>,
    /// By their first message.
    gaps: BTreeMap<u64, Gap>,
    early: BTreeMap<u64, Early>,
}

impl Link {
    /// A message is sent. Gives its receive if that came before.
    pub(crate) fn send(&mut self, message: Sent) -> Option<Early> {
        let seq = message.seq;
        self.sent += 1;
        self.last_sent = seq;
        if !self.early.is_empty()
            && let Some(early) = self.early.remove(&seq)
        {
            return Some(early);
        }
        let last = self.in_flight.back().map_or(self.highest, |last| last.seq);
        if seq > last {
            self.in_flight.push_back(message);
        } else if !self.knows(seq) {
            self.stragglers.insert(seq, message);
        }
        None
    }

    /// Whether the judge can tell what a receive of `seq` is: its send is known,
    /// or it was received before.
    pub(crate) fn knows(&self, seq: u64) -> bool {
        let front = self.in_flight.front();
        front.is_some_and(|front| front.seq == seq)
            || self.was_received(seq)
            || self.find_in_flight(seq).is_ok()
            || self.stragglers.contains_key(&seq)
    }

    /// A message is received, by the record at `by`.
    pub(crate) fn receive(&mut self, seq: u64, by: Overtaker) -> Receipt {
        self.received += 1;
        if self.was_received(seq) {
            return Receipt::Repeated;
        }
        if seq > self.highest {
            self.overtake(seq, by);
            return Receipt::InOrder(self.take(seq));
        }
        match self.close_gap(seq) {
            Some(gap) => Receipt::Late(self.stragglers.remove(&seq), gap.by),
            None => Receipt::InOrder(self.stragglers.remove(&seq)),
        }
    }

    /// A message is received that was never sent. It says nothing about those
    /// that were.
    pub(crate) fn receive_unsent(&mut self) {
        self.received += 1;
    }

    /// Notes that the message just received has not been sent yet.
    pub(crate) fn expect_send(&mut self, seq: u64, early: Early) {
        self.early.insert(seq, early);
    }

    /// The receives whose sends never came, in the order of their numbers.
    pub(crate) fn unsent(&self) -> impl Iterator<Item = (u64, &Early)> {
        self.early.iter().map(|(&seq, early)| (seq, early))
    }

    /// The messages that were overtaken and never received, in order.
    pub(crate) fn gaps(&self) -> impl Iterator<Item = &Gap> {
        self.gaps.values()
    }

    /// Those of the messages of `gap` that were sent.
    pub(crate) fn lost(&self, gap: &Gap) -> impl Iterator<Item = &Sent> {
        self.stragglers.range(gap.first..=gap.last).map(|(_, sent)| sent)
    }

    /// Messages sent and not received, lost ones included.
    pub(crate) fn owed(&self) -> u64 {
        (self.in_flight.len() + self.stragglers.len()) as u64
    }

    fn was_received(&self, seq: u64) -> bool {
        (1..=self.highest).contains(&seq) && self.gap_around(seq).is_none()
    }

    fn find_in_flight(&self, seq: u64) -> Result<usize, usize> {
        self.in_flight.binary_search_by_key(&seq, |sent| sent.seq)
    }

    fn gap_around(&self, seq: u64) -> Option<Gap> {
        let (_, gap) = self.gaps.range(..=seq).next_back()?;
        (seq <= gap.last).then_some(*gap)
    }

    /// `seq` is the highest from now on; what lies below it is overtaken.
    fn overtake(&mut self, seq: u64, by: Overtaker) {
        let first = self.highest + 1;
        if first < seq {
            let last = seq - 1;
            self.gaps.insert(first, Gap { first, last, by });
            while let Some(sent) = self.in_flight.pop_front_if(|sent| sent.seq < seq) {
                self.stragglers.insert(sent.seq, sent);
            }
        }
        self.highest = seq;
    }

    fn take(&mut self, seq: u64) -> Option<Sent> {
        self.in_flight.pop_front_if(|sent| sent.seq == seq).or_else(|| self.stragglers.remove(&seq))
    }

    /// Takes `seq` out of the gap around it.
    fn close_gap(&mut self, seq: u64) -> Option<Gap> {
        let gap = self.gap_around(seq)?;
        self.gaps.remove(&gap.first);
        if gap.first < seq {
            let before = Gap { last: seq - 1, ..gap };
            self.gaps.insert(before.first, before);
        }
        if seq < gap.last {
            let after = Gap { first: seq + 1, ..gap };
            self.gaps.insert(after.first, after);
        }
        Some(gap)
    }
}
