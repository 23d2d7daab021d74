//! Student's t distribution with whole degrees of freedom.
//!
//! Student, *The Probable Error of a Mean*, Biometrika 6(1), 1908. The probability is
//! the finite series of M. Abramowitz and I. Stegun, *Handbook of Mathematical
//! Functions*, 26.7.3 and 26.7.4; its inverse is found by bisection.

use std::f64::consts::PI;

/// Degrees of freedom from which on the quantile is that of so many: it has stopped
/// changing in its fourth digit, and the series would only grow longer.
const FREEDOM_MAX: u64 = 100_000;

/// Halvings: more than a double has bits.
const HALVINGS: u32 = 200;

/// The probability that |T| is at most `t`, with `freedom` degrees of freedom.
fn probability_within(t: f64, freedom: u64) -> f64 {
    let angle = libm::atan(t / (freedom as f64).sqrt());
    let (sine, cosine) = libm::sincos(angle);
    let is_odd = freedom % 2 == 1;
    let (mut term, first) = if is_odd { (cosine, 1) } else { (1.0, 0) };
    let mut sum = 0.0;
    let mut power = first;
    while power + 2 <= freedom {
        sum += term;
        power += 2;
        term *= cosine * cosine * (power - 1) as f64 / power as f64;
    }
    match is_odd {
        true => 2.0 / PI * (angle + sine * sum),
        false => sine * sum,
    }
}

/// The t that |T| does not exceed with this probability.
pub(super) fn two_sided(probability: f64, freedom: u64) -> f64 {
    let freedom = freedom.clamp(1, FREEDOM_MAX);
    let (mut low, mut high) = (0.0, 1.0);
    while probability_within(high, freedom) < probability && high < 1e12 {
        high *= 2.0;
    }
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if middle <= low || middle >= high {
            break;
        }
        match probability_within(middle, freedom) < probability {
            true => low = middle,
            false => high = middle,
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From printed tables (R. A. Fisher and F. Yates, *Statistical Tables*, III).
    #[test]
    fn quantiles_are_those_of_the_tables() {
        let table = [
            (1, 12.7062),
            (2, 4.3027),
            (3, 3.1824),
            (4, 2.7764),
            (5, 2.5706),
            (9, 2.2622),
            (10, 2.2281),
            (19, 2.0930),
            (30, 2.0423),
            (120, 1.9799),
        ];
        for (freedom, expected) in table {
            let found = two_sided(0.95, freedom);
            assert!((found - expected).abs() < 5e-5, "{freedom}: {found}");
        }
        assert!((two_sided(0.99, 4) - 4.6041).abs() < 5e-5);
    }

    #[test]
    fn with_many_degrees_it_is_the_normal_quantile() {
        assert!((two_sided(0.95, 1_000_000) - 1.959_964).abs() < 5e-5);
    }
}
