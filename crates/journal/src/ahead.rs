//! The lines of a log, one at a time, with a look at the receives that come next.
//!
//! Whoever re-drives a machine must know what lies in its inbox, and that is what
//! the following records receive. A machine with a message in its inbox does
//! nothing but receive: so as many lines are held as the inbox holds messages, and
//! no more, however long the log is.

use std::collections::VecDeque;
use std::io::{BufRead, Seek};

use crate::reader::{Line, ReadError, Reader};
use crate::record::{Receive, Record};

#[derive(Debug)]
pub(crate) struct Ahead<R> {
    lines: Reader<R>,
    /// Lines that were read to look at, and not taken yet.
    window: VecDeque<Result<Line, ReadError>>,
    /// How many of them were given as receives.
    looked: usize,
    has_ended: bool,
}

impl<R: BufRead + Seek> Ahead<R> {
    pub(crate) fn new(lines: Reader<R>) -> Self {
        Self { lines, window: VecDeque::new(), looked: 0, has_ended: false }
    }

    /// Takes the next line.
    pub(crate) fn next(&mut self) -> Option<Result<Line, ReadError>> {
        self.looked = self.looked.saturating_sub(1);
        self.window.pop_front().or_else(|| self.read())
    }

    /// The receive that follows the last one that was given, or the last line taken
    /// if that is later. None if something else follows, or nothing.
    pub(crate) fn next_receive(&mut self) -> Option<Receive> {
        if self.looked == self.window.len() {
            let line = self.read()?;
            self.window.push_back(line);
        }
        match &self.window[self.looked] {
            Ok(Line { record: Record::Receive(receive), .. }) => {
                self.looked += 1;
                Some(receive.clone())
            }
            _ => None,
        }
    }

    /// The log, all of it read once [`next`](Self::next) has given none.
    pub(crate) fn lines(&self) -> &Reader<R> {
        &self.lines
    }

    /// A log that ends once has ended: its machine may still be writing it, but what
    /// was looked at must stay as it was.
    fn read(&mut self) -> Option<Result<Line, ReadError>> {
        if self.has_ended {
            return None;
        }
        let line = self.lines.next();
        self.has_ended = !matches!(line, Some(Ok(_)));
        line
    }
}
