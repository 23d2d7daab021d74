//! Lengths of time as people write them.

use std::time::Duration;

use journal::Timespan;
use proptest::prelude::*;

const MAX: Duration = Duration::from_secs(1000 * 365 * 24 * 3600);

#[test]
fn lengths_of_time_are_read_and_written() {
    for (text, nanos, written) in [
        ("90s", 90_000_000_000, "90s"),
        ("5m", 300_000_000_000, "300s"),
        ("1h 30m", 5_400_000_000_000, "5400s"),
        ("250ms", 250_000_000, "250ms"),
        ("1.5s", 1_500_000_000, "1500ms"),
        ("1s 1us", 1_000_001_000, "1000001us"),
        ("0s", 0, "0s"),
        ("1500ns", 1_500, "0s 1500ns"),
        ("1s 5ns", 1_000_000_005, "1s 5ns"),
    ] {
        let span: Timespan = text.parse().unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(span, Timespan(Duration::from_nanos(nanos)), "{text}");
        assert_eq!(span.to_string(), written);
        assert_eq!(written.parse(), Ok(span));
    }
}

#[test]
fn what_is_no_length_of_time_is_refused_with_what_to_say() {
    for text in [
        "",
        "0",
        "5",
        "-1",
        "-5s",
        "5s ago",
        "NaN",
        "inf",
        "infs",
        "5 parsecs",
        "s",
        "90 s 5",
        "1e400s",
        "1000000000000h",
        "99999999999999999999s",
        "31536000001s",
    ] {
        let refusal = text.parse::<Timespan>().unwrap_err();
        let expected =
            format!("\"{text}\" is not a length of time: say it with its unit, as 90s or 5m");
        assert_eq!(refusal, expected);
    }
}

#[test]
fn a_thousand_years_are_the_most() {
    assert_eq!("31536000000s".parse(), Ok(Timespan(MAX)));
    assert_eq!(Timespan(MAX).as_secs_f64(), 31_536_000_000.0);
}

#[test]
fn a_file_says_it_in_quotes() {
    assert_eq!(serde_json::from_str::<Timespan>(r#""5m""#).unwrap().as_secs_f64(), 300.0);
    assert_eq!(serde_json::to_string(&Timespan(Duration::from_secs(60))).unwrap(), r#""60s""#);
    for (json, expected) in [
        ("5", "a length of time with its unit, in quotes, as \"90s\" or \"5m\""),
        ("1.5", "in quotes"),
        ("null", "in quotes"),
        (r#""soon""#, "\"soon\" is not a length of time"),
    ] {
        let refusal = serde_json::from_str::<Timespan>(json).unwrap_err().to_string();
        assert!(refusal.contains(expected), "{refusal}");
    }
}

proptest! {
    #[test]
    fn a_length_of_time_survives_writing(
        seconds in prop_oneof![0..100_u64, 0..MAX.as_secs()],
        nanos in prop_oneof![Just(0), 0..1_000_000_000_u32],
        unit in prop::sample::select(vec![1, 1_000, 1_000_000]),
    ) {
        let span = Timespan(Duration::new(seconds, nanos / unit * unit));
        prop_assert_eq!(span.to_string().parse(), Ok(span));
    }
}
