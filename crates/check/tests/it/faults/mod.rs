//! One fault each in a good run, and the rule that catches it.

mod clocks;
mod machines;
mod messages;

use check::{Outcome, Rule, Verdict};
use journal::{Internal, Receive, Record, Send, Start, Stop};

use crate::simulator::Run;
use crate::{Logs, judge, violated};

/// Expects that the faults are caught: the first of `rules` first, and no others
/// than `rules`.
#[track_caller]
fn check(run: &Run, fault: impl FnOnce(&mut Logs), rules: &[Rule]) -> Verdict {
    let mut logs = run.simulate();
    assert_eq!(judge(&logs).outcome, Outcome::Holds);
    fault(&mut logs);
    expect(judge(&logs), rules)
}

#[track_caller]
fn expect(verdict: Verdict, rules: &[Rule]) -> Verdict {
    assert_eq!(violated(&verdict), rules, "{verdict}");
    assert_eq!(verdict.outcome, Outcome::Violated);
    let violation = verdict.first_violation().unwrap();
    assert_eq!(violation.rule, rules[0]);
    assert!(violation.witnesses.len() <= check::WITNESSES_MAX);
    assert_ne!(violation.expected, violation.found);
    verdict
}

/// The last record of its kind.
macro_rules! last {
    ($log:expr, $kind:ident) => {
        $log.iter_mut()
            .rev()
            .find_map(|record| match record {
                Record::$kind(it) => Some(it),
                _ => None,
            })
            .unwrap()
    };
}

fn last_internal(log: &mut [Record]) -> &mut Internal {
    last!(log, Internal)
}

fn last_receive(log: &mut [Record]) -> &mut Receive {
    last!(log, Receive)
}

fn last_send(log: &mut [Record]) -> &mut Send {
    last!(log, Send)
}

fn stop(log: &mut [Record]) -> &mut Stop {
    last!(log, Stop)
}

fn start(log: &mut [Record]) -> &mut Start {
    last!(log, Start)
}

fn position(log: &[Record], is: impl Fn(&Record, &Record) -> bool) -> usize {
    let mut pairs = log.windows(2);
    pairs.position(|pair| is(&pair[0], &pair[1])).unwrap() + 1
}

/// As [`check`], where which rules follow is chance.
fn judged(fault: impl FnOnce(&mut Logs)) -> Verdict {
    let mut logs = Run::default().simulate();
    fault(&mut logs);
    judge(&logs)
}

/// Puts a copy of the last receive but one where an internal event was.
fn repeat_a_receive(logs: &mut Logs) {
    let log = &mut logs[2];
    let place = position(log, |before, record| match (before, record) {
        (Record::Receive(receive), Record::Internal(_)) => receive.queue == 0,
        _ => false,
    });
    let (Record::Receive(receive), Record::Internal(internal)) = (&log[place - 1], &log[place])
    else {
        unreachable!()
    };
    log[place] = Record::Receive(Receive {
        time: internal.time,
        tick: internal.tick,
        clock: internal.clock,
        ..receive.clone()
    });
}

#[test]
fn one_fault_does_not_hide_another() {
    let verdict = judged(|logs| {
        repeat_a_receive(logs);
        stop(&mut logs[0]).ticks += 1;
        let internal = last_internal(&mut logs[1]);
        internal.queue = 3;
    });
    for rule in [Rule::M2, Rule::L1, Rule::Q1] {
        assert!(violated(&verdict).contains(&rule), "{rule}: {verdict}");
    }
}
