//! Whatever the logs say, the judge comes to an end and says something.

use check::{Judge, Outcome, Records};
use journal::{
    FORMAT, Internal, Pacing, Rate, Receive, Record, Send, StampRule, Start, Stop, StopReason,
    Time, Topology,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use crate::simulator::{Crash, Run};

fn number() -> impl Strategy<Value = u64> {
    prop_oneof![
        8 => 0..6_u64,
        1 => any::<u64>(),
        1 => Just(u64::MAX),
    ]
}

fn machine() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..5_u32, 1 => any::<u32>(), 1 => Just(u32::MAX)]
}

fn time() -> impl Strategy<Value = Time> {
    prop_oneof![
        6 => (0..5_000_000_i64).prop_map(Time::from_micros),
        1 => any::<i64>().prop_map(Time::from_micros),
    ]
}

fn rate() -> impl Strategy<Value = Rate> {
    prop_oneof![
        Just(Rate::Max),
        prop_oneof![0.1..10.0, Just(f64::MIN_POSITIVE), Just(f64::MAX), Just(1e6)]
            .prop_map(Rate::PerSecond),
    ]
}

fn start() -> impl Strategy<Value = Record> {
    (
        (time(), machine(), machine(), any::<bool>(), rate(), number()),
        (option::of(number()), any::<bool>(), -1.0..2.0, any::<bool>(), any::<bool>()),
        (option::of(0.0..9.0), machine(), number()),
    )
        .prop_map(|((time, machine, machines, ring, rate, draw_max), second, third)| {
            let (seed, generator, phase, burst, before) = second;
            let (duration, incarnation, clock) = third;
            Record::from(Start {
                log: FORMAT.to_owned(),
                time,
                run: "run".to_owned(),
                machine,
                machines,
                topology: if ring { Topology::Ring } else { Topology::Full },
                rate,
                draw_max,
                seed,
                generator: generator.then(|| "chacha8".to_owned()),
                phase,
                pacing: if burst { Pacing::Burst } else { Pacing::Even },
                stamp: if before { StampRule::Before } else { StampRule::After },
                duration,
                incarnation,
                clock,
            })
        })
}

fn record() -> impl Strategy<Value = Record> {
    prop_oneof![
        1 => start(),
        3 => (time(), number(), number(), number(), number()).prop_map(
            |(time, tick, draw, queue, clock)| {
                Record::Internal(Internal { time, tick, draw, queue, clock })
            }
        ),
        5 => (time(), number(), number(), vec(machine(), 0..4), vec(number(), 0..4), number(), number())
            .prop_map(|(time, tick, draw, to, seq, queue, clock)| {
                Record::Send(Send { time, tick, draw, to: to.into(), seq: seq.into(), queue, clock })
            }),
        5 => (time(), number(), machine(), number(), number(), number(), number()).prop_map(
            |(time, tick, from, seq, stamp, queue, clock)| {
                Record::Receive(Receive { time, tick, from, seq, stamp, queue, clock })
            }
        ),
        1 => (time(), number(), number(), number(), number(), number()).prop_map(
            |(time, ticks, missed, queue, in_flight, clock)| {
                Record::Stop(Stop {
                    time,
                    reason: StopReason::Signal,
                    ticks,
                    missed,
                    queue,
                    in_flight,
                    clock,
                })
            }
        ),
    ]
}

fn survives(logs: Vec<(u32, Vec<Record>)>) -> check::Verdict {
    let mut judge = Judge::new("run", None);
    let mut events = 0;
    let mut machines: Vec<u32> = Vec::new();
    for (machine, log) in logs {
        if !machines.contains(&machine) {
            machines.push(machine);
            events += log.iter().filter(|record| record.tick().is_some()).count() as u64;
        }
        judge.add(machine, Ok(Records::new(log)));
    }
    let verdict = judge.verdict();
    assert_eq!(verdict.tallies.events, events, "every record is consumed once");
    assert!(!verdict.to_string().is_empty());
    assert!(!serde_json::to_string(&verdict).unwrap().is_empty());
    verdict
}

/// A change of one record of a good run.
#[derive(Clone, Debug)]
enum Change {
    Remove,
    Repeat,
    SwapWithNext,
    Replace(Record),
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        Just(Change::Remove),
        Just(Change::Repeat),
        Just(Change::SwapWithNext),
        record().prop_map(Change::Replace),
    ]
}

/// The record at no particular time.
fn timeless(mut record: Record) -> Record {
    match &mut record {
        Record::Start(it) => it.time = Time::from_micros(0),
        Record::Internal(it) => it.time = Time::from_micros(0),
        Record::Send(it) => it.time = Time::from_micros(0),
        Record::Receive(it) => it.time = Time::from_micros(0),
        Record::Stop(it) => it.time = Time::from_micros(0),
    }
    record
}

fn change_record(log: &mut Vec<Record>, place: usize, change: Change) {
    match change {
        Change::Remove => drop(log.remove(place)),
        Change::Repeat => log.insert(place, log[place].clone()),
        Change::SwapWithNext => log.swap(place, place + 1),
        // Times may be any, but for T1 and T2.
        Change::Replace(record) if timeless(record.clone()) == timeless(log[place].clone()) => {}
        Change::Replace(record) => log[place] = record,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn records(logs in vec((machine(), vec(record(), 0..25)), 0..5)) {
        survives(logs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// No change of a few records, the last ones apart, goes unnoticed.
    #[test]
    fn good_runs_with_changes(
        seed: u64,
        changes in vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), change()), 1..6),
    ) {
        let crash = Crash { machine: 1, at: 5.0, until: 6.5 };
        let run = Run { seed, seconds: 15.0, crash: Some(crash), ..Run::default() };
        let mut logs = run.simulate();
        let original = logs.clone();
        for (log, place, change) in changes {
            let count = logs.len();
            let log = &mut logs[log.index(count)];
            let place = place.index(log.len() - 1);
            change_record(log, place, change);
        }
        let changed = logs != original;
        let numbered = logs.into_iter().zip(1..).map(|(log, machine)| (machine, log));
        let verdict = survives(numbered.collect());
        prop_assert_eq!(verdict.outcome == Outcome::Holds, !changed, "{}", verdict);
    }
}
