//! How long a frame is under way.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use journal::Timespan;
use machine::nanos;

use crate::dice::Dice;

/// The longest latency that is taken: beyond a day nothing is a network.
const LONGEST: Duration = Duration::from_secs(86_400);

/// The distribution of latencies, as `5ms`, `uniform:1ms..20ms` or `exp:10ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latency {
    /// Always the same.
    Constant(Duration),
    /// Uniform from the one to the other, both included.
    Uniform {
        /// The shortest.
        from: Duration,
        /// The longest.
        to: Duration,
    },
    /// Exponential.
    Exponential {
        /// The mean.
        mean: Duration,
    },
}

impl Default for Latency {
    /// Every frame arrives in the instant in which it was sent.
    fn default() -> Self {
        Self::Constant(Duration::ZERO)
    }
}

impl Latency {
    /// Whether chance has a part in it.
    pub(crate) fn is_random(self) -> bool {
        !matches!(self, Self::Constant(_))
    }

    /// The mean.
    pub(crate) fn mean(self) -> Duration {
        match self {
            Self::Constant(latency) => latency,
            Self::Uniform { from, to } => (from + to) / 2,
            Self::Exponential { mean } => mean,
        }
    }

    /// One latency, in nanoseconds.
    pub fn draw(self, dice: &mut Dice) -> u64 {
        match self {
            Self::Constant(latency) => nanos(latency),
            Self::Uniform { from, to } => nanos(from) + dice.below(nanos(to - from) + 1),
            // std's logarithm differs between platforms in the last bit.
            Self::Exponential { mean } => {
                (-libm::log(1.0 - dice.unit()) * nanos(mean) as f64) as u64
            }
        }
    }
}

impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(range) = text.strip_prefix("uniform:") {
            return match range.split_once("..").map(|(from, to)| Ok((span(from)?, span(to)?))) {
                Some(Ok((from, to))) if from <= to => Ok(Self::Uniform { from, to }),
                Some(Err(error)) => Err(error),
                _ => Err(format!("\"{text}\" is no range: say it as uniform:1ms..20ms")),
            };
        }
        if let Some(mean) = text.strip_prefix("exp:") {
            return span(mean).map(|mean| Self::Exponential { mean });
        }
        span(text).map(Self::Constant)
    }
}

fn span(text: &str) -> Result<Duration, String> {
    match text.trim().parse::<Timespan>() {
        Ok(Timespan(span)) if span <= LONGEST => Ok(span),
        Ok(_) => Err(format!("\"{text}\" is longer than a day")),
        Err(_) => {
            Err(format!("\"{text}\" is not a latency: say 5ms, uniform:1ms..20ms or exp:10ms"))
        }
    }
}

impl fmt::Display for Latency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Constant(latency) => Timespan(latency).fmt(f),
            Self::Uniform { from, to } => write!(f, "uniform:{}..{}", Timespan(from), Timespan(to)),
            Self::Exponential { mean } => write!(f, "exp:{}", Timespan(mean)),
        }
    }
}
