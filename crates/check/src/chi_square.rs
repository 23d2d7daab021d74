//! Pearson's chi-square test of goodness of fit (1900).

/// The probability that a chi-square variable with `degrees` degrees of freedom
/// is at least `statistic`.
///
/// That is the regularized upper incomplete gamma function Q(degrees / 2,
/// statistic / 2), here by its recurrence in the first argument (Abramowitz and
/// Stegun 6.5.22), all of whose terms are positive: nothing cancels.
pub(crate) fn survival(statistic: f64, degrees: usize) -> f64 {
    let x = statistic.max(0.0) / 2.0;
    let (mut q, mut a) = match degrees % 2 {
        0 => (libm::exp(-x), 1.0),
        _ => (libm::erfc(x.sqrt()), 0.5),
    };
    while 2.0 * a < degrees as f64 {
        // x^a e^-x / Gamma(a + 1), by logarithms, as its factors can overflow.
        q += libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0));
        a += 1.0;
    }
    q
}

#[cfg(test)]
mod tests {
    use super::survival;

    /// Critical values from the usual tables, and at alpha = 1e-9 by scipy's
    /// chi2.isf.
    #[test]
    fn agrees_with_the_tables() {
        for (statistic, degrees, probability) in [
            (3.841_459, 1, 0.05),
            (5.991_465, 2, 0.05),
            (7.814_728, 3, 0.05),
            (16.918_978, 9, 0.05),
            (21.665_994, 9, 0.01),
            (82.528_727, 63, 0.05),
            (0.0, 9, 1.0),
        ] {
            let survival = survival(statistic, degrees);
            assert!(
                (survival - probability).abs() < 1e-6,
                "{degrees} degrees: {survival}, not {probability}"
            );
        }
    }

    #[test]
    fn is_fine_in_the_tail() {
        let at = |statistic| survival(statistic, 2);
        assert!((at(2.0 * libm::log(1e9)) / 1e-9 - 1.0).abs() < 1e-9);
        assert!(survival(1e6, 9) < 1e-300);
    }
}
