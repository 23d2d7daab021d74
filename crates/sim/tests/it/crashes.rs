//! Processes that are killed and come back.

use journal::Record;
use sim::Effect;

use crate::run::{Outcome, holds, simulate, with};

fn incarnations(outcome: &Outcome, machine: usize) -> usize {
    outcome.logs[machine - 1].iter().filter(|record| matches!(record, Record::Start(_))).count()
}

#[test]
fn a_killed_machine_comes_back_and_nothing_is_lost() {
    let crash = holds("crash 1@15s..18s");
    assert!(matches!(
        crash.effect(),
        Effect::Crash { killed: 1, inboxes: 1.., torn: 0, forgotten: 0, .. }
    ));
    assert_eq!(incarnations(&crash, 1), 2);
    assert!(crash.tally.resent > 0, "what lay in its inbox came again");
    assert_eq!((crash.ticks(2), crash.ticks(3)), (180, 360), "the others tick on");
    // The first slot of an incarnation is due a whole period after its start.
    assert_eq!(crash.ticks(1), 15 + 41);
}

#[test]
fn all_may_be_killed_at_once() {
    let crash = holds("crash all@15s..18s, latency 10ms");
    assert!(matches!(crash.effect(), Effect::Crash { killed: 3, .. }));
    assert!((1..=3).all(|machine| incarnations(&crash, machine) == 2));
}

#[test]
fn a_write_may_be_torn() {
    let mut torn_bytes = 0;
    let mut forgotten_events = 0;
    for seed in 0..40 {
        let mut plan = with("crash torn:all@15s..18s, crash torn:2@25s..26s");
        plan.manifest.seed = seed;
        let outcome = simulate(plan);
        assert_eq!(outcome.verdict.outcome, check::Outcome::Holds, "{}", outcome.verdict);
        assert_eq!(outcome.tally.refusals, Vec::<String>::new());
        assert_eq!(incarnations(&outcome, 2), 3);
        for (_, effect) in &outcome.tally.faults {
            let &Effect::Crash { torn, forgotten, .. } = effect else { panic!("{effect}") };
            torn_bytes += torn;
            forgotten_events += forgotten;
        }
    }
    // Each of 160 writes is cut at any of its bytes, the last included.
    assert!((140..=160).contains(&forgotten_events), "{forgotten_events}");
    assert!((40..80).contains(&(torn_bytes / forgotten_events)), "{torn_bytes}");
}

#[test]
fn who_is_killed_twice_stays_dead_until_both_are_over() {
    for (words, kept_down) in [
        ("crash 1@10s..20s, crash 1@15s..17s", 1),
        ("crash 1@10s..16s, crash 1@15s..20s", 1),
        ("crash 1@10s..15s, crash 1@15s..20s", 1),
    ] {
        let crash = holds(words);
        assert_eq!(incarnations(&crash, 1), 2, "{words}");
        let second = &crash.tally.faults[1].1;
        assert!(matches!(second, &Effect::Crash { killed: 0, kept_down: k, .. } if k == kept_down));
        assert_eq!(second.to_string(), "kept 1 machine down");
        assert_eq!(crash.ticks(1), 10 + 39);
    }
}

#[test]
fn a_torn_crash_under_another_still_strikes() {
    let mut plan = with("crash torn:1@1s..9s, crash torn:1@2s..3s");
    plan.manifest.rates[0] = journal::Rate::PerSecond(0.1);
    for seed in 0..20 {
        plan.manifest.seed = seed;
        let outcome = simulate(plan.clone());
        let first_slot = journal::Start::first_phase(
            journal::Phase::Random,
            plan.manifest.rates[0],
            seed,
            machine::MachineId::new(1),
        );
        let strikes = (1.0..9.0).contains(&first_slot);
        assert_eq!(outcome.effect().is_nothing(), !strikes, "{seed}: {}", outcome.effect());
    }
}

#[test]
fn who_does_not_come_back_leaves_no_verdict() {
    let crash = simulate(with("crash 2@30s.."));
    assert_eq!(crash.verdict.outcome, check::Outcome::CannotTell);
    let late = simulate(with("crash 2@30s..80s, crash 2@81s..90s"));
    assert_eq!(late.tally.too_late, [machine::MachineId::new(2)]);
    assert_eq!(late.tally.refusals, Vec::<String>::new());
}

#[test]
fn who_is_killed_before_it_ticked_begins_anew() {
    let crash = holds("cut 1@0s..4s, crash 1@1s..3s");
    assert_eq!(incarnations(&crash, 1), 1);
    assert_eq!(crash.ticks(1), 60);
}
