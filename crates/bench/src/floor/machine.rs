//! The model machine with nothing around it: an inbox, a clock, a generator.

use std::collections::VecDeque;

use journal::Manifest;
use machine::MachineId;
use machine::draw::phase;
use rand::rngs::ChaCha8Rng;
use rand::{Rng as _, SeedableRng as _};

/// A machine.
#[derive(Debug)]
pub(crate) struct Machine {
    draws: ChaCha8Rng,
    inbox: VecDeque<Message>,
    pub(crate) clock: u64,
    pub(crate) ticks: u64,
    pub(crate) receives: u64,
    /// Messages to each of at most two neighbours.
    pub(crate) seqs: [u64; 2],
    rate: f64,
    phase: u64,
}

/// A message in an inbox.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Message {
    pub(crate) from: u32,
    pub(crate) seq: u64,
    pub(crate) stamp: u64,
}

/// What a tick did.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Receive(Message),
    /// To the neighbours first..last.
    Send(u64, usize, usize),
    Internal(u64),
}

impl Machine {
    pub(crate) fn new(run: &Manifest, index: usize) -> Self {
        let rate = run.rates[index].per_second().unwrap_or(1.0);
        let mut draws = ChaCha8Rng::seed_from_u64(run.seed);
        draws.set_stream(index as u64 + 1);
        Self {
            draws,
            inbox: VecDeque::new(),
            clock: 0,
            ticks: 0,
            receives: 0,
            seqs: [0; 2],
            rate,
            phase: (phase(run.seed, MachineId::new(index as u32 + 1), rate) * 1e9).round() as u64,
        }
    }

    /// When the next tick is due, in nanoseconds.
    pub(crate) fn due(&self) -> u64 {
        self.phase + (self.ticks as f64 * 1e9 / self.rate).round() as u64
    }

    pub(crate) fn deliver(&mut self, message: Message) {
        self.inbox.push_back(message);
    }

    pub(crate) fn queue(&self) -> u64 {
        self.inbox.len() as u64
    }

    /// One tick. Every tick has its draw, whether it looks at it or not.
    pub(crate) fn tick(&mut self, draw_max: u64) -> Event {
        self.ticks += 1;
        let draw = 1 + ((u128::from(self.draws.next_u64()) * u128::from(draw_max)) >> 64) as u64;
        if let Some(message) = self.inbox.pop_front() {
            self.clock = self.clock.max(message.stamp) + 1;
            self.receives += 1;
            return Event::Receive(message);
        }
        self.clock += 1;
        let (first, last) = match draw {
            1 => (0, 1),
            2 => (1, 2),
            3 => (0, 2),
            _ => return Event::Internal(draw),
        };
        self.seqs[first..last].iter_mut().for_each(|seq| *seq += 1);
        Event::Send(draw, first, last)
    }
}
