//! C1 to C5.

use check::Rule;
use journal::{Record, StampRule};

use super::{check, expect, judged, last_receive, last_send, position, start};
use crate::simulator::Run;
use crate::{Logs, judge};

#[test]
fn c1_an_internal_event_adds_two() {
    let fault = |logs: &mut Logs| {
        let log = &mut logs[2];
        let last = log.len() - 1;
        let place = position(&log[..last], |before, record| {
            matches!((before, record), (Record::Internal(_), Record::Internal(_)))
        });
        for record in &mut log[place..] {
            add_to_clock(record, 1);
        }
    };
    let verdict = check(&Run::default(), fault, &[Rule::C1, Rule::C4, Rule::C5, Rule::M1]);
    assert_eq!(verdict.finding(Rule::C1).violations, 1, "said once");
    assert_eq!(verdict.first_violation().unwrap().witnesses.len(), 2);
}

fn add_to_clock(record: &mut Record, more: u64) {
    match record {
        Record::Start(it) => it.clock += more,
        Record::Internal(it) => it.clock += more,
        Record::Send(it) => it.clock += more,
        Record::Receive(it) => it.clock += more,
        Record::Stop(it) => it.clock += more,
    }
}

#[test]
fn c1_a_send_forgets_to_add() {
    let fault = |logs: &mut Logs| last_send(&mut logs[0]).clock -= 1;
    let verdict = check(&Run::default(), fault, &[Rule::C1, Rule::C3, Rule::C5, Rule::M1]);
    let found = &verdict.finding(Rule::C1).first_violation;
    assert!(found.as_ref().unwrap().found.starts_with("clock "));
}

#[test]
fn c2_a_receive_takes_the_maximum_without_adding() {
    let verdict = judged(|logs| last_receive(&mut logs[1]).clock -= 1);
    assert_eq!(verdict.first, Some(Rule::C2), "{verdict}");
    assert!(verdict.finding(Rule::C5).violations > 0);
}

#[test]
fn c3_a_restart_turns_the_clock_back() {
    let mut logs = Run::with_crash().simulate();
    let log = &mut logs[1];
    let restart = log.iter().rposition(|it| matches!(it, Record::Start(_))).unwrap();
    start(log).clock = 0;
    match &mut log[restart + 1] {
        Record::Internal(it) => it.clock = 1,
        Record::Send(it) => it.clock = 1,
        Record::Receive(it) => it.clock = 1,
        _ => unreachable!("a start is followed by events"),
    }
    let verdict = judge(&logs);
    assert_eq!(verdict.first, Some(Rule::L2), "{verdict}");
    assert_eq!(verdict.finding(Rule::C3).violations, 1, "{verdict}");
}

#[test]
fn c4_c5_stamps_from_before_the_increment() {
    let run = Run { stamp: StampRule::Before, ..Run::default() };
    let verdict = expect(judge(&run.simulate()), &[Rule::C4, Rule::C5]);
    let violation = verdict.finding(Rule::C4).first_violation.as_ref().unwrap();
    assert_eq!(violation.witnesses.len(), 2, "the send and the receive");
    let [wrong, judged] = [Rule::C4, Rule::C5].map(|rule| verdict.finding(rule).violations);
    assert!(wrong <= judged && judged <= verdict.tallies.received);
}

#[test]
fn c5_a_clock_that_begins_ahead() {
    let fault = |logs: &mut Logs| {
        // Everything of machine 3 and what follows from it would have to move;
        // its last stretch without messages moves alone.
        let log = &mut logs[2];
        let tail = log.iter().rposition(|it| matches!(it, Record::Send(_))).unwrap() + 1;
        for record in &mut log[tail..] {
            add_to_clock(record, 3);
        }
    };
    let verdict = judged(fault);
    assert_eq!(verdict.finding(Rule::C5).violations, 1, "said once: {verdict}");
}
