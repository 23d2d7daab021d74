//! The verdict on a folder of the examples, as `offbeat check` prints it at the
//! root of the repository.

use check::{Rule, judge};
use journal::Folder;

use crate::run::{ABOVE, folder};

/// The file that holds what is printed.
pub(crate) const VERDICT: &str = "verdict.txt";

/// What the judge says of a folder.
pub(crate) struct Judged {
    /// The rules that are violated, the one shown first; L3 last if some log is
    /// not whole.
    pub(crate) finds: Vec<Rule>,
    /// What is printed.
    pub(crate) text: String,
}

impl Judged {
    pub(crate) fn new(name: &str) -> Self {
        let verdict = judge(&Folder::open(&folder(name)).unwrap());
        let violated = verdict.rules.iter().filter(|finding| finding.violations > 0);
        let others =
            violated.map(|finding| finding.rule).filter(|&rule| verdict.first != Some(rule));
        let untold = (!verdict.reasons.is_empty()).then_some(Rule::L3);
        let finds = verdict.first.into_iter().chain(others).chain(untold).collect();
        let text = format!("{verdict}\n\n{}", verdict.rules_table());
        Self { finds, text: text.replace(&format!("{ABOVE}/"), "") }
    }
}
