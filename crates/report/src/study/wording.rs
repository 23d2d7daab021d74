//! How sentences and tables say an estimate.

use super::estimate::Estimate;
use crate::number::figure;

/// A figure with its sign, if that is below 0.
pub(super) fn signed(value: f64) -> String {
    let size = figure(value.abs());
    match value < 0.0 && size != "0.00" {
        true => format!("-{size}"),
        false => size,
    }
}

/// `1.07 to 8.93`; none of one value.
pub(super) fn range(estimate: &Estimate) -> Option<String> {
    estimate.interval.map(|[low, high]| format!("{} to {}", signed(low), signed(high)))
}

/// `5.00 (1.07 to 8.93)`, its unit behind the mean.
pub(super) fn mean(estimate: &Estimate, unit: &str) -> String {
    let space = if unit.is_empty() { "" } else { " " };
    let range = range(estimate).unwrap_or_else(|| "one run, no interval".to_owned());
    format!("{}{space}{unit} ({range})", signed(estimate.mean))
}

/// What a difference shows of `what`, in a sentence: that it is larger, or smaller,
/// or neither, if the interval does not leave 0 out.
pub(super) fn compared(difference: &Estimate, what: &str, other: &str, unit: &str) -> String {
    let space = if unit.is_empty() { "" } else { " " };
    let size = figure(difference.mean.abs());
    if difference.is_nothing() {
        return format!("{}: the same as {other} in every run.", capital(what));
    }
    let Some(range) = range(difference) else {
        return format!(
            "{}: {}{space}{unit} against {other}, but one run shows nothing.",
            capital(what),
            signed(difference.mean)
        );
    };
    let more = match difference.sign() {
        1 => "larger",
        -1 => "smaller",
        _ => {
            return format!(
                "{}: no difference to {other} is shown, {}{space}{unit} ({range}, around 0).",
                capital(what),
                signed(difference.mean)
            );
        }
    };
    let range = match difference.interval {
        Some([low, high]) if difference.mean < 0.0 => {
            format!("{} to {}", figure(-high), figure(-low))
        }
        _ => range,
    };
    format!("{}: {more} than {other}, by {size}{space}{unit} ({range}).", capital(what))
}

/// With a capital letter first.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(values: &[f64]) -> String {
        compared(&Estimate::of(values).unwrap(), "the drift", "that before", "")
    }

    #[test]
    fn a_difference_is_said_both_ways_or_not_at_all() {
        let larger = said(&[9.0, 1.0, 5.0, 3.0, 7.0]);
        assert_eq!(larger, "The drift: larger than that before, by 5.00 (1.07 to 8.93).");
        let smaller = said(&[-9.0, -1.0, -5.0, -3.0, -7.0]);
        assert_eq!(smaller, "The drift: smaller than that before, by 5.00 (1.07 to 8.93).");
        let neither = said(&[-1.0, 1.0, 0.5]);
        assert!(
            neither.starts_with("The drift: no difference to that before is shown, 0.17 ("),
            "{neither}"
        );
        assert!(said(&[4.0]).contains("one run shows nothing"), "{}", said(&[4.0]));
        assert!(
            said(&[0.0, 0.0]).contains("the same as that before in every run"),
            "{}",
            said(&[0.0, 0.0])
        );
    }

    #[test]
    fn large_negative_numbers_keep_their_size() {
        assert_eq!(signed(-12_345.0), "-12,345");
        assert_eq!(signed(0.0), "0.00");
    }
}
