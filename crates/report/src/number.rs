//! Numbers and names as sentences say them.

/// Machines up to this many are named one by one.
const NAMED_MAX: usize = 6;

/// Counts from here on are grouped by thousands.
const GROUPED_MIN: u64 = 10_000;

/// A measured number with about three digits that count: 0.0051, 0.51, 12.3, 12,345.
pub(crate) fn figure(value: f64) -> String {
    let size = value.abs();
    if size >= 99.95 {
        count(value.round() as u64)
    } else if size >= 9.995 {
        format!("{value:.1}")
    } else if size >= 0.00995 || size == 0.0 {
        format!("{value:.2}")
    } else if size >= 0.000_995 {
        format!("{value:.4}")
    } else {
        format!("{value:.1e}")
    }
}

/// A number that was given, with at most two decimals and no more than it needs:
/// 6, 2.5.
pub(crate) fn given(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    if (rounded != 0.0 && rounded.abs() < 1e15) || value == 0.0 {
        rounded.to_string()
    } else {
        format!("{value:e}")
    }
}

/// A share in hundredths, with a decimal if it is small: 77 %, 0.5 %.
pub(crate) fn percent(share: f64) -> String {
    let percent = 100.0 * share;
    if percent >= 9.95 { format!("{percent:.0} %") } else { format!("{percent:.1} %") }
}

/// 360, 12,345.
pub(crate) fn count(value: u64) -> String {
    let digits = value.to_string();
    if value < GROUPED_MIN {
        return digits;
    }
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// 1 message, 2 messages, 0 messages.
pub(crate) fn counted(value: u64, one: &str) -> String {
    let plural = if value == 1 { "" } else { "s" };
    format!("{} {one}{plural}", count(value))
}

/// 1 tick, 0.5 ticks.
pub(crate) fn ticks(per_second: &str) -> String {
    let plural = if per_second == "1" { "" } else { "s" };
    format!("{per_second} tick{plural}")
}

/// Machine 2; Machines 1, 2 and 4; Both machines; All 3 machines; 14 machines.
pub(crate) fn machines(numbers: &[u32], of: usize) -> String {
    match numbers {
        [one] => format!("Machine {one}"),
        [_, _] if of == 2 => "Both machines".to_owned(),
        all if all.len() == of => format!("All {of} machines"),
        many if many.len() > NAMED_MAX => format!("{} machines", many.len()),
        several => format!("Machines {}", list(several)),
    }
}

/// 1, 2 and 4.
pub(crate) fn list(numbers: &[u32]) -> String {
    let names: Vec<_> = numbers.iter().map(u32::to_string).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.join(", "),
    }
}

/// "was" for one, "were" for several.
pub(crate) fn was(numbers: &[u32]) -> &'static str {
    if numbers.len() == 1 { "was" } else { "were" }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn figures_have_the_digits_that_count() {
        let figures = [0.0, 0.000_12, 0.001, 0.005_68, 0.0099, 0.01, 0.514, 9.99, 12.34, 99.96];
        let written =
            ["0.00", "1.2e-4", "0.0010", "0.0057", "0.0099", "0.01", "0.51", "9.99", "12.3", "100"];
        assert_eq!(figures.map(figure), written);
    }
}
