//! A straight line through points, by least squares.

/// The sums of a line through points that come one by one.
///
/// Welford's updating of means and deviations (Technometrics 4(3), 1962): plain
/// sums of squares would lose their digits in long runs.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Trend {
    count: f64,
    x_mean: f64,
    y_mean: f64,
    xx: f64,
    xy: f64,
}

impl Trend {
    pub(crate) fn push(&mut self, x: f64, y: f64) {
        self.count += 1.0;
        let from_mean = x - self.x_mean;
        self.x_mean += from_mean / self.count;
        self.y_mean += (y - self.y_mean) / self.count;
        self.xx += from_mean * (x - self.x_mean);
        self.xy += from_mean * (y - self.y_mean);
    }

    /// By how much y rises where x rises by 1; none of points at fewer than two x.
    pub(crate) fn slope(&self) -> Option<f64> {
        (self.xx > 0.0).then(|| self.xy / self.xx)
    }

    /// The mean of y; none without a point.
    pub(crate) fn mean(&self) -> Option<f64> {
        (self.count > 0.0).then_some(self.y_mean)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_again() {
        let mut trend = Trend::default();
        (0..100).map(f64::from).for_each(|x| trend.push(x, 3.0 - 0.5 * x));
        assert!((trend.slope().unwrap() + 0.5).abs() < 1e-12);
        assert!((trend.mean().unwrap() + 21.75).abs() < 1e-12);
    }

    #[test]
    fn one_point_has_no_slope() {
        let mut trend = Trend::default();
        assert_eq!((trend.slope(), trend.mean()), (None, None));
        trend.push(1.0, 7.0);
        trend.push(1.0, 9.0);
        assert_eq!((trend.slope(), trend.mean()), (None, Some(8.0)));
    }
}
