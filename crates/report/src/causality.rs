//! What happened before what, by vector clocks recomputed from the logs.
//!
//! The components of an event's vector clock, added up, count the events in its
//! causal past and itself (Mattern 1989). So the pairs of events of which one
//! happened before the other are counted in one pass, exactly, however long the
//! run: all others are concurrent. Lamport's numbers order every pair but those
//! with equal ones; if they respect causality, the pairs that they order beyond
//! those are concurrent in truth.
//!
//! What a vector would cost on the wire is counted as a list of varints, one for
//! each machine (Charron-Bost, *Concerning the Size of Logical Clocks in
//! Distributed Systems*, IPL 39(1), 1991, shows that fewer are not enough).

use clock::VectorClock;
use journal::Record;
use serde::Serialize;

use crate::chain::{Chain, Chains};
use crate::clock_counts::ClockCounts;
use crate::finding::EventRef;
use crate::merge::Step;
use crate::slots;

/// What happened before what, counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Causality {
    /// Events of all machines.
    pub events: u64,
    /// Pairs of them.
    pub pairs: u64,
    /// Pairs of which one happened before the other.
    pub pairs_causal: u64,
    /// Pairs of which neither did.
    pub pairs_concurrent: u64,
    /// Pairs with different Lamport clocks.
    pub pairs_ordered_by_lamport: u64,
    /// Of these, the concurrent ones: Lamport's order of them means nothing. None
    /// if the clocks do not respect causality, for then it cannot be told so.
    pub pairs_ordered_but_concurrent: Option<u64>,
    /// Receives whose clock is not larger than that of their send.
    pub clock_condition_broken: u64,
    /// The first few of these, each after its send.
    #[serde(skip)]
    pub broken: Vec<(EventRef, EventRef)>,
    /// Receives whose send is in no log: what is before them is not known.
    pub receives_without_send: u64,
    /// The longest chain of events of which each happened before the next.
    pub longest_chain: Option<Chain>,
    /// What clocks cost on the wire.
    pub wire: Wire,
}

/// What clocks cost on the wire, a message, on average; 0 without messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Wire {
    /// Messages sent.
    pub messages: u64,
    /// Bytes of a Lamport stamp as a varint.
    pub lamport_bytes_mean: f64,
    /// Bytes of a vector stamp as varints, one for each machine.
    pub vector_bytes_mean: f64,
}

/// Broken receives that are remembered.
const BROKEN_MAX: usize = 5;

/// Events after which numbers that no clock can show again are forgotten.
const FORGET_EVERY: u64 = 4096;

/// Counts while records come.
#[derive(Debug)]
pub(crate) struct Census {
    vectors: Vec<VectorClock>,
    /// The components of each, added up.
    sizes: Vec<u64>,
    clocks: Vec<u64>,
    /// What each message in flight would carry.
    stamps: Vec<VectorClock>,
    /// How many events have each clock, of clocks that can come again.
    with_clock: ClockCounts,
    pairs_equal: u64,
    chains: Chains,
    lamport_bytes: u64,
    vector_bytes: u64,
    counted: Causality,
}

impl Census {
    pub(crate) fn new(machines: usize) -> Self {
        Self {
            vectors: vec![VectorClock::new(); machines],
            sizes: vec![0; machines],
            clocks: vec![0; machines],
            stamps: Vec::new(),
            with_clock: ClockCounts::default(),
            pairs_equal: 0,
            chains: Chains::new(machines),
            lamport_bytes: 0,
            vector_bytes: 0,
            counted: Causality::default(),
        }
    }

    /// Takes the next step into account; `is_open` says from which logs more is
    /// to come.
    pub(crate) fn push(&mut self, step: &Step, is_open: impl Fn(usize) -> bool) {
        self.clocks[step.log] = step.record.clock();
        let Some(tick) = step.record.tick() else { return };
        self.step_vector(step);
        self.counted.pairs += self.counted.events;
        self.counted.events += 1;
        self.counted.pairs_causal += self.sizes[step.log] - 1;
        self.pairs_equal += self.with_clock.add(step.record.clock());
        self.chains.push(step, tick);
        self.look_at_message(step, tick);
        if self.counted.events.is_multiple_of(FORGET_EVERY) {
            self.forget(is_open);
        }
    }

    fn step_vector(&mut self, step: &Step) {
        let vector = &mut self.vectors[step.log];
        let stamp = step.cause.map(|sent| &self.stamps[sent.slot]);
        let size = &mut self.sizes[step.log];
        let stepped = match stamp {
            Some(stamp) => {
                let stepped = vector.receive(step.log, stamp);
                *size = vector.times().iter().sum();
                stepped
            }
            None => {
                *size += 1;
                vector.event(step.log)
            }
        };
        stepped.expect("no run has 2^64 events");
    }

    fn look_at_message(&mut self, step: &Step, tick: u64) {
        match &step.record {
            Record::Send(send) => {
                let stamp = &self.vectors[step.log];
                let messages = send.to.len() as u64;
                self.counted.wire.messages += messages;
                self.lamport_bytes += messages * varint_bytes(send.clock);
                self.vector_bytes += messages * vector_bytes(stamp, self.vectors.len());
                slots::keep(&mut self.stamps, step.slot, stamp);
            }
            Record::Receive(receive) => match step.cause {
                None => self.counted.receives_without_send += 1,
                Some(sent) if sent.clock >= receive.clock => {
                    self.counted.clock_condition_broken += 1;
                    if self.counted.broken.len() < BROKEN_MAX {
                        let send = EventRef { machine: receive.from, tick: sent.tick };
                        self.counted.broken.push((send, EventRef { machine: step.machine, tick }));
                    }
                }
                Some(_) => {}
            },
            _ => {}
        }
    }

    /// Clocks only grow: what all that go on have passed cannot come again.
    fn forget(&mut self, is_open: impl Fn(usize) -> bool) {
        let open = (0..self.clocks.len()).filter(|&log| is_open(log));
        let least = open.map(|log| self.clocks[log]).min().unwrap_or(u64::MAX);
        self.with_clock.forget(least);
    }

    /// The counts; `machines` are their numbers, in the order of the logs.
    pub(crate) fn finish(self, machines: &[u32]) -> Causality {
        let mut counted = self.counted;
        counted.pairs_concurrent = counted.pairs - counted.pairs_causal;
        counted.pairs_ordered_by_lamport = counted.pairs - self.pairs_equal;
        let is_right = counted.clock_condition_broken == 0 && counted.receives_without_send == 0;
        counted.pairs_ordered_but_concurrent = is_right
            .then(|| counted.pairs_ordered_by_lamport.checked_sub(counted.pairs_causal))
            .flatten();
        counted.longest_chain = self.chains.longest(machines);
        let messages = counted.wire.messages.max(1) as f64;
        counted.wire.lamport_bytes_mean = self.lamport_bytes as f64 / messages;
        counted.wire.vector_bytes_mean = self.vector_bytes as f64 / messages;
        counted
    }
}

impl Causality {
    /// Of the pairs that Lamport's numbers order, the share that is concurrent.
    #[must_use]
    pub fn share_ordered_but_concurrent(&self) -> Option<f64> {
        let concurrent = self.pairs_ordered_but_concurrent?;
        (self.pairs_ordered_by_lamport > 0)
            .then(|| concurrent as f64 / self.pairs_ordered_by_lamport as f64)
    }
}

/// What the vector clock of so many machines takes.
fn vector_bytes(stamp: &VectorClock, machines: usize) -> u64 {
    let silent = machines - stamp.times().len();
    stamp.times().iter().copied().map(varint_bytes).sum::<u64>() + silent as u64
}

/// The bytes that protobuf takes for a number: seven bits each.
fn varint_bytes(value: u64) -> u64 {
    u64::from((u64::BITS - value.leading_zeros()).max(1).div_ceil(7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_varint_has_seven_bits_a_byte() {
        for (value, bytes) in [(0, 1), (1, 1), (127, 1), (128, 2), (16_383, 2), (16_384, 3)] {
            assert_eq!(varint_bytes(value), bytes, "{value}");
        }
        assert_eq!(varint_bytes(u64::MAX), 10);
    }
}
