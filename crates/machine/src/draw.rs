//! What a seed fixes: the rate and the phase of every machine and every draw.
//!
//! The generator is ChaCha8, keyed by `seed_from_u64(seed)`. Stream 0 holds two
//! u64 for each machine, one for its rate and one for its phase, in the order of
//! the machines, both there whether used or not. Stream i holds the draws of
//! machine i: its k-th u64 belongs to tick k, whether or not that tick looks at
//! it. So a restarted machine goes on at its tick number and draws what it would
//! have drawn without the crash.

use rand::rngs::ChaCha8Rng;
pub use rand::rngs::SysError as EntropyError;
use rand::rngs::SysRng;
use rand::{Rng, SeedableRng, TryRng};
use shelf::Pass;

use crate::MachineId;

/// The name of the generator, as logs give it.
pub const GENERATOR: &str = "chacha8";

/// u32 words in a u64, the unit in which ChaCha positions count.
const WORDS: u128 = 2;

/// What rates are drawn from, in ticks per second.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RateRange {
    /// Uniform over the integers `first..=last`; `1 <= first <= last`.
    Integers {
        /// The smallest rate.
        first: u32,
        /// The largest rate.
        last: u32,
    },
    /// Uniform over the reals `from..to`; `0 < from < to`.
    Reals {
        /// The smallest rate.
        from: f64,
        /// The bound that every rate stays below.
        to: f64,
    },
}

impl Default for RateRange {
    /// 1 to 6 ticks a second.
    fn default() -> Self {
        Self::Integers { first: 1, last: 6 }
    }
}

/// The rate that `seed` gives to `machine`, in ticks per second.
#[must_use]
pub fn rate(seed: u64, machine: MachineId, range: RateRange) -> f64 {
    let word = of_stream_0(seed, machine, 0);
    match range {
        RateRange::Integers { first, last } => {
            let count = u64::from(last) - u64::from(first) + 1;
            (u64::from(first) + scale(word, count)) as f64
        }
        // The sum may round up to the bound.
        RateRange::Reals { from, to } => {
            (from + unit_interval(word) * (to - from)).min(to.next_down())
        }
    }
}

/// The phase that `seed` gives to `machine` ticking at `rate`: when its first
/// slot is due after its start, in seconds, uniform in [0, 1/rate) and rounded
/// down to a whole microsecond.
#[must_use]
pub fn phase(seed: u64, machine: MachineId, rate: f64) -> f64 {
    let exact = unit_interval(of_stream_0(seed, machine, 1)) / rate;
    (exact * 1e6).floor() / 1e6
}

/// 32 bits from the entropy of the operating system.
///
/// # Errors
/// If the operating system has none to give.
pub fn entropy() -> Result<u32, EntropyError> {
    SysRng.try_next_u32()
}

/// A seed from the entropy of the operating system, short enough to type.
///
/// # Errors
/// If the operating system has none to give.
pub fn entropy_seed() -> Result<u64, EntropyError> {
    entropy().map(|word| scale(u64::from(word) << 32, 1_000_000))
}

/// The draws of one machine: draw k is the one of tick k.
#[derive(Debug)]
pub struct Draws {
    seed: u64,
    draw_max: u64,
    machine: MachineId,
    /// Which block of the draws is held, counted from 0.
    number: u64,
    block: Block,
}

/// So many draws in a row. The generator makes as many words in one go, too many to be
/// kept by whoever drives a million machines; draws are small, as a rule.
#[derive(Debug)]
enum Block {
    /// Each less one: it fits.
    Narrow([u8; BLOCK]),
    Wide(Box<[u64; BLOCK]>),
}

const BLOCK: usize = 32;

/// The number of no block.
const NONE: u64 = u64::MAX;

impl Draws {
    /// The draws of `machine` under `seed`, each uniform in `1..=draw_max`.
    ///
    /// # Panics
    /// If `draw_max` is 0.
    #[must_use]
    pub fn new(seed: u64, machine: MachineId, draw_max: u64) -> Self {
        assert!(draw_max > 0, "a draw needs at least one value");
        let block = match draw_max <= 1 << u8::BITS {
            true => Block::Narrow([0; BLOCK]),
            false => Block::Wide(Box::new([0; BLOCK])),
        };
        Self { seed, draw_max, machine, number: NONE, block }
    }

    /// The draw of `tick`, counted from 1. Reading on from tick to tick is
    /// fast; any other order is as right.
    ///
    /// # Panics
    /// If `tick` is 0: ticks are counted from 1.
    #[inline]
    #[must_use]
    pub fn of_tick(&mut self, tick: u64) -> u64 {
        assert!(tick > 0, "ticks are counted from 1");
        let (number, place) = ((tick - 1) / BLOCK as u64, (tick - 1) as usize % BLOCK);
        if number != self.number {
            self.read(number);
        }
        let less_one = match &self.block {
            Block::Narrow(draws) => draws[place].into(),
            Block::Wide(draws) => draws[place],
        };
        1 + less_one
    }

    /// Takes another machine, to have its draws by a [pass](Self::pass).
    pub fn renumber(&mut self, machine: MachineId) {
        self.machine = machine;
    }

    /// The draws that are held, so that they can be put away and come back.
    pub fn pass(&mut self, through: &mut impl Pass) {
        [self.number] = through.numbers([self.number]);
        match &mut self.block {
            Block::Narrow(draws) => *draws = through.bytes(*draws),
            Block::Wide(draws) => **draws = through.numbers(**draws),
        }
    }

    #[inline(never)]
    fn read(&mut self, number: u64) {
        let mut stream = stream(self.seed, self.machine.get().into());
        stream.set_word_pos(WORDS * BLOCK as u128 * u128::from(number));
        let mut bytes = [0; BLOCK * size_of::<u64>()];
        stream.fill_bytes(&mut bytes);
        let (words, _) = bytes.as_chunks();
        let less_one = words.iter().map(|&word| scale(u64::from_le_bytes(word), self.draw_max));
        match &mut self.block {
            Block::Narrow(draws) => {
                draws.iter_mut().zip(less_one).for_each(|(draw, it)| *draw = it as u8)
            }
            Block::Wide(draws) => draws.iter_mut().zip(less_one).for_each(|(draw, it)| *draw = it),
        }
        self.number = number;
    }
}

fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(number);
    generator
}

fn of_stream_0(seed: u64, machine: MachineId, which: u128) -> u64 {
    let mut generator = stream(seed, 0);
    generator.set_word_pos(WORDS * (2 * u128::from(machine.get() - 1) + which));
    generator.next_u64()
}

/// Maps a uniform u64 to `0..count` by the high half of a product: exact to
/// count / 2^64, and the same on every platform.
#[inline]
fn scale(word: u64, count: u64) -> u64 {
    ((u128::from(word) * u128::from(count)) >> 64) as u64
}

/// Maps a uniform u64 to [0, 1), in steps of 2^-53.
fn unit_interval(word: u64) -> f64 {
    (word >> 11) as f64 / (1_u64 << 53) as f64
}
