//! The health check: is the node of a config alive, and does it tick as it
//! should, or wait?
//!
//! It asks the log, not the node: a live node holds the lock of its log and keeps
//! writing to it. A connection that says nothing would be a stranger to refuse.

use std::fs::{File, TryLockError};
use std::io::{self, BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;
use std::time::{Duration, SystemTime};

use journal::{Rate, ReadError, Reader, Record};
use thiserror::Error;

use crate::config::Config;

/// How much later than due a tick may be logged.
const LATE_MAX: Duration = Duration::from_secs(5);

/// Bytes at the end of a log that are read first.
const TAIL_BYTES: u64 = 1 << 14;

/// What a healthy node does.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Health {
    /// It has never ticked: it waits for its peers.
    #[error("waiting for its peers")]
    Waiting,
    /// Its newest record is recent.
    #[error("ticking: tick {tick}")]
    Ticking {
        /// The number of the last tick, 0 before the first.
        tick: u64,
    },
    /// It has stopped and is about to end, or resumes and is about to tick.
    #[error("between two incarnations")]
    Between,
}

/// Why a node is not healthy.
#[derive(Debug, Error)]
pub enum Sickness {
    /// Nobody holds its log.
    #[error("no node is running: {log} is not locked")]
    NotRunning {
        /// The log.
        log: String,
    },
    /// Its process lives, but it does not tick.
    #[error("nothing was logged for {} s, at most {} s are right", .silence.as_secs(), .limit.as_secs())]
    Stalled {
        /// How long nothing was logged.
        silence: Duration,
        /// How long that may be.
        limit: Duration,
    },
    /// Its log cannot be read.
    #[error("cannot read its log: {0}")]
    Unreadable(String),
}
