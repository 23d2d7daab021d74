//! What a corruption is, and all of them.

use check::Rule;

use crate::run::{Files, Logs, files, parse, write};
use crate::{clocks, draws, machines, messages, storage};

/// A good run: nobody was killed.
pub(crate) const GOOD: &str = "good";
/// A good run: machine 3 was killed and started again.
pub(crate) const RESTARTED: &str = "good-restarted";
/// A good run, with enough ticks for statistics.
pub(crate) const FAST: &str = "good-fast";

pub(crate) const GOOD_RUNS: [&str; 3] = [GOOD, RESTARTED, FAST];

/// Something that is done to a good run, and what the judge finds then.
pub(crate) struct Corruption {
    /// Its folder.
    pub(crate) name: &'static str,
    /// What was done, in a sentence for README.md.
    pub(crate) what: &'static str,
    /// The good run that it starts from.
    pub(crate) from: &'static str,
    pub(crate) edit: Edit,
    /// The rules that are violated: the one that the verdict shows, then the
    /// others in their order. L3 stands for logs that are not whole; alone, for
    /// *cannot tell*.
    pub(crate) finds: &'static [Rule],
}

/// How a run is changed.
pub(crate) enum Edit {
    Records(fn(&mut Logs)),
    Files(fn(&mut Files)),
}

impl Corruption {
    /// The files of the corrupted run.
    pub(crate) fn make(&self) -> Files {
        let mut files = files(self.from);
        match self.edit {
            Edit::Files(edit) => edit(&mut files),
            Edit::Records(edit) => {
                let mut logs = parse(&files);
                edit(&mut logs);
                write(&logs, &mut files);
            }
        }
        files
    }
}

/// All corruptions, in the order of their numbers.
pub(crate) fn all() -> impl Iterator<Item = &'static Corruption> {
    let themes = [
        clocks::CORRUPTIONS,
        messages::CORRUPTIONS,
        machines::CORRUPTIONS,
        draws::CORRUPTIONS,
        storage::CORRUPTIONS,
    ];
    themes.into_iter().flatten()
}
