//! Reads once more the lines that witnesses stand in: the judge remembers of
//! most records only the place.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use journal::{Reader, Record};

use crate::rule::Rule;
use crate::verdict::Verdict;
use crate::violation::{Violation, Witness};

/// Gives each witness of `verdict` its record, if that can still be read.
pub(crate) fn recall(verdict: &mut Verdict) {
    let findings = verdict.rules.iter_mut();
    let mut violations: Vec<&mut Violation> =
        findings.filter_map(|finding| finding.first_violation.as_mut()).collect();
    for violation in &mut violations {
        if violation.rule == Rule::M2 {
            recall_first_receive(violation);
        }
    }
    let mut wanted: BTreeMap<PathBuf, BTreeMap<u64, Option<Record>>> = BTreeMap::new();
    let witnesses = violations.iter().flat_map(|violation| &violation.witnesses);
    for witness in witnesses.filter(|witness| witness.record.is_none()) {
        let lines = wanted.entry(witness.file.clone()).or_default();
        lines.insert(witness.line, None);
    }
    for (file, lines) in &mut wanted {
        read_lines(file, lines);
    }
    let witnesses = violations.into_iter().flat_map(|violation| &mut violation.witnesses);
    for witness in witnesses.filter(|witness| witness.record.is_none()) {
        let line = wanted.get(&witness.file).and_then(|lines| lines.get(&witness.line));
        witness.record = line.cloned().flatten();
    }
}

fn read_lines(file: &Path, wanted: &mut BTreeMap<u64, Option<Record>>) {
    let Some((&last, _)) = wanted.last_key_value() else {
        return;
    };
    let lines = Reader::open(file).into_iter().flatten().map_while(Result::ok);
    for line in lines.take_while(|line| line.number <= last) {
        if let Some(record) = wanted.get_mut(&line.number) {
            *record = Some(line.record);
        }
    }
}

/// To remember every message received, for the case that it is received again,
/// would take memory in proportion to the log.
fn recall_first_receive(violation: &mut Violation) {
    let Some(again) = violation.witnesses.last() else {
        return;
    };
    let Some(Record::Receive(repeated)) = &again.record else {
        return;
    };
    let is_first = |record: &Record| match record {
        Record::Receive(receive) => (receive.from, receive.seq) == (repeated.from, repeated.seq),
        _ => false,
    };
    let lines = Reader::open(&again.file).into_iter().flatten().map_while(Result::ok);
    let first = lines
        .take_while(|line| line.number < again.line)
        .find(|line| is_first(&line.record))
        .map(|line| Witness {
            file: again.file.clone(),
            line: line.number,
            record: Some(line.record),
        });
    violation.witnesses.splice(0..0, first);
}
