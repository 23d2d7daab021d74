//! The verdict on a run.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::rule::Rule;
use crate::violation::Violation;

/// Whether the rules hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every log is whole and no rule is violated.
    Holds,
    /// Some rule is violated, whatever else is missing.
    Violated,
    /// No rule is violated as far as the logs go, but they do not go all the way.
    CannotTell,
}

impl Outcome {
    /// The exit code of a command that judges: 0, 1 or 3.
    #[must_use]
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Violated => 1,
            Self::CannotTell => 3,
        }
    }
}

/// What the judge found.
///
/// `Display` gives the few lines that answer the question, and
/// [`rules_table`](Self::rules_table) what each rule was worth. As JSON it is an
/// object whose keys are the fields here and in the types below, in this order;
/// a rule is its id, an outcome `holds`, `violated` or `cannot_tell`, a record
/// what its line in the log says.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// The answer.
    pub outcome: Outcome,
    /// The rule whose violation came first, in the order in which the judge
    /// consumed the logs: no event before its causes.
    pub first: Option<Rule>,
    /// Each rule, in the order of [`Rule::ALL`].
    pub rules: Vec<Finding>,
    /// Why the verdict cannot be that the run holds, violations apart.
    pub reasons: Vec<Reason>,
    /// What was counted on the way.
    pub tallies: Tallies,
}

/// What became of one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// What it claims.
    pub claim: &'static str,
    /// How many times it was put to the test. A rule that judged nothing did not
    /// hold.
    pub exercised: u64,
    /// How many times it failed the test.
    pub violations: u64,
    /// The first time that it failed.
    pub first_violation: Option<Violation>,
}

/// Something that is missing from the logs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// The log.
    pub file: PathBuf,
    /// The number of the line, from 1, if it is about a line.
    pub line: Option<u64>,
    /// What is the matter, as a clause without a full stop.
    pub what: String,
}

/// What the judge counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tallies {
    /// Logs that were found.
    pub machines: u64,
    /// Internal events, sends and receives.
    pub events: u64,
    /// Messages sent; one event may send several.
    pub sent: u64,
    /// Receives.
    pub received: u64,
    /// Messages sent and never received, the lost ones aside: they lie in an
    /// inbox, or were under way when their machine stopped.
    pub queued: u64,
    /// Messages sent and never received although a later one of the same link
    /// was.
    pub lost: u64,
    /// Receives of a message that had been received before.
    pub repeated: u64,
}

impl Verdict {
    /// The violation that came first.
    #[must_use]
    pub fn first_violation(&self) -> Option<&Violation> {
        self.finding(self.first?).first_violation.as_ref()
    }

    /// What became of `rule`.
    #[must_use]
    pub fn finding(&self, rule: Rule) -> &Finding {
        &self.rules[rule.index()]
    }
}
