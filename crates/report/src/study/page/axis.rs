//! A scale for estimates and their differences: it holds 0, and may go below.

use crate::page::scale::{Percent, round_step, written};

/// Round numbers along it, about.
const STEPS: f64 = 4.0;

/// From the least value, or 0, to the greatest, or 0, with round numbers along it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Axis {
    low: f64,
    high: f64,
    step: f64,
}

/// A round number along it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) at: Percent,
    pub(super) text: String,
    pub(super) is_zero: bool,
}

impl Axis {
    /// An axis that holds 0 and these values.
    pub(super) fn over(values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .fold((0.0, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
        let span = if high > low { high - low } else { 1.0 };
        let step = round_step(span / STEPS);
        Self { low, high: low + span, step }
    }

    /// Where `value` stands.
    pub(super) fn at(&self, value: f64) -> Percent {
        Percent((value - self.low) / (self.high - self.low))
    }

    /// The round numbers along it.
    pub(super) fn marks(&self) -> Vec<Mark> {
        let first = (self.low / self.step - 1e-9).ceil() as i64;
        let last = (self.high / self.step + 1e-9).floor() as i64;
        let mark = |number: i64| {
            let value = number as f64 * self.step;
            let minus = if number < 0 { "−" } else { "" };
            let text = format!("{minus}{}", written(value.abs(), self.step));
            Mark { at: self.at(value), text, is_zero: number == 0 }
        };
        (first..=last).map(mark).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(values: &[f64], expected: &str) {
        let marks = Axis::over(values.iter().copied()).marks();
        let texts: Vec<_> = marks.iter().map(|mark| mark.text.as_str()).collect();
        assert_eq!(texts.join(" "), expected);
        assert_eq!(marks.iter().filter(|mark| mark.is_zero).count(), 1);
    }

    #[test]
    fn an_axis_holds_zero_and_what_is_on_it() {
        check(&[3.0, 15.2], "0 5 10 15");
        check(&[-0.31, 0.02], "−0.3 −0.2 −0.1 0.0");
        check(&[-12.0, -3.0], "−10 −5 0");
        check(&[0.0], "0.0 0.5 1.0");
        check(&[], "0.0 0.5 1.0");
    }

    #[test]
    fn places_are_shares() {
        let axis = Axis::over([-5.0, 15.0].into_iter());
        assert_eq!([-5.0, 0.0, 15.0].map(|it| axis.at(it).to_string()), ["0%", "25%", "100%"]);
    }
}
