//! What the judge notes down while the records go by.

use journal::Record;

use crate::rule::Rule;
use crate::violation::WITNESSES_MAX;

/// A line of one of the logs that are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The log, by its position among those judged.
    pub(crate) log: usize,
    /// The number of the line, from 1.
    pub(crate) line: u64,
}

/// The record that is being judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct At<'a> {
    pub(crate) place: Place,
    pub(crate) record: &'a Record,
}

/// A record as a witness. One that has gone by is known by its place only: to
/// keep it for the case that it is needed would cost too much.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    pub(crate) place: Place,
    pub(crate) record: Option<Record>,
}

impl From<Place> for Sight {
    fn from(place: Place) -> Self {
        Self { place, record: None }
    }
}

impl From<At<'_>> for Sight {
    fn from(at: At<'_>) -> Self {
        Self { place: at.place, record: Some(at.record.clone()) }
    }
}

/// The proof of a violation.
#[derive(Debug)]
pub(crate) struct Proof {
    pub(crate) witnesses: Vec<Sight>,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl Proof {
    pub(crate) fn new(
        witnesses: impl IntoIterator<Item = Sight>,
        expected: String,
        found: String,
    ) -> Self {
        Self { witnesses: witnesses.into_iter().take(WITNESSES_MAX).collect(), expected, found }
    }
}

/// When something was noticed: in which consumed record, and after how many other
/// violations. What is proved only later is dated back to the record that did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment {
    record: u64,
    notice: u64,
}

/// What became of one rule so far.
#[derive(Debug, Default)]
pub(crate) struct Count {
    pub(crate) exercised: u64,
    pub(crate) violations: u64,
    pub(crate) first: Option<(Moment, Proof)>,
}

/// What became of each rule so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    counts: [Count; Rule::ALL.len()],
    records: u64,
    notices: u64,
}

impl Findings {
    /// The next record is judged.
    pub(crate) fn next_record(&mut self) {
        self.records += 1;
    }

    /// The present moment, to be dated back to.
    pub(crate) fn now(&self) -> Moment {
        Moment { record: self.records, notice: self.notices }
    }

    /// A rule was put to the test and held.
    pub(crate) fn held(&mut self, rule: Rule) {
        self.counts[rule.index()].exercised += 1;
    }

    /// A rule was put to the test.
    #[inline]
    pub(crate) fn judge(&mut self, rule: Rule, holds: bool, proof: impl FnOnce() -> Proof) {
        self.held(rule);
        if !holds {
            self.violated(rule, proof);
        }
    }

    /// A rule that was put to the test, as [`held`](Self::held) has noted, did not
    /// hold.
    #[cold]
    pub(crate) fn violated(&mut self, rule: Rule, proof: impl FnOnce() -> Proof) {
        let now = self.now();
        self.violated_at(now, rule, proof);
    }

    /// As [`violated`](Self::violated), at an earlier moment. The proof is only
    /// drawn up if no earlier one is known.
    #[cold]
    pub(crate) fn violated_at(
        &mut self,
        moment: Moment,
        rule: Rule,
        proof: impl FnOnce() -> Proof,
    ) {
        self.notices += 1;
        let count = &mut self.counts[rule.index()];
        count.violations += 1;
        if count.first.as_ref().is_none_or(|(first, _)| moment < *first) {
            count.first = Some((moment, proof()));
        }
    }

    /// The rule whose violation came first.
    pub(crate) fn first(&self) -> Option<Rule> {
        Rule::ALL
            .into_iter()
            .filter_map(|rule| Some((self.counts[rule.index()].first.as_ref()?.0, rule)))
            .min()
            .map(|(_, rule)| rule)
    }

    pub(crate) fn into_counts(self) -> [Count; Rule::ALL.len()] {
        self.counts
    }
}
