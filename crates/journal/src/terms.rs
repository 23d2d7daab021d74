//! The words and numbers that describe a run, as logs and config files write
//! them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

/// A word that is none of those known.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("\"{word}\" is not a {what}: say {known}")]
pub struct UnknownTerm {
    what: &'static str,
    word: String,
    known: &'static str,
}

/// An enum of lower-case words, read and written alike by serde, `Display` and
/// `FromStr`.
macro_rules! term {
    (
        $(#[$meta:meta])* $name:ident, $what:literal, $known:literal:
        $($(#[$variant_meta:meta])* $variant:ident = $word:literal),+
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_meta])* #[serde(rename = $word)] $variant),+
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word),+ })
            }
        }

        impl FromStr for $name {
            type Err = UnknownTerm;

            fn from_str(word: &str) -> Result<Self, UnknownTerm> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(UnknownTerm { what: $what, word: word.to_owned(), known: $known }),
                }
            }
        }
    };
}

term! {
    /// Who is connected to whom.
    #[derive(Default)]
    Topology, "topology", "full or ring":
    /// Everyone to everyone else.
    #[default]
    Full = "full",
    /// Each to the next and to the one before.
    Ring = "ring"
}

term! {
    /// How the ticks of a second are spread over it.
    #[derive(Default)]
    Pacing, "pacing", "even or burst":
    /// Evenly.
    #[default]
    Even = "even",
    /// All at once.
    Burst = "burst"
}

term! {
    /// Where the phase of a machine comes from.
    #[derive(Default)]
    Phase, "phase", "random or aligned":
    /// Drawn from the seed, in [0, 1/rate).
    #[default]
    Random = "random",
    /// 0 for all.
    Aligned = "aligned"
}

term! {
    /// Which clock value of its sender a message carries.
    #[derive(Default)]
    StampRule, "stamp rule", "after or before":
    /// The clock after the send's own increment, as Lamport has it.
    #[default]
    After = "after",
    /// The clock before it.
    Before = "before"
}

term! {
    /// Why a machine stopped ticking.
    StopReason, "reason", "duration, signal or fault":
    /// The run was over.
    Duration = "duration",
    /// It was told to.
    Signal = "signal",
    /// It could not go on.
    Fault = "fault"
}

/// How fast a machine ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rate {
    /// Ticks per second, from 0.000001 to 1,000,000.
    PerSecond(f64),
    /// As fast as it can.
    Max,
}

impl Rate {
    /// Ticks per second, if it is a number.
    #[must_use]
    pub fn per_second(self) -> Option<f64> {
        match self {
            Self::PerSecond(rate) => Some(rate),
            Self::Max => None,
        }
    }

    /// The slowest rate, in ticks per second: one in 12 days.
    const SMALLEST: f64 = 1e-6;

    /// The fastest, beyond which the microseconds of a log tell no ticks apart.
    const LARGEST: f64 = 1e6;

    fn checked(rate: f64) -> Result<Self, String> {
        if (Self::SMALLEST..=Self::LARGEST).contains(&rate) {
            Ok(Self::PerSecond(rate))
        } else {
            Err(format!(
                "{rate} is not a rate: say a number of ticks a second from 0.000001 to 1000000, \
                 or \"max\""
            ))
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PerSecond(rate) => rate.fmt(f),
            Self::Max => f.write_str("max"),
        }
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "max" => Ok(Self::Max),
            _ => Self::checked(text.parse().map_err(|_| {
                format!("\"{text}\" is not a rate: say a number of ticks a second, or \"max\"")
            })?),
        }
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::PerSecond(rate) => number(rate, serializer),
            Self::Max => serializer.serialize_str("max"),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = Rate;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of ticks a second, or \"max\"")
            }

            fn visit_u64<E: de::Error>(self, rate: u64) -> Result<Rate, E> {
                self.visit_f64(rate as f64)
            }

            fn visit_i64<E: de::Error>(self, rate: i64) -> Result<Rate, E> {
                self.visit_f64(rate as f64)
            }

            fn visit_f64<E: de::Error>(self, rate: f64) -> Result<Rate, E> {
                Rate::checked(rate).map_err(E::custom)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Rate, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

/// Writes 4.0 as 4, which every reader takes for the same number.
pub(crate) fn number<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        serializer.serialize_i64(*value as i64)
    } else {
        serializer.serialize_f64(*value)
    }
}

/// As [`number`], or nothing.
pub(crate) fn number_or_null<S: Serializer>(
    value: &Option<f64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => number(value, serializer),
        None => serializer.serialize_none(),
    }
}
