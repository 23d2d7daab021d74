//! The judge: reads the logs of a run and says whether its clocks behaved.
//!
//! It knows the rules ([`Rule`]) and the records of a log, and nothing of the
//! machines that wrote them: it imports nothing of ours but `journal`, so that it
//! shares no clock, no link and no generator with what it judges. It prints
//! nothing and writes nothing.
//!
//! - [`judge()`]: the run in a folder.
//! - [`Judge`], [`Source`], [`Records`]: the same for logs from elsewhere, as a
//!   simulator makes them.
//! - [`Verdict`]: the answer, as text (`Display`,
//!   [`rules_table`](Verdict::rules_table)) and as JSON (serde).
//!
//! All logs are read side by side, once, and consumed in an order in which no
//! event comes before its causes. Memory is in proportion to the messages in
//! flight, never to the logs.

mod agreement;
mod chi_square;
mod clocks;
mod closing;
mod cycle;
mod draws;
mod findings;
mod histogram;
mod inbox;
mod judge;
mod life;
mod link;
mod log;
mod messages;
mod recall;
mod recipients;
mod render;
mod roster;
mod rule;
mod source;
mod timing;
mod track;
mod verdict;
mod violation;

pub use judge::Judge;
pub use rule::Rule;
pub use source::{Records, Source};
pub use verdict::{Finding, Outcome, Reason, Tallies, Verdict};
pub use violation::{Violation, WITNESSES_MAX, Witness};

use journal::{Folder, Reader};

/// Judges the run in `folder`.
///
/// A log that cannot be read is no error but a reason why the judge
/// [cannot tell](Outcome::CannotTell).
#[must_use]
pub fn judge(folder: &Folder) -> Verdict {
    let mut judge = Judge::new(&folder.path, folder.manifest.clone());
    for (machine, path) in &folder.logs {
        judge.add(*machine, Reader::open(path));
    }
    let mut verdict = judge.verdict();
    recall::recall(&mut verdict);
    verdict
}
