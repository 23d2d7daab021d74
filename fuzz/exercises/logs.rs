//! The logs of a run: whatever they say, the judge comes to a verdict.

use std::io::Cursor;
use std::path::Path;

use check::{Judge, Outcome};
use journal::Reader;

/// The logs are parted by zeros.
pub(crate) fn exercise(bytes: &[u8]) {
    let mut judge = Judge::new("", None);
    for (log, machine) in bytes.split(|byte| *byte == 0).zip(1..=5) {
        judge.add(machine, Ok(Reader::new(Cursor::new(log), Path::new("log"))));
    }
    let verdict = judge.verdict();
    let violations: u64 = verdict.rules.iter().map(|finding| finding.violations).sum();
    assert_eq!(verdict.outcome == Outcome::Violated, violations > 0);
    assert_eq!(verdict.first.is_some(), violations > 0);
    assert!(!format!("{verdict}\n{}", verdict.rules_table()).is_empty());
}
