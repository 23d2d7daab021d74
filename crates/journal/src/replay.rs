//! Holds a log against the machine's code: every record must come out the same.

use std::io::{BufRead, Seek};
use std::path::Path;

use crate::reader::Reader;
use crate::recover::RecoveryError;
use crate::redrive::{Redrive, Terms};

/// How far a log came out the same.
#[derive(Debug, Default)]
pub struct Replayed {
    /// How many machines the run has, as the first start record says; none if the
    /// log gives no start record that could be replayed.
    pub machines: Option<u32>,
    /// How many incarnations began.
    pub incarnations: u32,
    /// Records that came out the same.
    pub records: u64,
    /// Whether the seed gives the draws. If not, its generator is not known, and
    /// they were taken from the log.
    pub seeded: bool,
    /// Whether a torn line follows, which was not replayed. Not looked for after an
    /// error.
    pub torn: bool,
    /// Why it went no further, if it did not reach the end of the log.
    pub error: Option<RecoveryError>,
}

/// Re-drives the log at `path` as [`recover`](crate::recover()) does, and holds its
/// start records against `terms`, too. The log is not touched.
#[must_use]
pub fn replay(path: &Path, terms: Terms) -> Replayed {
    match Reader::open(path) {
        Ok(lines) => replay_lines(Redrive::new(lines, terms)),
        Err(error) => Replayed { error: Some(error.into()), ..Replayed::default() },
    }
}

fn replay_lines<R: BufRead + Seek>(mut redrive: Redrive<R>) -> Replayed {
    let error = redrive.run().err();
    let torn = error.is_none() && redrive.lines().torn();
    match redrive.into_life() {
        Some(life) => Replayed {
            machines: Some(life.first_start.machines),
            incarnations: life.incarnations,
            records: life.records,
            seeded: life.is_seeded(),
            torn,
            error,
        },
        None => Replayed { torn, error, ..Replayed::default() },
    }
}
