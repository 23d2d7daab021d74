//! A record that the machine's code does not give, and how that is said.

use std::path::Path;

use serde_json::{Map, Value};

use crate::record::Record;
use crate::recover::RecoveryError;

/// What is wrong with a record, wherever it stands.
#[derive(Debug)]
pub(crate) struct Misfit {
    /// What is the matter, as a clause without a full stop.
    reason: String,
    /// A line as the machine's code gives it, or in words what could stand there.
    expected: String,
}

impl Misfit {
    /// One that no single record would put right.
    pub(crate) fn new(reason: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { reason: reason.into(), expected: expected.into() }
    }

    /// `found` must be `expected`, for so `because` has it.
    pub(crate) fn unless_same(
        because: &str,
        expected: &Record,
        found: &Record,
    ) -> Result<(), Self> {
        if expected == found {
            return Ok(());
        }
        let reason = format!("{because} {}", difference(expected, found));
        Err(Self::new(reason, expected.to_json()))
    }

    /// The same where what is expected is not known in full: `expected` says in words
    /// what is.
    pub(crate) fn expecting(self, expected: &str) -> Self {
        Self { expected: expected.to_owned(), ..self }
    }

    /// The error that says so of `found`, the record at `line`.
    pub(crate) fn at(self, path: &Path, line: u64, found: &Record) -> RecoveryError {
        let Self { reason, expected } = self;
        let found = found.to_json();
        RecoveryError::NotReplayable { path: path.to_owned(), line, reason, expected, found }
    }
}

/// In what two records differ: `clock 9, not 10; queue 2, not 3`.
fn difference(expected: &Record, found: &Record) -> String {
    if std::mem::discriminant(expected) != std::mem::discriminant(found) {
        return format!("{}, not {}", name(expected), name(found));
    }
    let (expected, found) = (members(expected), members(found));
    let mut keys: Vec<_> = expected.keys().chain(found.keys()).collect();
    keys.sort();
    keys.dedup();
    let differ = keys.into_iter().filter(|key| expected.get(*key) != found.get(*key));
    let shown = differ
        .map(|key| format!("{key} {}, not {}", shown(expected.get(key)), shown(found.get(key))));
    shown.collect::<Vec<_>>().join("; ")
}

fn members(record: &Record) -> Map<String, Value> {
    match serde_json::to_value(record) {
        Ok(Value::Object(members)) => members,
        _ => Map::new(),
    }
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "none".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

fn name(record: &Record) -> &'static str {
    match record {
        Record::Start(_) => "a start",
        Record::Internal(_) => "an internal event",
        Record::Send(_) => "a send",
        Record::Receive(_) => "a receive",
        Record::Stop(_) => "a stop",
    }
}
