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
        Effect::Crash { killed: 1, inboxes: 1.., torn: 0, forgotten: 0 }
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
    let crash = holds("crash 1@10s..20s, crash 1@15s..17s");
    assert_eq!(incarnations(&crash, 1), 2);
    assert!(matches!(crash.tally.faults[1].1, Effect::Crash { killed: 0, .. }));
}

#[test]
fn who_does_not_come_back_leaves_no_verdict() {
    let crash = simulate(with("crash 2@30s.."));
    assert_eq!(crash.verdict.outcome, check::Outcome::CannotTell);
    let late = simulate(with("crash 2@30s..80s"));
    assert_eq!(late.tally.refusals, ["the run of machine 2 is over"]);
}

#[test]
fn who_is_killed_before_it_ticked_begins_anew() {
    let crash = holds("cut 1@0s..4s, crash 1@1s..3s");
    assert_eq!(incarnations(&crash, 1), 1);
    assert_eq!(crash.ticks(1), 60);
}
