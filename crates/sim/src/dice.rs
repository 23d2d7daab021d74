//! What the network and random faults are drawn from.
//!
//! It is ChaCha8 under the run's seed, as the machines' draws are, but on streams
//! of its own: one for each direction between two machines, so that what happens
//! on one link changes nothing on another.

use machine::MachineId;
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

/// Streams below this one are the machines' own.
const OF_DIRECTIONS: u64 = 1 << 62;

/// The stream that random faults are drawn from.
const OF_FAULTS: u64 = 1 << 63;

/// The stream that says where writes are torn.
const OF_TEARS: u64 = OF_FAULTS + 1;

/// A source of chance.
#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The chance that meets what travels `from` one machine `to` another.
    #[must_use]
    pub fn of_direction(seed: u64, from: MachineId, to: MachineId) -> Self {
        Self::stream(seed, OF_DIRECTIONS | u64::from(from.get()) << 31 | u64::from(to.get()))
    }

    /// The chance that random faults come from.
    pub(crate) fn of_faults(seed: u64) -> Self {
        Self::stream(seed, OF_FAULTS)
    }

    /// The chance that says where writes are torn.
    pub(crate) fn of_tears(seed: u64) -> Self {
        Self::stream(seed, OF_TEARS)
    }

    fn stream(seed: u64, stream: u64) -> Self {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        generator.set_stream(stream);
        Self(generator)
    }

    /// Uniform in `0..count`, or 0 if there is nothing to choose from.
    pub fn below(&mut self, count: u64) -> u64 {
        ((u128::from(self.0.next_u64()) * u128::from(count)) >> 64) as u64
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }
}
