//! How values are distributed: counts in memory that does not grow with them.

use hdrhistogram::Histogram;
use serde::Serialize;

/// Values up to 255 are told apart, larger ones to within a hundredth.
const DIGITS: u8 = 2;

/// Those that are told apart: most jumps and queues are among them.
const SMALL: usize = 256;

/// Values gathered one by one.
#[derive(Clone, Debug)]
pub(crate) struct Distribution {
    /// How often each small value came.
    small: Box<[u64; SMALL]>,
    large: Histogram<u64>,
    sum: u128,
    max: u64,
}

/// Why a value can be recorded, however large.
const GROWS: &str = "counts grow as far as values do";

/// What a distribution amounts to.
///
/// A percentile is the smallest value that as many of the values do not exceed
/// (the nearest rank); beyond 255 times the unit it is right to within a hundredth.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// How many values there are; 0, and everything else 0, if none.
    pub count: u64,
    /// Their mean.
    pub mean: f64,
    /// Their median.
    pub p50: f64,
    /// 95 in 100 are not larger.
    pub p95: f64,
    /// The largest.
    pub max: f64,
}

impl Distribution {
    pub(crate) fn new() -> Self {
        let large = Histogram::new(DIGITS).expect("2 digits can be counted");
        Self { small: Box::new([0; SMALL]), large, sum: 0, max: 0 }
    }

    pub(crate) fn push(&mut self, value: u64) {
        match usize::try_from(value).ok().and_then(|value| self.small.get_mut(value)) {
            Some(count) => *count += 1,
            None => self.large.record(value).expect(GROWS),
        }
        self.sum += u128::from(value);
        self.max = self.max.max(value);
    }

    /// Seconds, as whole microseconds; less than none counts as none.
    pub(crate) fn push_seconds(&mut self, seconds: f64) {
        self.push((seconds * 1e6).round() as u64);
    }

    /// The spread of the values, each times `unit`.
    pub(crate) fn spread(&self, unit: f64) -> Spread {
        let counts = self.counts();
        let count = counts.len();
        if count == 0 {
            return Spread::default();
        }
        let at = |quantile| counts.value_at_quantile(quantile).min(self.max) as f64 * unit;
        Spread {
            count,
            mean: self.sum as f64 / count as f64 * unit,
            p50: at(0.5),
            p95: at(0.95),
            max: self.max as f64 * unit,
        }
    }

    /// Small and large values.
    fn counts(&self) -> Histogram<u64> {
        let mut counts = self.large.clone();
        for (value, &count) in (0..).zip(self.small.iter()) {
            counts.record_n(value, count).expect(GROWS);
        }
        counts
    }

    /// The values that came and how often each did, in ascending order; beyond
    /// 255, those of one hundredth together.
    pub(crate) fn histogram(&self) -> Vec<(u64, u64)> {
        let counts = self.counts();
        let bars = counts.iter_recorded();
        bars.map(|bar| (bar.value_iterated_to().min(self.max), bar.count_at_value())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_values_are_exact_and_large_ones_nearly() {
        let mut small = Distribution::new();
        (1..=200).for_each(|value| small.push(value));
        let spread = small.spread(1.0);
        assert_eq!((spread.p50, spread.p95, spread.max, spread.mean), (100.0, 190.0, 200.0, 100.5));

        let mut large = Distribution::new();
        (1..=200).for_each(|value| large.push(value * 1_000_000));
        let spread = large.spread(1e-6);
        assert!((100.0..=101.0).contains(&spread.p50) && (190.0..=192.0).contains(&spread.p95));
        assert_eq!(spread.max, 200.0);
        large.push(u64::MAX);
        assert_eq!(large.spread(1.0).max, u64::MAX as f64);
    }

    #[test]
    fn no_value_has_no_spread() {
        assert_eq!(Distribution::new().spread(1.0), Spread::default());
        assert!(Distribution::new().histogram().is_empty());
    }

    #[test]
    fn time_that_ran_backward_counts_as_none() {
        let mut distribution = Distribution::new();
        distribution.push_seconds(-1.0);
        assert_eq!(distribution.spread(1e-6).max, 0.0);
    }
}
