//! What a record is written as, to the byte: notebooks and old logs depend on it.

use journal::{Rate, Record, Start, StopReason};
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
        let record = Record::Start(Start { rate, ..start() });
        assert_eq!(parse(&line), record);
        let json = record.to_json();
        assert!(json.contains(&format!(r#""rate":{written},"#)), "{json}");
    }
}

#[test]
fn whole_seconds_are_written_without_a_fraction_and_read_with_one() {
    let (phase, duration) = (0.0, Some(90.0));
    let record = Record::Start(Start { phase, duration, ..start() });
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
    assert_eq!(Record::Start(bare.clone()).to_json(), line);
    assert_eq!(parse(&line), Record::Start(bare.clone()));
    let with_nulls = line.replace('}', r#","seed":null,"generator":null,"duration":null}"#);
    assert_eq!(parse(&with_nulls), Record::Start(bare));
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

proptest! {
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
        let record = Record::Start(Start { run, seed, generator, rate, phase, duration, clock, ..start() });
        let line = record.to_json();
        prop_assert!(!line.contains('\n'));
        prop_assert_eq!(parse(&line), record);
    }
}
