//! What people and programs read.

use check::{Outcome, Rule};
use journal::Record;

use crate::simulator::Run;
use crate::{folder_of, judge, judge_folder};

#[test]
fn a_run_that_holds_takes_two_lines() {
    let verdict = judge(&Run::default().simulate());
    let text = verdict.to_string();
    let t = verdict.tallies;
    let expected = format!(
        "Holds: 21 rules, {} events; {} messages sent, {} received, {} still queued, 0 lost, 0 \
         repeated.\nJudged nothing: S1.",
        t.events, t.sent, t.received, t.queued
    );
    assert_eq!(text, expected);
}

#[test]
fn a_violation_is_shown_with_its_witnesses() {
    let mut logs = Run::default().simulate();
    let place = logs[2].iter().position(|it| matches!(it, Record::Receive(_))).unwrap();
    let before = logs[2][place - 1].clock();
    let Record::Receive(receive) = &mut logs[2][place] else { unreachable!() };
    let stamp = receive.stamp;
    let right = receive.clock;
    receive.clock += 1;
    let folder = folder_of(&logs);
    let verdict = judge_folder(&folder);
    assert_eq!(verdict.outcome, Outcome::Violated);
    let text = verdict.to_string();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Violated: C2, a receive sets the clock to max(clock, stamp) + 1.");
    let path = folder.path().join("machine-3.jsonl");
    assert!(lines[1].starts_with(&format!("  {}:{place}  tick ", path.display())), "{text}");
    assert!(lines[1].ends_with(&format!("clock {before}")), "{text}");
    assert!(lines[2].contains(", receive of message 1 from machine "), "{text}");
    assert_eq!(lines[3], format!("  expected  clock max({before}, {stamp}) + 1 = {right}"));
    assert_eq!(lines[4], format!("  found     clock {}", right + 1));
    assert!(lines[5].starts_with("In all, violated C1 once, C2 once, "), "{text}");
}

#[test]
fn every_witness_in_a_file_has_its_record() {
    let mut logs = Run::default().simulate();
    let log = &mut logs[2];
    let place = log.iter().rposition(|it| matches!(it, Record::Receive(_))).unwrap();
    let again = log[place].clone();
    log.insert(place + 1, again);
    let verdict = judge_folder(&folder_of(&logs));
    let twice = verdict.finding(Rule::M2).first_violation.as_ref().unwrap();
    assert_eq!(twice.witnesses.len(), 2, "the first receive is looked up");
    let findings = verdict.rules.iter();
    let witnesses = findings
        .filter_map(|finding| finding.first_violation.as_ref())
        .flat_map(|violation| &violation.witnesses);
    for witness in witnesses {
        assert!(witness.record.is_some(), "{witness:?}");
    }
}

#[test]
fn the_table_has_a_line_for_each_rule() {
    let verdict = judge(&Run::default().simulate());
    let table = verdict.rules_table();
    assert_eq!(table.lines().count(), 1 + Rule::ALL.len());
    for (line, rule) in table.lines().skip(1).zip(Rule::ALL) {
        assert!(line.starts_with(rule.id()) && line.ends_with(rule.claim()));
    }
}

#[test]
fn json_has_stable_keys() {
    let mut logs = Run::default().simulate();
    logs[0].pop();
    if let Some(Record::Stop(stop)) = logs[1].last_mut() {
        stop.ticks += 1;
    }
    let json = serde_json::to_value(judge(&logs)).unwrap();
    assert_eq!(json["outcome"], "violated");
    assert_eq!(json["first"], "L1");
    assert_eq!(json["rules"][0]["rule"], "C1");
    assert_eq!(json["rules"][0]["violations"], 0);
    assert!(json["rules"][0]["exercised"].as_u64() > Some(0));
    assert!(json["rules"][0]["first_violation"].is_null());
    let l1 = &json["rules"][Rule::L1 as usize];
    assert_eq!(l1["first_violation"]["witnesses"][1]["file"], "run/machine-2.jsonl");
    assert_eq!(l1["first_violation"]["witnesses"][1]["record"]["event"], "stop");
    assert_eq!(json["reasons"][0]["file"], "run/machine-1.jsonl");
    assert!(json["reasons"][0]["line"].is_u64());
    assert_eq!(json["tallies"]["machines"], 3);
}

/// What a verdict says was found, for the first violation that `fault` leads to.
fn said(fault: impl FnOnce(&mut crate::Logs)) -> [String; 2] {
    let mut logs = Run::default().simulate();
    fault(&mut logs);
    let verdict = judge(&logs);
    let violation = verdict.first_violation().unwrap();
    [violation.expected.clone(), violation.found.clone()]
}

#[test]
fn what_was_expected_and_found_can_be_read_without_the_code() {
    let first = |record: &&mut Record| matches!(record, Record::Send(_));
    let [expected, found] = said(|logs| {
        let Some(Record::Send(send)) = logs[0].iter_mut().find(first) else { unreachable!() };
        send.to = vec![1].into();
    });
    assert!(expected.contains(": a send to "), "{expected}");
    assert_eq!(found, "a send to 1");
    let [expected, found] = said(|logs| {
        let Record::Start(start) = &mut logs[0][0] else { unreachable!() };
        start.clock = 7;
    });
    assert_eq!(
        [expected.as_str(), &found],
        ["clock 0, which every machine begins with", "clock 7"]
    );
    let [expected, found] = said(|logs| {
        let Record::Start(start) = &mut logs[1][0] else { unreachable!() };
        start.machine = 3;
    });
    assert_eq!([expected.as_str(), &found], ["machine 2, as the log is named", "machine 3 of 3"]);
}

#[test]
fn a_violation_in_logs_that_are_not_whole_says_so_line_by_line() {
    let mut logs = Run::default().simulate();
    logs[0].pop();
    let Some(Record::Stop(stop)) = logs[1].last_mut() else { unreachable!() };
    stop.ticks += 1;
    let text = judge(&logs).to_string();
    let lines: Vec<&str> = text.lines().collect();
    let [.., head, reason, last] = lines.as_slice() else { panic!("{text}") };
    assert_eq!(*head, "There may be more, for not every log is whole:");
    assert!(reason.starts_with("  run/machine-1.jsonl:"), "{text}");
    assert_eq!(*last, "Judged nothing: S1.");
}
