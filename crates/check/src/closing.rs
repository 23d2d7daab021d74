//! What can only be judged when all logs are consumed: L3 and the totals.

use std::path::{Path, PathBuf};

use journal::Folder;

use crate::findings::{Findings, Proof, Sight};
use crate::histogram::Histogram;
use crate::judge::Trial;
use crate::log::{Log, State};
use crate::rule::Rule;
use crate::source::Source;
use crate::track::Track;
use crate::verdict::{Finding, Outcome, Reason, Verdict};
use crate::violation::{Violation, Witness};

/// The most missing logs that are listed one by one.
const MISSING_LISTED_MAX: usize = 100;

/// Draws up the verdict.
pub(crate) fn close<S: Source>(folder: &Path, mut trial: Trial<S>) -> Verdict {
    let missing = missing(folder, &trial);
    let are_all_whole =
        missing.is_empty() && trial.logs.iter().all(|log| log.state == State::Ended);
    close_messages(&mut trial);
    if are_all_whole {
        close_inboxes(&mut trial);
    }
    close_draws(&trial.tracks, &mut trial.findings);
    let mut reasons = Vec::new();
    for (log, track) in trial.logs.iter().zip(&trial.tracks) {
        trial.findings.held(Rule::L3);
        faults(log, track, &mut reasons);
    }
    reasons.extend(missing);
    trial.tallies.machines = trial.logs.len() as u64;
    let paths: Vec<PathBuf> = trial.logs.into_iter().map(|log| log.path).collect();
    let first = trial.findings.first();
    Verdict {
        outcome: match (first, reasons.is_empty()) {
            (Some(_), _) => Outcome::Violated,
            (None, false) => Outcome::CannotTell,
            (None, true) => Outcome::Holds,
        },
        first,
        rules: findings(trial.findings, &paths),
        reasons,
        tallies: trial.tallies,
    }
}

/// M1, M3 and M4, as far as the end of the logs decides.
fn close_messages<S>(trial: &mut Trial<S>) {
    let Trial { roster, logs, messages, agreement, findings, tallies, .. } = trial;
    // A machine that cannot be is one that sent nothing.
    let cannot_be =
        |machine| agreement.machines().is_some_and(|machines| !(1..=machines).contains(&machine));
    let is_whole = |machine| match roster.position(machine) {
        Some(log) => logs[log].state == State::Ended,
        None => cannot_be(machine),
    };
    messages.finish(roster, is_whole, findings, tallies);
}

/// Q2.
fn close_inboxes<S>(trial: &mut Trial<S>) {
    let is_settled = |track: &Track| track.life.settled_at_once();
    let are_settled = trial.tracks.iter().all(is_settled);
    for (log, track) in trial.tracks.iter().enumerate() {
        let owed = trial.messages.owed(log);
        track.inbox.finish(owed, are_settled, &mut trial.findings);
    }
}

/// S1, for each machine and for all together.
fn close_draws(tracks: &[Track], findings: &mut Findings) {
    let mut all: Option<Histogram> = None;
    for track in tracks {
        if let Some(histogram) = track.draws.histogram() {
            let start = track.start.as_ref().map(|known| Sight::from(known.place));
            let whose = format!("machine {}", track.machine);
            histogram.judge(&whose, start.into_iter().collect(), findings);
            match &mut all {
                Some(all) => all.merge(histogram),
                None => all = Some(histogram.clone()),
            }
        }
    }
    if let Some(all) = all.filter(|_| tracks.len() > 1) {
        all.judge("all machines", Vec::new(), findings);
    }
}

/// L3 for a log that is there.
fn faults<S: Source>(log: &Log<S>, track: &Track, reasons: &mut Vec<Reason>) {
    if let Some(fault) = &log.fault {
        reasons.push(fault.clone());
        return;
    }
    if log.lines == 0 {
        reasons.push(log.reason(None, "is empty"));
    } else if !track.life.is_stopped() {
        let what = "the log ends without a stop: its machine crashed or still runs";
        reasons.push(log.reason(Some(log.lines), what));
    }
    if log.is_torn() {
        reasons.push(log.reason(Some(log.lines + 1), "the last line is torn"));
    }
}

/// L3 for the logs that are not there.
fn missing<S>(folder: &Path, trial: &Trial<S>) -> Vec<Reason> {
    let machines = trial.agreement.machines().unwrap_or(0);
    let present = trial.logs.iter().filter(|log| (1..=machines).contains(&log.machine));
    let count = machines as usize - present.count();
    let absent = (1..=machines).filter(|&machine| trial.roster.position(machine).is_none());
    let reason = |file: PathBuf, what: String| Reason { file, line: None, what };
    // No further than to the last that is listed: there may be billions.
    let mut reasons: Vec<Reason> = absent
        .take(count.min(MISSING_LISTED_MAX))
        .map(|machine| folder.join(Folder::log_name(machine)))
        .map(|path| reason(path, "is missing".to_owned()))
        .collect();
    if count > MISSING_LISTED_MAX {
        let what = format!("{} more logs are missing", count - MISSING_LISTED_MAX);
        reasons.push(reason(folder.to_owned(), what));
    }
    if trial.logs.is_empty() && reasons.is_empty() {
        reasons.push(reason(folder.to_owned(), "holds no log".to_owned()));
    }
    reasons
}

fn findings(findings: Findings, paths: &[PathBuf]) -> Vec<Finding> {
    let counts = Rule::ALL.into_iter().zip(findings.into_counts());
    let findings = counts.map(|(rule, count)| Finding {
        rule,
        claim: rule.claim(),
        exercised: count.exercised,
        violations: count.violations,
        first_violation: count.first.map(|(_, proof)| violation(rule, proof, paths)),
    });
    findings.collect()
}

fn violation(rule: Rule, proof: Proof, paths: &[PathBuf]) -> Violation {
    let witnesses = proof.witnesses.into_iter().map(|sight| Witness {
        file: paths[sight.place.log].clone(),
        line: sight.place.line,
        record: sight.record,
    });
    Violation { rule, witnesses: witnesses.collect(), expected: proof.expected, found: proof.found }
}
