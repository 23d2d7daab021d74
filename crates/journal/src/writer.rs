//! Appends to a log: one write(2) a batch, locked for as long as it is open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::encode;
use crate::record::Record;
use crate::timestamp::Times;

/// What "in the log" means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sync {
    /// write(2) has returned: survives the death of the process.
    #[default]
    Never,
    /// fdatasync(2) has returned too: survives a power cut.
    Always,
}

/// A log open for appending.
#[derive(Debug)]
pub struct Writer {
    file: File,
    path: PathBuf,
    sync: Sync,
    /// The bytes of whole lines in the file; what follows them is to be cut off.
    length: u64,
    /// Whether more than `length` bytes may be in the file.
    overhang: bool,
    pending: Vec<u8>,
    times: Times,
}

/// A log that cannot be opened for appending.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Another process has it open.
    #[error(
        "{} is in use by another process: a machine runs once; stop the other, or give this one \
         another run with --run NAME",
        path.display()
    )]
    Locked {
        /// The log.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot open {} for writing: {source}", path.display())]
    Io {
        /// The log.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

/// Records that did not get into the log.
#[derive(Debug, Error)]
pub enum CommitError {
    /// They could not be written. What was written of them was cut off again, or
    /// will be before anything else is written.
    #[error("cannot write: {0}")]
    Write(io::Error),
    /// They were written but could not be synchronised, and nobody knows what is
    /// on the disk: the log must not be written to again.
    #[error("cannot synchronise: {0}")]
    Sync(io::Error),
}

impl Writer {
    /// Opens the log at `path` and locks it, before a byte of it is read. It is
    /// made if it is not there, and so are the folders above it.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(path: &Path, sync: Sync) -> Result<Self, OpenError> {
        let io_error = |source| OpenError::Io { path: path.to_owned(), source };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(io_error)?;
        }
        let file = OpenOptions::new().append(true).create(true).open(path).map_err(io_error)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(OpenError::Locked { path: path.to_owned() });
            }
            Err(TryLockError::Error(source)) => return Err(io_error(source)),
        }
        if sync == Sync::Always {
            synchronise_folder(path).map_err(io_error)?;
        }
        let length = file.metadata().map_err(io_error)?.len();
        let path = path.to_owned();
        let (pending, times) = (Vec::new(), Times::default());
        Ok(Self { file, path, sync, length, overhang: false, pending, times })
    }

    /// What follows the first `length` bytes is a torn line: it goes with the next
    /// [`commit`](Self::commit).
    ///
    /// # Panics
    /// If the log is shorter.
    pub fn cut_to(&mut self, length: u64) {
        assert!(length <= self.length, "a log is cut to what was read of it");
        self.overhang = length < self.length;
        self.length = length;
    }

    /// Takes a record; it is in the log once [`commit`](Self::commit) says so.
    pub fn append(&mut self, record: &Record) {
        encode::write(record, &mut self.pending, &mut self.times);
        self.pending.push(b'\n');
    }

    /// Puts the records taken so far into the log.
    ///
    /// # Errors
    /// [`CommitError`]. Then they are not in the log, but still taken: after
    /// [`CommitError::Write`] another commit may succeed.
    pub fn commit(&mut self) -> Result<(), CommitError> {
        if self.pending.is_empty() && !self.overhang {
            return Ok(());
        }
        self.cut_overhang().map_err(CommitError::Write)?;
        self.overhang = true;
        if let Err(error) = self.file.write_all(&self.pending) {
            // Best now; if not even this works, it is done before the next write.
            let _ = self.cut_overhang();
            return Err(CommitError::Write(error));
        }
        self.synchronise().map_err(CommitError::Sync)?;
        self.overhang = false;
        self.length += self.pending.len() as u64;
        self.pending.clear();
        Ok(())
    }

    /// Whether records were taken that are not in the log.
    #[must_use]
    pub fn has_pending(&self) -> bool {
        !self.pending.is_empty()
    }

    /// The bytes of the records that were taken and are not in the log.
    #[must_use]
    pub fn pending_bytes(&self) -> usize {
        self.pending.len()
    }

    /// Where the log is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn cut_overhang(&mut self) -> io::Result<()> {
        if self.overhang {
            self.file.set_len(self.length)?;
            self.overhang = false;
        }
        Ok(())
    }

    fn synchronise(&self) -> io::Result<()> {
        match self.sync {
            Sync::Never => Ok(()),
            Sync::Always => self.file.sync_data(),
        }
    }
}

/// Makes the name of a new log as lasting as what is written to it.
fn synchronise_folder(log: &Path) -> io::Result<()> {
    match log.parent() {
        Some(folder) if folder != Path::new("") => File::open(folder)?.sync_all(),
        _ => File::open(".")?.sync_all(),
    }
}
