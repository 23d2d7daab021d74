//! The judge, on good runs, on runs with one fault each, on logs that are not
//! whole, and on nonsense.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod arbitrary;
mod cannot_tell;
mod faults;
mod good;
mod growing;
mod simulator;
mod text;

use std::fs;

use check::{Judge, Outcome, Records, Rule, Verdict};
use journal::{Folder, Manifest, Record};
use tempfile::TempDir;

/// The records of each machine, in order.
type Logs = Vec<Vec<Record>>;

/// Judges records that never were in a file.
fn judge(logs: &Logs) -> Verdict {
    judge_by(logs, None)
}

fn judge_by(logs: &Logs, manifest: Option<Manifest>) -> Verdict {
    let mut judge = Judge::new("run", manifest);
    for (position, log) in logs.iter().enumerate() {
        let machine = position as u32 + 1;
        judge.add(machine, Ok(Records::new(log.iter().cloned())));
    }
    judge.verdict()
}

/// Writes the logs to a folder.
fn folder_of(logs: &Logs) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (position, log) in logs.iter().enumerate() {
        let path = folder.path().join(Folder::log_name(position as u32 + 1));
        let lines = log.iter().map(|record| record.to_json() + "\n");
        fs::write(path, lines.collect::<String>()).unwrap();
    }
    folder
}

fn judge_folder(folder: &TempDir) -> Verdict {
    check::judge(&Folder::open(folder.path()).unwrap())
}

/// The rules that are violated, the first one first.
fn violated(verdict: &Verdict) -> Vec<Rule> {
    let findings = verdict.rules.iter();
    let violated = findings.filter(|finding| finding.violations > 0);
    let mut rules: Vec<Rule> = violated.map(|finding| finding.rule).collect();
    rules.sort_by_key(|rule| Some(*rule) != verdict.first);
    rules
}

/// Expects that the run holds and that exactly `idle` were not exercised.
#[track_caller]
fn expect_holds(verdict: &Verdict, idle: &[Rule]) {
    assert_eq!(verdict.outcome, Outcome::Holds, "{verdict}");
    let findings = verdict.rules.iter();
    let unexercised = findings.filter(|finding| finding.exercised == 0);
    let unexercised: Vec<Rule> = unexercised.map(|finding| finding.rule).collect();
    assert_eq!(unexercised, idle, "{}", verdict.rules_table());
}
