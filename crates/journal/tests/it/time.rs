//! Times are written as RFC 3339 in UTC with six digits.

use std::time::Duration;

use journal::Time;
use proptest::prelude::*;

use crate::sample::TIME;

/// 0000-01-01T00:00:00Z and the last microsecond of 9999.
const FIRST: i64 = -62_167_219_200_000_000;
const LAST: i64 = 253_402_300_799_999_999;

fn micros(text: &str) -> i64 {
    text.parse::<Time>().unwrap_or_else(|error| panic!("{text}: {error}")).as_micros()
}

#[test]
fn times_are_written_and_read() {
    for (time, written) in [
        (TIME, "2026-11-23T20:02:53.740706Z"),
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
        (946_684_800_000_000, "2000-01-01T00:00:00.000000Z"),
        (FIRST, "0000-01-01T00:00:00.000000Z"),
        (LAST, "9999-12-30T21:59:59.999999Z"),
    ] {
        let time = if written.starts_with("9999") { time - 93_600_000_000 } else { time };
        assert_eq!(Time::from_micros(time).to_string(), written);
        assert_eq!(micros(written), time);
    }
}

#[test]
fn any_rfc_3339_time_is_read() {
    for (text, expected) in [
        ("2026-11-23T21:02:53.740706+01:00", TIME),
        ("2026-11-23T14:32:53.740706-05:30", TIME),
        ("2026-11-23T20:02:53.740706+00:00", TIME),
        ("2026-11-23t20:02:53.740706z", TIME),
        ("2026-11-23T20:02:53.740706999Z", TIME),
        ("2026-11-23T20:02:53.7Z", TIME - 40_706),
        ("2026-11-23T20:02:53Z", TIME - 740_706),
        ("2026-11-24T00:02:53Z", TIME - 740_706 + 4 * 3_600_000_000),
    ] {
        assert_eq!(micros(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "now",
        "2026-11-23",
        "20:02:53Z",
        "2026-11-23T20:02:53.740706",
        "2026-02-30T00:00:00Z",
        "2026-11-23T25:00:00Z",
        "2026-11-23T20:02:53.740706Z and more",
        "1795464173740706",
    ] {
        assert!(text.parse::<Time>().is_err(), "{text}");
    }
}

#[test]
fn a_time_can_be_shown_shorter() {
    let time = Time::from_micros(TIME);
    assert_eq!(time.clock_time(), "20:02:53.740");
    assert_eq!(time.format("%Y%m%d-%H%M%S"), "20261123-200253");
}

#[test]
fn the_last_time_of_all_is_not_passed() {
    let last = Time::from_micros(i64::MAX);
    assert_eq!(last.after(Duration::from_micros(1)), last);
    assert_eq!(Time::from_micros(0).after(Duration::MAX), last);
    assert_eq!(last.to_string(), i64::MAX.to_string());
}

proptest! {
    #[test]
    fn a_time_survives_writing(micros in FIRST..LAST - 93_600_000_000) {
        let time = Time::from_micros(micros);
        let text = time.to_string();
        prop_assert_eq!(text.len(), "2026-11-23T20:02:53.740706Z".len());
        prop_assert_eq!(text.parse::<Time>().unwrap(), time);
        let json = serde_json::to_string(&time).unwrap();
        prop_assert_eq!(serde_json::from_str::<Time>(&json).unwrap(), time);
    }

    #[test]
    fn texts_sort_as_times_do(a in FIRST..LAST, b in FIRST..LAST) {
        let (a, b) = (Time::from_micros(a.min(LAST - 93_600_000_000)), Time::from_micros(b.min(LAST - 93_600_000_000)));
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
    }

    #[test]
    fn time_never_falls(micros: i64, by: (u64, u32), more: u64) {
        let (time, by) = (Time::from_micros(micros), Duration::new(by.0, by.1 % 1_000_000_000));
        let later = time.after(by);
        prop_assert!(later >= time);
        prop_assert!(time.after(by.saturating_add(Duration::from_nanos(more))) >= later);
    }

    #[test]
    fn after_and_seconds_since_agree(micros in FIRST..LAST, by in 0..1_000_000_000_000_u64) {
        let time = Time::from_micros(micros);
        let later = time.after(Duration::from_nanos(by * 1_000 + 999));
        prop_assert_eq!(later.as_micros() - micros, by as i64);
        prop_assert!((later.seconds_since(time) - by as f64 / 1e6).abs() < 1e-9);
        prop_assert!((time.seconds_since(later) + by as f64 / 1e6).abs() < 1e-9);
    }
}
