//! Logs that are not whole.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use check::{Outcome, Rule, Verdict};

use crate::simulator::Run;
use crate::{folder_of, judge_folder, violated};

/// Expects that the judge cannot tell, for reasons that say `what`, after `fault`
/// was done to the log of machine 2.
#[track_caller]
fn check(fault: impl FnOnce(&Path), what: &[&str]) -> Verdict {
    let folder = folder_of(&Run::default().simulate());
    let path = folder.path().join("machine-2.jsonl");
    fault(&path);
    let verdict = judge_folder(&folder);
    assert_eq!(verdict.outcome, Outcome::CannotTell, "{verdict}");
    assert_eq!(verdict.outcome.exit_code(), 3);
    assert_eq!(verdict.reasons.len(), what.len(), "{verdict}");
    for (reason, what) in verdict.reasons.iter().zip(what) {
        assert_eq!(reason.file, path);
        assert!(reason.to_string().contains(what), "{reason}");
        assert!(verdict.to_string().contains(&reason.to_string()));
    }
    verdict
}

fn edit(path: &Path, edit: impl FnOnce(&mut Vec<&str>)) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<&str> = text.lines().collect();
    edit(&mut lines);
    let lines = lines.into_iter().map(|line| line.to_owned() + "\n");
    fs::write(path, lines.collect::<String>()).unwrap();
}

#[test]
fn a_log_is_missing() {
    check(|path| fs::remove_file(path).unwrap(), &["is missing"]);
}

#[test]
fn a_log_is_empty() {
    check(|path| fs::write(path, "").unwrap(), &["is empty"]);
}

#[test]
fn a_log_holds_half_a_line() {
    let fault = |path: &Path| fs::write(path, "{\"event\"").unwrap();
    check(fault, &["is empty", ":1: the last line is torn"]);
}

#[test]
fn a_log_is_no_file() {
    let fault = |path: &Path| {
        fs::remove_file(path).unwrap();
        fs::create_dir(path).unwrap();
    };
    check(fault, &["cannot be read"]);
}

#[test]
fn a_line_is_damaged() {
    for line in [0, 1, 100, 250] {
        let what = format!(":{}: not a record", line + 1);
        check(|path| edit(path, |lines| lines[line] = "{}"), &[&what]);
    }
}

#[test]
fn the_last_line_is_torn() {
    let fault = |path: &Path| {
        let mut file = fs::OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"{\"event\":").unwrap();
    };
    check(fault, &["the last line is torn"]);
}

#[test]
fn a_machine_crashed() {
    check(|path| edit(path, |lines| lines.truncate(lines.len() - 1)), &["without a stop"]);
    let fault = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, text.trim_end()).unwrap();
    };
    check(fault, &["without a stop", "the last line is torn"]);
}

#[test]
fn the_format_is_another() {
    let fault = |path: &Path| {
        let text = fs::read_to_string(path).unwrap();
        fs::write(path, text.replace("offbeat-log/1", "offbeat-log/2")).unwrap();
    };
    check(fault, &["offbeat-log/2"]);
}

#[test]
fn a_violation_found_anyway_wins() {
    let folder = folder_of(&Run::default().simulate());
    fs::remove_file(folder.path().join("machine-2.jsonl")).unwrap();
    edit(&folder.path().join("machine-3.jsonl"), |lines| lines.swap(5, 6));
    let verdict = judge_folder(&folder);
    assert_eq!(verdict.outcome, Outcome::Violated, "{verdict}");
    assert_eq!(verdict.outcome.exit_code(), 1);
    assert_eq!(verdict.reasons.len(), 1);
}

#[test]
fn links_are_judged_even_if_their_sends_cannot_be_read() {
    let mut logs = Run::default().simulate();
    let log = &mut logs[2];
    let from_2 = |record: &journal::Record| matches!(record, journal::Record::Receive(receive) if receive.from == 2);
    let first = log.iter().position(from_2).unwrap();
    let journal::Record::Receive(receive) = &mut log[first] else { unreachable!() };
    receive.seq = 0;
    let folder = folder_of(&logs);
    fs::remove_file(folder.path().join("machine-2.jsonl")).unwrap();
    let verdict = judge_folder(&folder);
    assert_eq!(violated(&verdict), [Rule::M4], "{verdict}");
}

#[test]
fn of_nothing_nothing_is_told() {
    let verdict = check::Judge::<journal::Reader<std::io::Empty>>::new("nowhere", None).verdict();
    assert_eq!(verdict.outcome, Outcome::CannotTell);
    assert_eq!(verdict.reasons[0].to_string(), "nowhere: holds no log");
}

#[test]
fn billions_of_missing_logs_are_counted_not_listed() {
    let mut logs = Run::default().simulate();
    for log in &mut logs {
        if let journal::Record::Start(start) = &mut log[0] {
            start.machines = u32::MAX;
        }
    }
    let verdict = crate::judge(&logs);
    assert!(verdict.reasons.len() < 200);
    assert!(verdict.to_string().lines().count() < 40);
}
