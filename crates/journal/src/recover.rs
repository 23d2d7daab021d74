//! Gives back a machine from its log, for a node that starts again.

use std::io::{BufRead, Seek};
use std::path::{Path, PathBuf};

use machine::Endpoint;
use thiserror::Error;

use crate::reader::{ReadError, Reader};
use crate::record::{Start, Stop};
use crate::redrive::{Redrive, Terms};
use crate::time::Time;

/// A machine as its log left it.
#[derive(Debug)]
pub struct Recovered {
    /// The machine and its links, ready for the next incarnation.
    pub endpoint: Endpoint,
    /// The first start record.
    pub first_start: Start,
    /// The time of the last record.
    pub last_time: Time,
    /// The stop record, if the last incarnation ended in good order.
    pub stop: Option<Stop>,
    /// How many incarnations there were.
    pub incarnations: u32,
    /// Records that came out the same.
    pub records: u64,
    /// The bytes of the whole lines; what follows is torn.
    pub length: u64,
    /// Whether a torn line follows.
    pub torn: bool,
}

/// A log that gives back no machine.
#[derive(Debug, Error)]
pub enum RecoveryError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A record is not what the machine does.
    #[error("{}:{line}: {reason}", path.display())]
    NotReplayable {
        /// The log.
        path: PathBuf,
        /// The number of the line, from 1.
        line: u64,
        /// What does not fit, as a clause without a full stop.
        reason: String,
        /// The line that the machine's code gives, with the time that the log says;
        /// where no single one would do, what could stand there, in words.
        expected: String,
        /// The line of the log, as far as its keys are known.
        found: String,
    },
}

/// Re-drives the log at `path`. None if it holds no whole line.
///
/// # Errors
/// [`RecoveryError`]; the log was not touched.
pub fn recover(path: &Path) -> Result<Option<Recovered>, RecoveryError> {
    recover_from(Reader::open(path)?)
}

/// As [`recover`], from a log that need not be a file.
///
/// # Errors
/// [`RecoveryError`].
pub fn recover_from<R: BufRead + Seek>(
    lines: Reader<R>,
) -> Result<Option<Recovered>, RecoveryError> {
    let mut redrive = Redrive::new(lines, Terms::default());
    redrive.run()?;
    let (length, torn) = (redrive.lines().offset(), redrive.lines().torn());
    Ok(redrive.into_life().map(|life| {
        let mut endpoint = life.endpoint;
        endpoint.begin_incarnation();
        Recovered {
            endpoint,
            first_start: life.first_start,
            last_time: life.last_time,
            stop: life.stop,
            incarnations: life.incarnations,
            records: life.records,
            length,
            torn,
        }
    }))
}
