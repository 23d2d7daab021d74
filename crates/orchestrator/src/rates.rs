//! The rates of machines as people write them.

use std::fmt;
use std::str::FromStr;

use journal::Rate;
use machine::MachineId;
use machine::draw::{self, RateRange};
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// The rates of the machines of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Rates {
    /// In the order of the machines; with more machines than rates, over again.
    Given(Vec<Rate>),
    /// Drawn by the seed.
    Drawn(RateRange),
}

impl Default for Rates {
    fn default() -> Self {
        Self::Drawn(RateRange::default())
    }
}

impl Rates {
    /// The rate of `machine` under `seed`.
    pub(crate) fn of(&self, machine: MachineId, seed: u64) -> Rate {
        match self {
            Self::Given(rates) => rates[(machine.get() as usize - 1) % rates.len()],
            Self::Drawn(range) => Rate::PerSecond(draw::rate(seed, machine, *range)),
        }
    }
}

/// `1,3,6`, `1..=6`, `1.0..6.0` or `max`.
impl FromStr for Rates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((first, last)) = text.split_once("..=") {
            return integers(text, first, last);
        }
        if let Some((from, to)) = text.split_once("..") {
            return reals(text, from, to);
        }
        let rates = text.split(',').map(|rate| rate.trim().parse()).collect::<Result<_, _>>()?;
        Ok(Self::Given(rates))
    }
}

fn integers(text: &str, first: &str, last: &str) -> Result<Rates, String> {
    match (first.trim().parse::<u32>(), last.trim().parse::<u32>()) {
        (Ok(first), Ok(last)) if 1 <= first && first <= last => {
            are_rates(&[first.into(), last.into()])?;
            Ok(Rates::Drawn(RateRange::Integers { first, last }))
        }
        _ => Err(format!("\"{text}\" is no range of whole rates: say it as 1..=6, from 1 up")),
    }
}

/// Whether machines can tick at these ends of a range.
fn are_rates(ends: &[f64]) -> Result<(), String> {
    ends.iter().try_for_each(|end| end.to_string().parse::<Rate>().map(drop))
}

fn reals(text: &str, from: &str, to: &str) -> Result<Rates, String> {
    match (from.trim().parse::<f64>(), to.trim().parse::<f64>()) {
        (Ok(from), Ok(to)) if 0.0 < from && from < to && to.is_finite() => {
            are_rates(&[from, to])?;
            Ok(Rates::Drawn(RateRange::Reals { from, to }))
        }
        _ => Err(format!(
            "\"{text}\" is no range of rates: say it as 1.0..6.0, or as 1..=6 for whole rates"
        )),
    }
}

impl<'de> Deserialize<'de> for Rates {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RatesVisitor;

        impl<'de> Visitor<'de> for RatesVisitor {
            type Value = Rates;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("rates such as [1, 3, 6], \"1..=6\" or \"1.0..6.0\"")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Rates, E> {
                text.parse().map_err(E::custom)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Rates, A::Error> {
                let mut rates = Vec::new();
                while let Some(rate) = seq.next_element()? {
                    rates.push(rate);
                }
                Ok(Rates::Given(rates))
            }
        }

        deserializer.deserialize_any(RatesVisitor)
    }
}
