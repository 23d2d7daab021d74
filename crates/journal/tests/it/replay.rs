//! A log held against the machine's code, and against what is known beside it.

use std::fs;

use journal::{
    Phase, Rate, ReadError, Record, RecoveryError, Replayed, StampRule, Start, StopReason, Terms,
    Topology, replay,
};
use machine::MachineId;

use crate::fleet::{Fleet, Plan};
use crate::refusals::LOG;
use crate::sample::{Log, START, lines, shown, start};

/// How far it came, and the error, if any, as it is shown.
fn outcome(log: &Log, terms: Terms) -> (u64, Option<String>) {
    let Replayed { records, error, .. } = replay(&log.path, terms);
    (records, error.map(|error| shown(&error, &log.path)))
}

fn unknown() -> Terms {
    Terms::default()
}

#[test]
fn a_whole_log_comes_out_the_same() {
    let replayed = replay(&Log::of(lines(&LOG)).path, unknown());
    assert_eq!((replayed.machines, replayed.incarnations, replayed.records), (Some(3), 2, 9));
    assert!(!replayed.seeded && !replayed.torn && replayed.error.is_none(), "{replayed:?}");
}

#[test]
fn machines_that_crashed_and_stopped_come_out_the_same() {
    let plan = Plan {
        machines: 3,
        topology: Topology::Full,
        stamp: StampRule::After,
        draw_max: 4,
        seed: 7,
        known: true,
    };
    let mut fleet = Fleet::new(plan);
    for round in 0..200 {
        let (from, to) = (round % 3, (round + 1 + round / 3 % 2) % 3);
        fleet.tick(from, 3);
        fleet.carry(from, to, 2);
        match round {
            60 => fleet.restart(1, "{\"event\":\"rec"),
            90 => {
                fleet.stop(2, StopReason::Signal);
                fleet.restart(2, "");
            }
            _ => {}
        }
    }
    for node in &fleet.nodes {
        let replayed = replay(&node.path, unknown());
        assert!(replayed.error.is_none() && replayed.seeded, "{replayed:?}");
        assert_eq!(replayed.records, node.records);
        assert_eq!(replayed.incarnations, node.start.incarnation);
    }
    assert!(fleet.nodes.iter().any(|node| node.start.incarnation == 2));
}

#[test]
fn a_departure_ends_the_replay_of_its_log() {
    let mut log = LOG;
    let edited = LOG[3].replace(r#""clock":6"#, r#""clock":7"#);
    log[3] = &edited;
    let log = Log::of(lines(&log));
    let said = "machine-1.jsonl:4: the machine's code gives clock 6, not 7";
    assert_eq!(outcome(&log, unknown()), (3, Some(said.to_owned())));
    assert_eq!(replay(&log.path, unknown()).machines, Some(3));
}

/// However far ahead of it the replay looks for receives.
#[test]
fn what_is_wrong_first_is_found_first() {
    let receive = LOG[3].replace(r#""queue":1"#, r#""queue":3"#);
    let wrong = receive.replace(r#""clock":6"#, r#""clock":7"#);
    let later = "damaged";
    for (line, records, said) in [
        (&wrong, 3, "4: the machine's code gives clock 6, not 7"),
        (&receive, 4, "5: not a record: expected value at column 1"),
    ] {
        let log = Log::of(lines(&[LOG[0], LOG[1], LOG[2], line, later, LOG[4]]));
        assert_eq!(outcome(&log, unknown()), (records, Some(format!("machine-1.jsonl:{said}"))));
    }
}

#[test]
fn a_torn_line_is_not_replayed_and_no_departure() {
    let whole = lines(&LOG);
    for length in [whole.len() - 1, whole.len() - 40] {
        let replayed = replay(&Log::of(&whole[..length]).path, unknown());
        assert!(replayed.torn && replayed.error.is_none(), "{replayed:?}");
        assert_eq!(replayed.records, 8);
    }
}

#[test]
fn a_log_that_holds_nothing_gives_nothing() {
    for (content, torn) in [("", false), (START, true), ("\0\0", true)] {
        let replayed = replay(&Log::of(content).path, unknown());
        assert!(replayed.error.is_none() && replayed.machines.is_none(), "{replayed:?}");
        assert_eq!((replayed.records, replayed.incarnations, replayed.torn), (0, 0, torn));
    }
}

#[test]
fn what_is_no_log_is_damaged() {
    for content in ["Dear diary,", "Dear diary,\n"] {
        let error = replay(&Log::of(content).path, unknown()).error;
        assert!(
            matches!(error, Some(RecoveryError::Read(ReadError::Damaged { line: 1, .. }))),
            "{error:?}"
        );
    }
    let error = replay(&Log::absent().path, unknown()).error;
    assert!(matches!(error, Some(RecoveryError::Read(ReadError::Io { .. }))), "{error:?}");
}

/// A log under the name of another machine.
#[test]
fn a_log_is_that_of_its_machine() {
    let log = Log::of(lines(&LOG));
    let of = |machine| outcome(&log, Terms { machine: Some(machine), phase: None });
    assert_eq!(of(1), (9, None));
    let said = "machine-1.jsonl:1: the first start must have machine 2, not 1";
    assert_eq!(of(2), (0, Some(said.to_owned())));
}

fn log_with_phase(rate: Rate, phase: f64) -> Log {
    Log::of(Record::from(Start { rate, phase, ..start() }).to_json() + "\n")
}

#[test]
fn the_first_phase_is_that_of_its_seed_where_the_run_says_so() {
    let rate = Rate::PerSecond(4.0);
    let drawn = Start::first_phase(Phase::Random, rate, 42, MachineId::new(1));
    let (random, aligned) = (Some(Phase::Random), Some(Phase::Aligned));
    for (rate, phase, known, is_good) in [
        (rate, drawn, random, true),
        (rate, drawn + 5e-7, random, true),
        (rate, drawn, None, true),
        (rate, drawn, aligned, false),
        (rate, drawn + 3e-6, random, false),
        (rate, 0.0, random, false),
        (rate, 0.0, aligned, true),
        (rate, 0.0, None, true),
        (Rate::Max, 0.0, random, true),
    ] {
        let log = log_with_phase(rate, phase);
        let (records, said) = outcome(&log, Terms { machine: None, phase: known });
        assert_eq!((records, said.is_none()), (u64::from(is_good), is_good), "{phase} {said:?}");
        let due = if known == aligned { 0.0 } else { drawn };
        let begin = format!("machine-1.jsonl:1: the first start must have phase {due}, not ");
        assert!(said.is_none_or(|said| said.starts_with(&begin)));
    }
}

/// Then nobody knows what its seed would give.
#[test]
fn the_phase_of_another_generator_is_taken_as_it_is() {
    let log = fs::read_to_string(log_with_phase(Rate::PerSecond(4.0), 0.001).path).unwrap();
    let terms = Terms { machine: Some(1), phase: Some(Phase::Random) };
    for other in [log.replace("chacha8", "dice"), log.replace(r#""seed":42,"#, "")] {
        let replayed = replay(&Log::of(other).path, terms);
        assert!(replayed.error.is_none() && !replayed.seeded, "{replayed:?}");
    }
}
