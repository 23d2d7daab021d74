//! Good runs hold, and every rule that applies was put to the test.

use std::time::Duration;

use check::Rule;
use journal::{Pacing, Rate, Record, Time, Topology};
use proptest::prelude::*;

use crate::simulator::{Crash, Run};
use crate::{expect_holds, folder_of, judge, judge_by, judge_folder};

#[test]
fn every_rule_but_the_one_on_unknown_draws() {
    expect_holds(&judge(&Run::default().simulate()), &[Rule::S1]);
}

#[test]
fn unknown_draws_are_tested_for_their_mix() {
    expect_holds(&judge(&Run::of_unknown_draws().simulate()), &[Rule::S2]);
}

#[test]
fn a_crash_and_a_restart() {
    let logs = Run::with_crash().simulate();
    let starts = logs[1].iter().filter(|record| matches!(record, Record::Start(_)));
    assert_eq!(starts.count(), 2);
    expect_holds(&judge(&logs), &[Rule::S1]);
}

#[test]
fn in_files_and_by_a_manifest() {
    let run = Run::with_crash();
    let logs = run.simulate();
    let from_files = judge_folder(&folder_of(&logs));
    assert_eq!(from_files, judge(&logs));
    let by_manifest = judge_by(&logs, Some(run.manifest()));
    expect_holds(&by_manifest, &[Rule::S1]);
    let comparisons = |verdict: &check::Verdict| verdict.finding(Rule::L2).exercised;
    assert!(comparisons(&by_manifest) > comparisons(&from_files));
}

#[test]
fn the_manifest_of_a_folder_is_read() {
    let run = Run::default();
    let folder = folder_of(&run.simulate());
    let manifest = "run = \"another\"\nmachines = 3\nrates = [2, 5, 11]\ndraw_max = 10\n\
        topology = \"full\"\npacing = \"even\"\nphase = \"random\"\nstamp = \"after\"\nseed = 7\n\
        duration = \"60s\"\n";
    let path = folder.path().join("run.toml");
    std::fs::write(&path, manifest).unwrap();
    assert_eq!(judge_folder(&folder).first, Some(Rule::L2));
    std::fs::write(&path, manifest.replace("another", "test")).unwrap();
    expect_holds(&judge_folder(&folder), &[Rule::S1]);
}

#[test]
fn bursts_are_not_held_to_the_sliding_second() {
    let run = Run { pacing: Pacing::Burst, ..Run::default() };
    expect_holds(&judge(&run.simulate()), &[Rule::S1, Rule::T1]);
}

fn set_time(record: &mut Record, time: Time) {
    match record {
        Record::Start(it) => it.time = time,
        Record::Internal(it) => it.time = time,
        Record::Send(it) => it.time = time,
        Record::Receive(it) => it.time = time,
        Record::Stop(it) => it.time = time,
    }
}

/// Slots of the last 50 ms may run after the end of the run.
#[test]
fn a_run_may_end_with_late_ticks() {
    let run = Run { rates: vec![100.0, 5.0], seconds: 10.0, ..Run::default() };
    let mut logs = run.simulate();
    let end = match &logs[0][0] {
        Record::Start(start) => start.time.after(Duration::from_secs(10)),
        other => panic!("{other:?}"),
    };
    let late = end.after(Duration::from_millis(45));
    for record in logs[0].iter_mut().rev().take(5) {
        set_time(record, late);
    }
    expect_holds(&judge(&logs), &[Rule::S1]);
    let Some(Record::Stop(stop)) = logs[0].last_mut() else { panic!("no stop record") };
    stop.missed += 7;
    assert_eq!(judge(&logs).first, Some(Rule::T2), "more than were due until the stop");
}

#[test]
fn without_a_rate_time_is_not_judged() {
    let mut logs = Run::default().simulate();
    for log in &mut logs {
        if let Record::Start(start) = &mut log[0] {
            start.rate = Rate::Max;
        }
    }
    expect_holds(&judge(&logs), &[Rule::S1, Rule::T1, Rule::T2]);
}

#[test]
fn seeds_may_differ_where_no_manifest_says_otherwise() {
    let mut logs = Run::of_unknown_draws().simulate();
    for (position, log) in logs.iter_mut().enumerate() {
        if let Record::Start(start) = &mut log[0] {
            start.seed = Some(position as u64);
        }
    }
    expect_holds(&judge(&logs), &[Rule::S2]);
    let by_manifest = judge_by(&logs, Some(Run::default().manifest()));
    assert_eq!(by_manifest.first, Some(Rule::L2));
}

#[test]
fn what_is_counted() {
    let logs = Run::default().simulate();
    let tallies = judge(&logs).tallies;
    let records = || logs.iter().flatten();
    let events = records().filter(|record| record.tick().is_some());
    let sent = records().map(|record| match record {
        Record::Send(send) => send.to.len(),
        _ => 0,
    });
    let received = records().filter(|record| matches!(record, Record::Receive(_)));
    let queued = records().map(|record| match record {
        Record::Stop(stop) => stop.queue,
        _ => 0,
    });
    assert_eq!(tallies.machines, 3);
    assert_eq!(tallies.events, events.count() as u64);
    assert_eq!(tallies.sent, sent.sum::<usize>() as u64);
    assert_eq!(tallies.received, received.count() as u64);
    assert_eq!(tallies.queued, queued.sum::<u64>());
    assert!(tallies.queued > 0);
    assert_eq!((tallies.lost, tallies.repeated), (0, 0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_the_experiment(
        rates in prop::collection::vec(prop_oneof![(1..=6_u32).prop_map(f64::from), 0.3..9.0], 2..=6),
        seed: u64,
        draw_max in 1..=20_u64,
        is_ring: bool,
        is_burst: bool,
        crash in prop::option::of((any::<prop::sample::Index>(), 0.0..12.0, 0.0..7.0)),
    ) {
        let crash = crash.map(|(machine, at, down)| Crash {
            machine: machine.index(rates.len()),
            at,
            until: at + down,
        });
        let run = Run {
            rates,
            seed,
            draw_max,
            topology: if is_ring { Topology::Ring } else { Topology::Full },
            pacing: if is_burst { Pacing::Burst } else { Pacing::Even },
            crash,
            seconds: 20.0,
            ..Run::default()
        };
        let verdict = judge_by(&run.simulate(), Some(run.manifest()));
        prop_assert_eq!(verdict.outcome, check::Outcome::Holds, "{}", verdict);
    }
}
