//! What values over seeds amount to.

use serde::Serialize;

use super::student::two_sided;

/// What rounding alone can make of equal values: nothing that is measured is as small.
const ROUNDING: f64 = 1e-9;

/// How sure an interval is.
const CONFIDENCE: f64 = 0.95;

/// Mean and median of values, one a seed, and how sure the mean is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// How many values there are.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// Their median: of two in the middle, the mean of both.
    pub median: f64,
    /// The 95 % interval of the mean by Student's t; none of one value, which says
    /// nothing of how values scatter.
    pub interval: Option<[f64; 2]>,
    /// The smallest value.
    pub min: f64,
    /// The largest value.
    pub max: f64,
}

impl Estimate {
    /// The estimate from these values; none if there are none.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (&min, &max) = (sorted.first()?, sorted.last()?);
        let count = sorted.len();
        // Summed in the order of size, so that it does not depend on that of arrival.
        let mean = sorted.iter().sum::<f64>() / count as f64;
        Some(Self {
            count,
            mean,
            median: (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0,
            interval: interval(&sorted, mean),
            min,
            max,
        })
    }

    /// Whether all values are 0, but for rounding.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.min.abs().max(self.max.abs()) <= ROUNDING
    }

    /// Whether 0 lies outside the interval: below it (1), above it (-1); 0 if it lies
    /// within, or if there is no interval.
    #[must_use]
    pub fn sign(&self) -> i8 {
        match self.interval {
            Some([low, _]) if low > ROUNDING => 1,
            Some([_, high]) if high < -ROUNDING => -1,
            _ => 0,
        }
    }
}

fn interval(values: &[f64], mean: f64) -> Option<[f64; 2]> {
    let freedom = values.len().checked_sub(1).filter(|&it| it > 0)?;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let deviation = (squares / freedom as f64).sqrt();
    let half = two_sided(CONFIDENCE, freedom as u64) * deviation / (values.len() as f64).sqrt();
    Some([mean - half, mean + half])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked by hand: mean 5, deviation sqrt(10), t with 4 degrees 2.776445, half of
    /// the interval 2.776445 * sqrt(10 / 5) = 3.926486.
    #[test]
    fn five_values_have_the_interval_of_the_textbook() {
        let estimate = Estimate::of(&[9.0, 1.0, 5.0, 3.0, 7.0]).unwrap();
        assert_eq!((estimate.count, estimate.mean, estimate.median), (5, 5.0, 5.0));
        assert_eq!((estimate.min, estimate.max), (1.0, 9.0));
        let [low, high] = estimate.interval.unwrap();
        assert!((low - 1.073_514).abs() < 1e-5, "{low}");
        assert!((high - 8.926_486).abs() < 1e-5, "{high}");
        assert_eq!(estimate.sign(), 1);
    }

    /// The extra hours of sleep of ten patients, in Student's paper of 1908: the mean
    /// of the differences is 1.58, its 95 % interval 0.7001 to 2.4599 as R's
    /// `t.test(extra ~ group, sleep, paired = TRUE)` prints it.
    #[test]
    fn students_own_example_comes_out() {
        let differences = [1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4];
        let estimate = Estimate::of(&differences).unwrap();
        let [low, high] = estimate.interval.unwrap();
        assert!((estimate.mean - 1.58).abs() < 1e-12);
        assert!((low - 0.700_114).abs() < 1e-5 && (high - 2.459_886).abs() < 1e-5, "{low} {high}");
        assert!((estimate.median - 1.3).abs() < 1e-12);
    }

    #[test]
    fn one_value_has_no_interval_and_equal_ones_a_point() {
        let one = Estimate::of(&[3.0]).unwrap();
        assert_eq!((one.interval, one.median, one.sign()), (None, 3.0, 0));
        assert_eq!(Estimate::of(&[3.0, 3.0]).unwrap().interval, Some([3.0, 3.0]));
        assert_eq!(Estimate::of(&[]), None);
    }

    #[test]
    fn an_interval_around_nothing_has_no_sign() {
        assert_eq!(Estimate::of(&[-1.0, 1.0, 0.5]).unwrap().sign(), 0);
        assert_eq!(Estimate::of(&[-1.0, -1.1, -0.9]).unwrap().sign(), -1);
        let rounded = Estimate::of(&[1e-16, 1e-16]).unwrap();
        assert_eq!((rounded.sign(), rounded.is_nothing()), (0, true));
    }
}
