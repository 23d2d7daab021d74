//! Where the records of one machine come from.

use std::io::{BufRead, Seek};

use journal::{Line, ReadError, Reader, Record};

/// The lines of one log, one at a time.
pub trait Source {
    /// The next line; none where the log ends. If it has grown since, the next
    /// call may read on. After an error it is not called again.
    fn next_line(&mut self) -> Option<Result<Line, ReadError>>;

    /// Whether a last line without a newline follows what was read.
    fn torn(&self) -> bool;
}

impl<R: BufRead + Seek> Source for Reader<R> {
    fn next_line(&mut self) -> Option<Result<Line, ReadError>> {
        self.next()
    }

    fn torn(&self) -> bool {
        Reader::torn(self)
    }
}

/// Records that never were in a file, as a simulator makes them. They count as
/// the lines of a log from 1.
#[derive(Debug)]
pub struct Records<I> {
    records: I,
    line: u64,
}

impl<I: Iterator<Item = Record>> Records<I> {
    /// The log that says `records`.
    pub fn new(records: impl IntoIterator<IntoIter = I>) -> Self {
        Self { records: records.into_iter(), line: 0 }
    }
}

impl<I: Iterator<Item = Record>> Source for Records<I> {
    fn next_line(&mut self) -> Option<Result<Line, ReadError>> {
        let record = self.records.next()?;
        self.line += 1;
        Some(Ok(Line { number: self.line, record }))
    }

    fn torn(&self) -> bool {
        false
    }
}
