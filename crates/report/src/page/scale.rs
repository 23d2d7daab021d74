//! From figures to places on a chart, and round numbers along its axes.

use std::fmt;

use crate::number::count;

/// From 0 to the highest figure, a round number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) top: f64,
    step: f64,
}

impl Scale {
    /// A scale that `highest` fits on, with about this many steps.
    pub(crate) fn to(highest: f64, steps: f64) -> Self {
        let step = round_step(highest.max(1.0) / steps);
        Self { top: (highest.max(1.0) / step).ceil() * step, step }
    }

    /// A scale that ends at `end`, with round numbers along it.
    pub(crate) fn up_to(end: f64, steps: f64) -> Self {
        let end = if end > 0.0 { end } else { 1.0 };
        Self { top: end, step: round_step(end / steps) }
    }

    /// Where `value` stands, from 0 to 1.
    pub(crate) fn share(&self, value: f64) -> f64 {
        value / self.top
    }

    /// The round numbers along it: each with where it stands.
    pub(crate) fn marks(&self) -> Vec<(f64, String)> {
        let marks = (self.top / self.step + 1e-9).floor() as u32;
        let mark = |number: u32| {
            let value = f64::from(number) * self.step;
            (self.share(value), written(value, self.step))
        };
        (0..=marks).map(mark).collect()
    }
}

/// 1, 2 or 5 times a power of ten, at least `least`.
pub(crate) fn round_step(least: f64) -> f64 {
    let power = libm::pow(10.0, libm::log10(least).floor());
    let step = [1.0, 2.0, 5.0].map(|times| times * power);
    step.into_iter().find(|&step| step >= least * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// With no more decimals than `step` has.
pub(crate) fn written(value: f64, step: f64) -> String {
    match step {
        1.0.. => count(value.round() as u64),
        _ => format!("{value:.*}", (-libm::log10(step).floor()) as usize),
    }
}

/// A length or place in a drawing: one decimal, and no more than it needs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Px(pub(crate) f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", (self.0 * 10.0).round() / 10.0)
    }
}

/// A place as a share of a drawing's width, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Percent(pub(crate) f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}%", (self.0 * 1e4).round() / 100.0)
    }
}
