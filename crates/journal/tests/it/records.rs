//! What a record is written as, to the byte: notebooks and old logs depend on it.

use std::io::Cursor;
use std::path::Path;

use journal::{Internal, Rate, Reader, Receive, Record, Send, Start, StopReason, Time};
use proptest::prelude::*;
use serde_json::Value;

use crate::sample::{START, examples, start, time};

fn parse(line: &str) -> Record {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"))
}

#[test]
fn the_example_lines_are_written_and_read() {
    for (line, record) in examples() {
        assert_eq!(record.to_json(), line);
        assert_eq!(parse(line), record);
    }
}

#[test]
fn what_all_records_have_can_be_asked_of_any() {
    let clocks_ticks_queues = [
        (0, None, None),
        (1, Some(1), Some(0)),
        (2, Some(2), Some(0)),
        (6, Some(3), Some(1)),
        (6, None, Some(1)),
    ];
    for ((_, record), expected) in examples().into_iter().zip(clocks_ticks_queues) {
        assert_eq!(record.time(), time());
        assert_eq!((record.clock(), record.tick(), record.queue()), expected);
    }
}

#[test]
fn unknown_keys_are_ignored_wherever_they_stand() {
    for (line, record) in examples() {
        let first = line.replacen('{', r#"{"host":{"name":"a","cores":[1,2]},"#, 1);
        let last = line.replace('}', r#","event_2":null,"Tick":-1.5e300}"#);
        assert_eq!(parse(&first), record);
        assert_eq!(parse(&last), record);
    }
}

#[test]
fn keys_may_stand_in_any_order_and_apart() {
    for (line, record) in examples() {
        let Value::Object(keys) = serde_json::from_str(line).unwrap() else { unreachable!() };
        let reversed: Vec<_> =
            keys.iter().rev().map(|(key, value)| format!("{key:?}: {value}")).collect();
        assert_eq!(parse(&format!(" {{ {} }}\r", reversed.join(" , "))), record);
    }
}

#[test]
fn a_rate_is_a_number_or_max() {
    for (rate, written) in [
        (Rate::PerSecond(4.0), "4"),
        (Rate::PerSecond(1.5), "1.5"),
        (Rate::PerSecond(1e-6), "1e-6"),
        (Rate::PerSecond(1e6), "1000000"),
        (Rate::Max, r#""max""#),
    ] {
        let line = START.replace(r#""rate":4"#, &format!(r#""rate":{written}"#));
        let record = Record::from(Start { rate, ..start() });
        assert_eq!(parse(&line), record);
        let json = record.to_json();
        assert!(json.contains(&format!(r#""rate":{written},"#)), "{json}");
    }
}

#[test]
fn whole_seconds_are_written_without_a_fraction_and_read_with_one() {
    let (phase, duration) = (0.0, Some(90.0));
    let record = Record::from(Start { phase, duration, ..start() });
    assert!(record.to_json().contains(r#""phase":0,"pacing""#));
    assert!(record.to_json().contains(r#""duration":90,"incarnation""#));
    let with_fractions = START
        .replace(r#""phase":0.131"#, r#""phase":0.0"#)
        .replace(r#""duration":60"#, r#""duration":9.0e1"#);
    assert_eq!(parse(&with_fractions), record);
}

#[test]
fn what_a_start_may_lack_is_not_written() {
    let bare = Start { seed: None, generator: None, duration: None, ..start() };
    let line =
        START.replace(r#""seed":42,"generator":"chacha8","#, "").replace(r#""duration":60,"#, "");
    assert_eq!(Record::from(bare.clone()).to_json(), line);
    assert_eq!(parse(&line), Record::from(bare.clone()));
    let with_nulls = line.replace('}', r#","seed":null,"generator":null,"duration":null}"#);
    assert_eq!(parse(&with_nulls), Record::from(bare));
}

#[test]
fn there_are_three_reasons_to_stop() {
    for (reason, word) in [
        (StopReason::Duration, "duration"),
        (StopReason::Signal, "signal"),
        (StopReason::Fault, "fault"),
    ] {
        assert_eq!(serde_json::to_string(&reason).unwrap(), format!("{word:?}"));
        assert_eq!(word.parse(), Ok(reason));
    }
}

/// Small numbers, large ones, and those on both sides of a digit more.
fn number() -> impl Strategy<Value = u64> {
    let power = (0_u32..20, 0_u64..2).prop_map(|(digits, less)| 10_u64.pow(digits) - less);
    prop_oneof![0_u64..100, power, any::<u64>()]
}

/// Times near to ours, and as far as years have four digits.
fn any_time() -> impl Strategy<Value = Time> {
    const YEAR: i64 = 31_557_600_000_000;
    prop_oneof![0..60 * YEAR, -1969 * YEAR..8029 * YEAR].prop_map(Time::from_micros)
}

fn any_event() -> impl Strategy<Value = Record> {
    let head = || (any_time(), number(), number());
    let recipients = prop::collection::vec((any::<u32>(), number()), 0..5);
    prop_oneof![
        (head(), number(), number()).prop_map(|((time, tick, draw), queue, clock)| {
            Record::Internal(Internal { time, tick, draw, queue, clock })
        }),
        (head(), recipients, number(), number()).prop_map(
            |((time, tick, draw), recipients, queue, clock)| {
                let (to, seq): (Vec<u32>, Vec<u64>) = recipients.into_iter().unzip();
                let (to, seq) = (to.into(), seq.into());
                Record::Send(Send { time, tick, draw, to, seq, queue, clock })
            }
        ),
        (head(), any::<u32>(), number(), number(), number()).prop_map(
            |((time, tick, seq), from, stamp, queue, clock)| {
                Record::Receive(Receive { time, tick, from, seq, stamp, queue, clock })
            }
        ),
    ]
}

/// What the reader makes of a line, as serde does or says.
fn read(line: &str) -> Result<Record, String> {
    let text = format!("{line}\n");
    let mut reader = Reader::new(Cursor::new(text.as_bytes()), Path::new("log"));
    let line = reader.next().expect("a line");
    line.map(|line| line.record).map_err(|error| error.to_string())
}

/// A line with one byte of it replaced, left out or doubled.
fn damaged(line: &str, at: prop::sample::Index, byte: u8, how: u8) -> Option<String> {
    let mut bytes = line.as_bytes().to_vec();
    let at = at.index(bytes.len());
    match how {
        0 => bytes[at] = byte,
        1 => drop(bytes.remove(at)),
        _ => bytes.insert(at, bytes[at]),
    }
    String::from_utf8(bytes).ok().filter(|line| !line.contains('\n') && !line.starts_with('['))
}

proptest! {
    #[test]
    fn an_event_is_written_as_serde_writes_it(record in any_event()) {
        prop_assert_eq!(record.to_json(), serde_json::to_string(&record).unwrap());
    }

    #[test]
    fn a_time_is_written_as_jiff_writes_it_and_read_back(time in any_time(), micros: i64) {
        const RFC_3339: &str = "%Y-%m-%dT%H:%M:%S%.6fZ";
        prop_assert_eq!(time.to_string(), time.format(RFC_3339));
        prop_assert_eq!(time.to_string().parse::<Time>().ok(), Some(time));
        let any = Time::from_micros(micros);
        prop_assert_eq!(any.to_string(), any.format(RFC_3339));
    }

    #[test]
    fn a_damaged_time_is_what_jiff_takes_it_for(
        time in any_time(),
        at: prop::sample::Index,
        byte in prop_oneof![b'0'..=b'9', 32_u8..127],
        how in 0_u8..3,
    ) {
        if let Some(text) = damaged(&time.to_string(), at, byte, how) {
            let jiff = text.parse::<jiff::Timestamp>().ok().map(|time| time.as_microsecond());
            prop_assert_eq!(text.parse::<Time>().ok().map(Time::as_micros), jiff, "{}", text);
        }
    }

    #[test]
    fn an_event_survives_writing(record in any_event()) {
        prop_assert_eq!(read(&record.to_json()), Ok(record));
    }

    #[test]
    fn a_damaged_line_is_what_serde_takes_it_for(
        record in any_event(),
        at: prop::sample::Index,
        byte in prop_oneof![Just(b'0'), Just(b'1'), Just(b'9'), Just(b' '), Just(b'-'), Just(b'e'), 32_u8..127],
        how in 0_u8..3,
    ) {
        if let Some(line) = damaged(&record.to_json(), at, byte, how) {
            prop_assert_eq!(read(&line).ok(), serde_json::from_str(&line).ok(), "{}", line);
        }
    }

    #[test]
    fn a_start_survives_writing(
        run in ".*",
        seed: Option<u64>,
        generator in prop::option::of(".{0,9}"),
        rate in 1e-6..1e6,
        phase in prop_oneof![0.0..10.0, any::<f64>().prop_filter("finite", |phase| phase.is_finite())],
        duration in prop::option::of(0.0..1e18),
        clock: u64,
    ) {
        let rate = Rate::PerSecond(rate);
        let record = Record::from(Start { run, seed, generator, rate, phase, duration, clock, ..start() });
        let line = record.to_json();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(parse(&line), record);
    }
}
