//! S1 and S2: where the draws come from.
//!
//! A second implementation of what a seed fixes, from its description alone: the
//! u64 at word position 2(k-1) of ChaCha8's stream i, keyed by
//! `seed_from_u64(seed)`, gives draw k of machine i; stream 0 holds for each
//! machine one u64 for its rate and one for its phase.

use journal::{Phase, Start};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use crate::findings::{At, Findings, Proof};
use crate::histogram::Histogram;
use crate::rule::Rule;

/// The generator that the judge knows.
const GENERATOR: &str = "chacha8";

/// u32 words in a u64, the unit of ChaCha's positions.
const WORDS: u128 = 2;

/// Reading this far ahead is quicker than seeking.
const TICKS_SKIPPED_MAX: u64 = 64;

/// Times are logged in whole microseconds: a phase may be off by one, and a
/// little for its decimal fraction.
const PHASE_TOLERANCE: f64 = 1.001e-6;

/// Where the draws of one machine come from.
#[derive(Debug, Default)]
pub(crate) enum Draws {
    /// Nothing is known: no start record yet.
    #[default]
    Unknown,
    /// From a seed.
    Seeded(Box<Seeded>),
    /// From a generator that is not known.
    Unseeded(Histogram),
}

/// The draws of one machine under a seed.
#[derive(Debug)]
pub(crate) struct Seeded {
    stream: ChaCha8Rng,
    seed: u64,
    draw_max: u64,
    next_tick: u64,
}

impl Draws {
    /// An incarnation begins; `phase` is how phases are chosen, if that is known.
    /// Only the first one has a phase of the seed's. A restart that was not counted
    /// is none, and a log whose beginning is gone does not begin with it: L2 says
    /// of both what is the matter.
    pub(crate) fn start(
        &mut self,
        at: At<'_>,
        start: &Start,
        phase: Option<Phase>,
        findings: &mut Findings,
    ) {
        match start.seed {
            Some(seed) if start.generator.as_deref() == Some(GENERATOR) => {
                let is_first = matches!(self, Self::Unknown) && start.incarnation == 1;
                *self = Self::Seeded(Box::new(Seeded::new(seed, start)));
                if is_first {
                    judge_phase(at, start, seed, phase, findings);
                }
            }
            _ => self.count_by(start.draw_max),
        }
    }

    /// The draw of a tick that looked at it.
    pub(crate) fn draw(&mut self, at: At<'_>, tick: u64, draw: u64, findings: &mut Findings) {
        match self {
            Self::Unknown => {}
            Self::Seeded(seeded) => seeded.judge(at, tick, draw, findings),
            Self::Unseeded(histogram) => {
                if !histogram.add(draw) {
                    let draw_max = histogram.draw_max();
                    findings.judge(Rule::S1, false, || {
                        Proof::new(
                            [at.into()],
                            format!("a draw in 1..={draw_max}"),
                            format!("draw {draw}"),
                        )
                    });
                }
            }
        }
    }

    /// The draws that S1 is to judge.
    pub(crate) fn histogram(&self) -> Option<&Histogram> {
        match self {
            Self::Unseeded(histogram) => Some(histogram),
            Self::Unknown | Self::Seeded(_) => None,
        }
    }

    fn count_by(&mut self, draw_max: u64) {
        match self {
            Self::Unseeded(histogram) if histogram.draw_max() == draw_max => {}
            _ => *self = Self::Unseeded(Histogram::new(draw_max)),
        }
    }
}

impl Seeded {
    fn new(seed: u64, start: &Start) -> Self {
        Self {
            stream: stream(seed, u64::from(start.machine)),
            seed,
            draw_max: start.draw_max,
            next_tick: 1,
        }
    }

    fn judge(&mut self, at: At<'_>, tick: u64, draw: u64, findings: &mut Findings) {
        if tick == 0 {
            // Not a tick, as L1 says.
            return;
        }
        let expected = self.of_tick(tick);
        findings.judge(Rule::S2, draw == expected, || {
            Proof::new(
                [at.into()],
                format!("draw {expected}, as seed {} has for tick {tick}", self.seed),
                format!("draw {draw}"),
            )
        });
    }

    /// 1 + ((w x draw_max) >> 64), with w the word of `tick`.
    fn of_tick(&mut self, tick: u64) -> u64 {
        match tick.checked_sub(self.next_tick) {
            Some(ahead) if ahead < TICKS_SKIPPED_MAX => {
                for _ in 0..ahead {
                    self.stream.next_u64();
                }
            }
            _ => self.stream.set_word_pos(WORDS * u128::from(tick - 1)),
        }
        self.next_tick = tick.saturating_add(1);
        let word = u128::from(self.stream.next_u64());
        1 + ((word * u128::from(self.draw_max)) >> 64) as u64
    }
}

/// S2 for the phase of a first incarnation: the seed's, or 0 where machines are
/// aligned.
fn judge_phase(
    at: At<'_>,
    start: &Start,
    seed: u64,
    chosen: Option<Phase>,
    findings: &mut Findings,
) {
    let Some((rate, machine)) = start.rate.per_second().zip(start.machine.checked_sub(1)) else {
        return;
    };
    let drawn = drawn_phase(seed, machine, rate);
    let is = |phase: f64| (start.phase - phase).abs() <= PHASE_TOLERANCE;
    let holds = match chosen {
        Some(Phase::Aligned) => is(0.0),
        Some(Phase::Random) => is(drawn),
        None => start.phase == 0.0 || is(drawn),
    };
    findings.judge(Rule::S2, holds, || {
        let expected = match chosen {
            Some(Phase::Aligned) => "phase 0, aligned".to_owned(),
            Some(Phase::Random) => format!("phase {drawn} s, as seed {seed} has"),
            None => format!("phase 0, or {drawn} s, as seed {seed} has"),
        };
        Proof::new([at.into()], expected, format!("phase {} s", start.phase))
    });
}

/// Uniform in [0, 1/rate), in seconds, rounded down to a whole microsecond.
/// Machines are counted from 0 here.
fn drawn_phase(seed: u64, machine: u32, rate: f64) -> f64 {
    let mut generator = stream(seed, 0);
    generator.set_word_pos(WORDS * (2 * u128::from(machine) + 1));
    let unit = (generator.next_u64() >> 11) as f64 * f64::EPSILON / 2.0;
    (unit / rate * 1e6).floor() / 1e6
}

fn stream(seed: u64, number: u64) -> ChaCha8Rng {
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream(number);
    generator
}
