//! The logs of a run while they grow.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use journal::{Folder, Line, ReadError, Reader, Record};
use report::{Statistics, Summary};

/// One log that may not be there yet.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) machine: u32,
    path: PathBuf,
    reader: Option<Reader<BufReader<File>>>,
}

impl Tail {
    /// The log of `machine` in `folder`.
    pub(crate) fn new(folder: &Path, machine: u32) -> Self {
        Self { machine, path: folder.join(Folder::log_name(machine)), reader: None }
    }

    /// Hands on the lines that have come since the last call.
    ///
    /// # Errors
    /// [`ReadError`] if there is a log but it cannot be read on.
    pub(crate) fn read(&mut self, mut take: impl FnMut(Line)) -> Result<(), ReadError> {
        if self.reader.is_none() && self.path.exists() {
            self.reader = Some(Reader::open(&self.path)?);
        }
        self.reader.iter_mut().flatten().try_for_each(|line| line.map(&mut take))
    }
}

/// What the logs of a run amount to so far.
#[derive(Debug)]
pub(crate) struct Progress {
    machines: Vec<(Tail, Statistics)>,
}

impl Progress {
    /// The progress of the run of `machines` machines in `folder`.
    pub(crate) fn new(folder: &Path, machines: u32) -> Self {
        let machine = |id| (Tail::new(folder, id), Statistics::new());
        Self { machines: (1..=machines).map(machine).collect() }
    }

    /// Reads what has come. A log that cannot be read is the judge's to report.
    pub(crate) fn update(&mut self) {
        for (tail, statistics) in &mut self.machines {
            let _ = tail.read(|line| statistics.push(&line.record));
        }
    }

    /// The summary so far.
    pub(crate) fn summary(&self) -> Summary {
        Summary::of(self.machines.iter().map(|(tail, figures)| (tail.machine, figures.clone())))
    }

    /// Whether all machines have begun.
    pub(crate) fn all_have_begun(&self) -> bool {
        self.machines.iter().all(|(_, statistics)| statistics.incarnations > 0)
    }
}

/// Whether a record is the last of its machine for now.
pub(crate) fn is_stop(record: &Record) -> bool {
    matches!(record, Record::Stop(_))
}
