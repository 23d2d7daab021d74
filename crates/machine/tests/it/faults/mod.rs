//! A laboratory of faults: two or three endpoints, connections that carry frames
//! in order but can be cut, given up or outlived by a crash at any moment, and
//! logs from which crashed machines come back. The histories are arbitrary, the
//! laws are those of section 4 of the design.

mod connection;
mod heal;
mod history;
mod lab;
mod laws;
mod link;
mod log;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use history::{History, history};
use lab::{Lab, Seen};

/// Plays a history, heals everything and holds the laws against the logs.
fn check(history: &History) -> Seen {
    let mut lab = Lab::new(history.machines, history.drivers);
    for op in &history.ops {
        lab.apply(op);
    }
    laws::hold_at_any_time(&lab);
    heal::everything(&mut lab);
    laws::hold_at_any_time(&lab);
    laws::hold_after_healing(&lab);
    lab.seen
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn links_lose_nothing_repeat_nothing_and_keep_the_order(history in history()) {
        check(&history);
    }
}

/// What must have happened in the histories below: laws that judged nothing did
/// not hold.
const SOMETIMES: [&str; 17] = [
    "read late, after a crash",
    "an older connection was heard after a newer one",
    "closed a connection for an acknowledgement",
    "closed a connection for a stale hello",
    "crashed",
    "crashed as a receiver between arrival and receipt",
    "crashed before a step was in the log",
    "crashed between the log and the commit",
    "crashed more than once",
    "cut off frames",
    "gave up a connection that still carried frames",
    "held back a step that is not in the log",
    "received",
    "repeated",
    "resent",
    "resumed after a part",
    "welcomed further back than before",
];

#[test]
fn the_histories_sometimes_do_the_worst() {
    let mut runner = TestRunner::deterministic();
    let mut seen = Seen::default();
    for _ in 0..1_000 {
        let history = history().new_tree(&mut runner).unwrap().current();
        for (what, times) in check(&history) {
            *seen.entry(what).or_default() += times;
        }
    }
    for what in SOMETIMES {
        let times = seen.get(what).copied().unwrap_or(0);
        assert!(times >= 10, "{what}: only {times} times; {seen:#?}");
    }
}
