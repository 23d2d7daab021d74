//! Reads a log line by line, whether finished or still growing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::record::Record;

/// The longest line that is read. A machine that sends to a million neighbours
/// at once writes less.
pub const LINE_BYTES_MAX: u64 = 1 << 25;

/// A record and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// The number of its line, from 1.
    pub number: u64,
    /// What the line says.
    pub record: Record,
}

/// A log that cannot be read on.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// The log.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A whole line is no record.
    #[error("{}:{line}: {reason}", path.display())]
    Damaged {
        /// The log.
        path: PathBuf,
        /// The number of the line, from 1.
        line: u64,
        /// What is wrong with it.
        reason: String,
    },
}

/// The lines of a log, one at a time, as an iterator.
///
/// Only lines that end in a newline are read. Where the log ends, `next` gives
/// none; [`torn`](Self::torn) tells whether a line without a newline follows. If
/// the log has grown since, the next call of `next` reads on.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    path: PathBuf,
    line: u64,
    offset: u64,
    torn: bool,
    buffer: Vec<u8>,
}

impl Reader<BufReader<File>> {
    /// Opens the log at `path`.
    ///
    /// # Errors
    /// [`ReadError::Io`] if it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let file =
            File::open(path).map_err(|source| ReadError::Io { path: path.to_owned(), source })?;
        Ok(Self::new(BufReader::with_capacity(1 << 16, file), path))
    }
}

impl<R: BufRead + Seek> Reader<R> {
    /// Reads from `input`; `path` is the name that errors give.
    pub fn new(input: R, path: &Path) -> Self {
        let path = path.to_owned();
        Self { input, path, line: 0, offset: 0, torn: false, buffer: Vec::new() }
    }

    /// Whether the last call of `next` met a line without a newline: the last
    /// write was cut short, or is under way.
    #[must_use]
    pub fn torn(&self) -> bool {
        self.torn
    }

    /// How many bytes the lines read so far take: where a torn line begins.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The name that errors give.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn read_line(&mut self) -> Result<Option<Line>, ReadError> {
        self.buffer.clear();
        let length = (&mut self.input)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut self.buffer)
            .map_err(|source| ReadError::Io { path: self.path.clone(), source })?
            as u64;
        if self.buffer.last() != Some(&b'\n') {
            if length == LINE_BYTES_MAX {
                return Err(self.damaged(format!("the line is longer than {LINE_BYTES_MAX} bytes")));
            }
            return self.leave_torn_line(length).map(|()| None);
        }
        self.torn = false;
        let record = serde_json::from_slice(&self.buffer[..self.buffer.len() - 1])
            .map_err(|error| self.damaged(format!("not a record: {error}")))?;
        self.line += 1;
        self.offset += length;
        Ok(Some(Line { number: self.line, record }))
    }

    /// Goes back to where the torn line begins, so that it is read whole once it
    /// is whole, or its replacement if it was cut off.
    fn leave_torn_line(&mut self, length: u64) -> Result<(), ReadError> {
        self.torn = length > 0;
        self.input
            .seek_relative(-(length as i64))
            .map_err(|source| ReadError::Io { path: self.path.clone(), source })
    }

    fn damaged(&self, reason: String) -> ReadError {
        ReadError::Damaged { path: self.path.clone(), line: self.line + 1, reason }
    }
}

impl<R: BufRead + Seek> Iterator for Reader<R> {
    type Item = Result<Line, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_line().transpose()
    }
}
