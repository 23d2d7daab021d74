//! What proves that a rule was violated.

use std::path::PathBuf;

use journal::Record;
use serde::Serialize;

use crate::rule::Rule;

/// The most witnesses that a violation names.
pub const WITNESSES_MAX: usize = 10;

/// A rule that did not hold, and the events that prove it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Violation {
    /// The rule.
    pub rule: Rule,
    /// The few records that prove it, at most [`WITNESSES_MAX`]; the one that
    /// was found wrong is the last, unless they form a cycle.
    pub witnesses: Vec<Witness>,
    /// What the rule asks for here.
    pub expected: String,
    /// What the log says instead.
    pub found: String,
}

/// A record and where it stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Witness {
    /// The log.
    pub file: PathBuf,
    /// The number of the line, from 1.
    pub line: u64,
    /// What the line says. None only if the judge was fed without files and had
    /// already let go of the record.
    pub record: Option<Record>,
}
