//! The messages in flight: sent in what was read so far, and not yet received.

use std::collections::{BTreeMap, VecDeque};

use journal::{Send, Time};

use crate::slots::Slots;

/// A message, as its receipt finds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sent {
    /// Its number among all messages of the run, from 0, in the order of the
    /// merge. The messages of one send follow one another.
    pub(crate) message: u64,
    /// Where what is remembered of its send lies.
    pub(crate) slot: usize,
    /// How many ticks the recipient had done.
    pub(crate) ticks_then: u64,
    /// Where the log of the sender stands.
    pub(crate) log: usize,
    /// The number of the send's tick.
    pub(crate) tick: u64,
    /// When it was sent.
    pub(crate) time: Time,
    /// The clock after the send.
    pub(crate) clock: u64,
}

/// Of each link, by sender and recipient, the messages with their seqs.
///
/// A link is first in, first out, so a receipt nearly always takes the first; in
/// a log that is wrong it may be any.
#[derive(Debug, Default)]
pub(crate) struct Flights {
    links: BTreeMap<(u32, u32), VecDeque<(u64, Sent)>>,
    messages: u64,
    slots: Slots,
}

impl Flights {
    /// Takes up the messages of a send, and gives the number of the first, and the
    /// slot. `ticks` says how many ticks a machine has done.
    pub(crate) fn depart(
        &mut self,
        machine: u32,
        log: usize,
        send: &Send,
        ticks: impl Fn(u32) -> u64,
    ) -> (u64, usize) {
        let first = self.messages;
        let slot = self.slots.take(send.to.len().min(send.seq.len()));
        for (&to, &seq) in send.to.iter().zip(&send.seq) {
            let (message, ticks_then) = (self.messages, ticks(to));
            let Send { tick, time, clock, .. } = *send;
            let sent = Sent { message, slot, ticks_then, log, tick, time, clock };
            self.links.entry((machine, to)).or_default().push_back((seq, sent));
            self.messages += 1;
        }
        (first, slot)
    }

    /// Whether a message has been sent and not been received.
    pub(crate) fn holds(&self, from: u32, to: u32, seq: u64) -> bool {
        let link = self.links.get(&(from, to));
        link.is_some_and(|link| link.iter().any(|(number, _)| *number == seq))
    }

    /// Takes out a message that is received. What lies at its slot stays until the
    /// next send.
    pub(crate) fn arrive(&mut self, from: u32, to: u32, seq: u64) -> Option<Sent> {
        let link = self.links.get_mut(&(from, to))?;
        let place = link.iter().position(|(number, _)| *number == seq)?;
        let (_, sent) = link.remove(place)?;
        self.slots.give_back(sent.slot);
        Some(sent)
    }
}
