//! The longest causal chain: events of which each happened before the next.
//!
//! Its length up to an event is what a right Lamport clock reads there, so the
//! chain says whose ticks made the largest clock what it is. Only how long it is
//! on each machine and where it crossed last is carried along, never the chain
//! itself: memory is in proportion to machines and messages in flight.

use std::collections::VecDeque;

use journal::Record;
use serde::Serialize;

use crate::finding::EventRef;
use crate::merge::Step;
use crate::slots;

/// Messages of a chain that are remembered, the last ones.
const CROSSINGS_MAX: usize = 5;

/// A causal chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Its events.
    pub length: u64,
    /// How often it passes from a machine to another, in a message.
    pub messages: u64,
    /// How many of its events each machine has, by number; those without any are
    /// left out.
    pub through: Vec<Share>,
    /// Its last event.
    pub end: EventRef,
    /// Its last messages, in order: the send and the receive of each.
    pub crossings: Vec<(EventRef, EventRef)>,
}

/// What part of a chain is one machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    /// The machine.
    pub machine: u32,
    /// Its events on the chain.
    pub events: u64,
}

/// A chain that ends in some event.
#[derive(Debug, Default)]
struct Strand {
    length: u64,
    messages: u64,
    /// By log.
    through: Vec<u64>,
    crossings: VecDeque<(EventRef, EventRef)>,
}

/// The longest chains that end in the last event of each machine.
#[derive(Debug)]
pub(crate) struct Chains {
    strands: Vec<Strand>,
    ends: Vec<u64>,
    /// Those that end in the sends of messages in flight, by slot.
    in_flight: Vec<Strand>,
}

impl Chains {
    pub(crate) fn new(machines: usize) -> Self {
        let strand = Strand { through: vec![0; machines], ..Strand::default() };
        Self { strands: vec![strand; machines], ends: vec![0; machines], in_flight: Vec::new() }
    }

    pub(crate) fn push(&mut self, step: &Step, tick: u64) {
        let here = EventRef { machine: step.machine, tick };
        if let (Some(sent), Record::Receive(receive)) = (step.cause, &step.record)
            && self.in_flight[sent.slot].length > self.strands[step.log].length
        {
            let send = EventRef { machine: receive.from, tick: sent.tick };
            self.strands[step.log].clone_from(&self.in_flight[sent.slot]);
            self.strands[step.log].cross(send, here);
        }
        let strand = &mut self.strands[step.log];
        strand.length += 1;
        strand.through[step.log] += 1;
        self.ends[step.log] = tick;
        if let Record::Send(_) = &step.record {
            slots::keep(&mut self.in_flight, step.slot, strand);
        }
    }

    /// The longest of all; none without an event.
    pub(crate) fn longest(&self, machines: &[u32]) -> Option<Chain> {
        let logs = 0..self.strands.len();
        let log = logs.rev().max_by_key(|&log| self.strands[log].length)?;
        let strand = &self.strands[log];
        let through = machines.iter().zip(&strand.through);
        (strand.length > 0).then(|| Chain {
            length: strand.length,
            messages: strand.messages,
            through: through
                .map(|(&machine, &events)| Share { machine, events })
                .filter(|share| share.events > 0)
                .collect(),
            end: EventRef { machine: machines[log], tick: self.ends[log] },
            crossings: strand.crossings.iter().copied().collect(),
        })
    }
}

/// What is remembered of a send takes the place of what was of another.
impl Clone for Strand {
    fn clone(&self) -> Self {
        let mut strand = Self::default();
        strand.clone_from(self);
        strand
    }

    fn clone_from(&mut self, other: &Self) {
        let Self { length, messages, through, crossings } = self;
        (*length, *messages) = (other.length, other.messages);
        through.clone_from(&other.through);
        crossings.clone_from(&other.crossings);
    }
}

impl Strand {
    fn cross(&mut self, send: EventRef, receive: EventRef) {
        self.messages += 1;
        if self.crossings.len() == CROSSINGS_MAX {
            self.crossings.pop_front();
        }
        self.crossings.push_back((send, receive));
    }
}
