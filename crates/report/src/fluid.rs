//! What must happen in the long run: the fluid limit.
//!
//! Where messages and ticks are many, they flow. A machine of rate r that is sent
//! lambda messages a second spends lambda of its ticks on reading, and the rest
//! are idle: r f a second, with the idle share f = max(0, 1 - lambda / r). An
//! idle tick sends as its draw says, draws being uniform and independent, so that
//! lambda of each machine is a sum over the idle ticks of the others. The
//! solution of these equations says which inboxes grow, and how fast; it does not
//! depend on phases or pacing. Fluid limits of queueing networks: J. G. Dai, *On
//! Positive Harris Recurrence of Multiclass Queueing Networks*, Annals of Applied
//! Probability 5(1), 1995.
//!
//! With x = r f, the idle ticks a second, and P the mean number of messages from
//! i to j per idle tick of i, the equations are the linear complementarity
//! problem x >= 0, w = x + P'x - r >= 0, x w = 0. Since every machine sees its
//! neighbours alike, P is circulant: the discrete Fourier transform gives its
//! eigenvalues. If those of I + P' have no negative real part, there is one w;
//! projected steps x <- max(0, x - a w(x)) find it, each a contraction by
//! max |1 - a eigenvalue|.

use std::f64::consts::TAU;

use journal::Topology;
use serde::Serialize;

/// Steps after which the iteration is given up. Ten machines need a hundred.
const STEPS_MAX: u32 = 100_000;

/// How far idle ticks a second may be from the solution, relative to the
/// smallest rate.
const TOLERANCE: f64 = 1e-9;

/// Arrivals above the rate by less than this share are not above it.
const GROWTH_SHARE_MIN: f64 = 1e-6;

/// Eigenvalues nearer to 0 than this are 0.
const ZERO: f64 = 1e-9;

/// All that the fluid limit depends on. Machine i is `rates[i - 1]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    /// The rate of each machine in ticks per second, above 0.
    pub rates: Vec<f64>,
    /// Who is connected to whom.
    pub topology: Topology,
    /// Draws are uniform in 1..=draw_max; at least 1.
    pub draw_max: u64,
}

/// What the fluid limit says of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Prediction {
    /// The leading clock rises at least this much a second: every event of the
    /// fastest machine adds at least 1. How much faster it rises is not for
    /// fluids to say: it depends on who is a moment ahead when messages are sent.
    pub clock_per_second_min: f64,
    /// What flows through each machine, by number.
    pub machines: Vec<Flow>,
}

/// What flows through one machine in the long run, to six decimals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Flow {
    /// The number of the machine.
    pub machine: u32,
    /// The share of its ticks that find the inbox empty.
    pub idle_share: f64,
    /// Messages that reach it, per second.
    pub arrivals_per_second: f64,
    /// By how many messages its inbox grows per second; 0 if it keeps up.
    pub queue_growth_per_second: f64,
    /// The age of the messages it reads, as a share of the time since the start.
    /// An inbox that grows is read at the rate r and filled at lambda, first in
    /// first out, so what is read at time t came at t r / lambda: the age is
    /// (1 - r / lambda) t. That is why the clock of such a machine lags.
    pub age_share: f64,
}

impl Network {
    /// Solves the equations. None if they may have solutions that differ in
    /// their growth (chance then decides which comes true: four machines in a ring
    /// with draw_max 3, where either pair of opposite ones can flood the other), if
    /// rates are more than about a million apart, which is beyond the bound on the
    /// iteration, or if there is but one machine.
    ///
    /// Two machines that send at every idle tick (draw_max at most 3) and have the
    /// same rate can share the idle ticks in any way; one of them is given. Which
    /// queues grow is the same in all.
    #[must_use]
    pub fn predict(&self) -> Option<Prediction> {
        let idle = self.idle_per_second()?;
        let arrivals = self.arrivals_per_second(&idle);
        if !arrivals.iter().all(|arrivals| arrivals.is_finite()) {
            return None;
        }
        let machines = (1..).zip(self.rates.iter().zip(arrivals));
        Some(Prediction {
            clock_per_second_min: self.rate_max(),
            machines: machines
                .map(|(machine, (&rate, arrivals))| Flow::of(machine, rate, arrivals))
                .collect(),
        })
    }

    fn rate_max(&self) -> f64 {
        self.rates.iter().copied().fold(0.0, f64::max)
    }

    /// x, the solution.
    fn idle_per_second(&self) -> Option<Vec<f64>> {
        if self.rates.len() < 2 || self.draw_max == 0 {
            return None;
        }
        let damping = self.damping()?;
        let close = TOLERANCE * self.rates.iter().copied().fold(f64::INFINITY, f64::min);
        let mut idle = self.rates.clone();
        for _ in 0..STEPS_MAX {
            let arrivals = self.arrivals_per_second(&idle);
            let mut error = 0.0_f64;
            for ((idle, rate), arrivals) in idle.iter_mut().zip(&self.rates).zip(arrivals) {
                error = error.max(((rate - arrivals).max(0.0) - *idle).abs());
                *idle = (*idle + damping * (rate - arrivals - *idle)).max(0.0);
            }
            if error <= close {
                return Some(idle);
            }
        }
        None
    }

    /// The step a: the one that shrinks every eigenvector's share of the error.
    /// None if there is no such step.
    fn damping(&self) -> Option<f64> {
        let mut damping = 1.0_f64;
        for wave in 0..self.rates.len() {
            let (real, imaginary) = self.eigenvalue(wave);
            if real < -ZERO || (real <= ZERO && imaginary.abs() > ZERO) {
                return None;
            }
            if real > ZERO {
                damping = damping.min(real / (real * real + imaginary * imaginary));
            }
        }
        Some(damping)
    }

    /// Eigenvalue number `wave` of I + P', real and imaginary part.
    fn eigenvalue(&self, wave: usize) -> (f64, f64) {
        let machines = self.rates.len();
        let draws = Draws::of(self.draw_max);
        let turn = |places: usize| {
            libm::sincos(TAU * ((wave * places) % machines) as f64 / machines as f64)
        };
        let (next_sin, next_cos) = turn(1);
        let (second_sin, second_cos) = turn(self.second_place());
        let (all_sin, all_cos) = match self.topology {
            Topology::Full if wave == 0 => (0.0, machines as f64 - 1.0),
            Topology::Full => (0.0, -1.0),
            Topology::Ring if machines == 2 => (next_sin, next_cos),
            Topology::Ring => (next_sin + second_sin, next_cos + second_cos),
        };
        (
            1.0 + draws.first * next_cos + draws.second * second_cos + draws.all * all_cos,
            draws.first * next_sin + draws.second * second_sin + draws.all * all_sin,
        )
    }

    /// P'x: what reaches each machine if `idle` is how many ticks a second each
    /// of them has to spare.
    fn arrivals_per_second(&self, idle: &[f64]) -> Vec<f64> {
        let machines = idle.len();
        let draws = Draws::of(self.draw_max);
        let total: f64 = idle.iter().sum();
        (0..machines)
            .map(|machine| {
                // Whose first and whose second neighbour this machine is.
                let first = idle[(machine + machines - 1) % machines];
                let second = idle[(machine + machines - self.second_place()) % machines];
                let all = match self.topology {
                    Topology::Full => total - idle[machine],
                    Topology::Ring if machines == 2 => first,
                    Topology::Ring => first + second,
                };
                draws.first * first + draws.second * second + draws.all * all
            })
            .collect()
    }

    /// How many places round the ring the second neighbour stands from a machine,
    /// or the only one if there is one.
    fn second_place(&self) -> usize {
        match (self.rates.len(), self.topology) {
            (2, _) => 1,
            (_, Topology::Full) => 2,
            (machines, Topology::Ring) => machines - 1,
        }
    }
}

impl Flow {
    fn of(machine: u32, rate: f64, arrivals: f64) -> Self {
        let growing = arrivals > rate * (1.0 + GROWTH_SHARE_MIN);
        let growth = if growing { arrivals - rate } else { 0.0 };
        Self {
            machine,
            idle_share: rounded((1.0 - arrivals / rate).max(0.0)),
            arrivals_per_second: rounded(arrivals),
            queue_growth_per_second: rounded(growth),
            age_share: rounded(growth / arrivals.max(rate)),
        }
    }
}

/// To six decimals, beyond which platforms and the iteration may differ.
fn rounded(value: f64) -> f64 {
    if value.abs() < 1e9 { (value * 1e6).round() / 1e6 } else { value }
}

/// The probabilities of the draws that send: 1 to the first neighbour, 2 to the
/// second, 3 to all. Each is 0 if draws do not reach so high.
struct Draws {
    first: f64,
    second: f64,
    all: f64,
}

impl Draws {
    fn of(draw_max: u64) -> Self {
        let probability = |draw| {
            if draw <= draw_max { 1.0 / draw_max as f64 } else { 0.0 }
        };
        Self { first: probability(1), second: probability(2), all: probability(3) }
    }
}
