//! Reads a log line by line, whether finished or still growing.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read as _, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use memchr::memchr;
use thiserror::Error;

use crate::decode;
use crate::record::Record;
use crate::timestamp::Times;

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
/// the log has grown since, the next call of `next` reads on. After a line that
/// is damaged nothing is read: `next` meets it again.
#[derive(Debug)]
pub struct Reader<R> {
    input: R,
    path: PathBuf,
    line: u64,
    offset: u64,
    torn: bool,
    buffer: Vec<u8>,
    times: Times,
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
        Self {
            input,
            path,
            line: 0,
            offset: 0,
            torn: false,
            buffer: Vec::new(),
            times: Times::default(),
        }
    }

    /// Whether the last call of `next` met a line without a newline: the last
    /// write was cut short, or is under way.
    #[must_use]
    pub fn torn(&self) -> bool {
        self.torn
    }

    /// The line without a newline that the last call of `next` met; empty if it
    /// met none.
    #[must_use]
    pub fn torn_line(&self) -> &[u8] {
        if self.torn { &self.buffer } else { &[] }
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
        // Nearly every line lies in what is buffered, and need not be copied.
        if let Ok(buffered) = self.input.fill_buf()
            && let Some(end) = memchr(b'\n', buffered)
            && end < LINE_BYTES_MAX as usize
        {
            self.torn = false;
            let parsed = parse(&buffered[..=end], &mut self.times);
            self.input.consume(end + 1);
            return self.take(parsed, end as u64 + 1).map(Some);
        }
        self.copy_line()
    }

    fn copy_line(&mut self) -> Result<Option<Line>, ReadError> {
        self.buffer.clear();
        let length = (&mut self.input)
            .take(LINE_BYTES_MAX)
            .read_until(b'\n', &mut self.buffer)
            .map_err(|source| self.io_error(source))? as u64;
        let is_whole = self.buffer.last() == Some(&b'\n');
        self.torn = !is_whole && (1..LINE_BYTES_MAX).contains(&length);
        if !is_whole && length < LINE_BYTES_MAX {
            return self.go_back(length).map(|()| None);
        }
        let parsed = parse(&self.buffer, &mut self.times);
        self.take(parsed, length).map(Some)
    }

    /// Counts a line of so many bytes if it could be parsed; else goes back over it.
    fn take(&mut self, parsed: Result<Record, String>, length: u64) -> Result<Line, ReadError> {
        match parsed {
            Ok(record) => {
                self.line += 1;
                self.offset += length;
                Ok(Line { number: self.line, record })
            }
            Err(reason) => {
                self.go_back(length)?;
                Err(self.damaged(reason))
            }
        }
    }

    /// Goes back to where the line begins that was not taken. A torn line is read
    /// whole once it is whole, or its replacement if it was cut off; a damaged one
    /// is met again, unless it was a torn line that was replaced while it was
    /// read. So what is buffered of it must be forgotten, which `seek_relative`
    /// would not do.
    fn go_back(&mut self, length: u64) -> Result<(), ReadError> {
        if length > 0 {
            self.input
                .seek(SeekFrom::Current(-(length as i64)))
                .map_err(|source| self.io_error(source))?;
        }
        Ok(())
    }

    fn io_error(&self, source: io::Error) -> ReadError {
        ReadError::Io { path: self.path.clone(), source }
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

/// What a line says, its newline included. `times` are those of the lines before it.
fn parse(line: &[u8], times: &mut Times) -> Result<Record, String> {
    match line.strip_suffix(b"\n") {
        // serde would take the values of a record without their keys.
        Some(line) if line.trim_ascii_start().starts_with(b"[") => {
            Err("not a record: an array where an object was expected".to_owned())
        }
        Some(line) => match decode::event(line, times) {
            Some(record) => Ok(record),
            None => serde_json::from_slice(line).map_err(|error| not_a_record(&error)),
        },
        None => Err(format!("the line is longer than {LINE_BYTES_MAX} bytes")),
    }
}

/// The line that serde_json counts is always the first: which line of the log it
/// is, the reader knows.
fn not_a_record(error: &serde_json::Error) -> String {
    let (text, column) = (error.to_string(), error.column());
    match text.strip_suffix(&format!(" at line {} column {column}", error.line())) {
        Some(what) => format!("not a record: {what} at column {column}"),
        None => format!("not a record: {text}"),
    }
}
