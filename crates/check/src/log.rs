//! One log as the judge reads it.

use std::path::PathBuf;

use journal::{FORMAT, Line, ReadError, Record};

use crate::findings::Place;
use crate::source::Source;
use crate::verdict::Reason;

/// A log and how far it has been read.
#[derive(Debug)]
pub(crate) struct Log<S> {
    /// Its machine, by its name.
    pub(crate) machine: u32,
    pub(crate) path: PathBuf,
    pub(crate) state: State,
    /// Lines read.
    pub(crate) lines: u64,
    /// A receive that was read and waits for its send to be consumed.
    pub(crate) waiting: Option<Line>,
    source: Option<S>,
    /// Why it cannot be read on.
    pub(crate) fault: Option<Reason>,
}

/// How far a log has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// There may be more.
    Open,
    /// To its end.
    Ended,
    /// As far as it can be, and something is or may be behind that.
    Unreadable,
}

impl<S> Log<S> {
    pub(crate) fn new(machine: u32, path: PathBuf, source: Result<S, ReadError>) -> Self {
        let mut log = Self {
            machine,
            path,
            state: State::Open,
            lines: 0,
            waiting: None,
            source: None,
            fault: None,
        };
        match source {
            Ok(source) => log.source = Some(source),
            Err(error) => log.give_up(error),
        }
        log
    }

    /// The machine whose message it waits for.
    pub(crate) fn sender(&self) -> Option<u32> {
        match &self.waiting.as_ref()?.record {
            Record::Receive(receive) => Some(receive.from),
            _ => None,
        }
    }

    /// Where it waits; `log` is its own position.
    pub(crate) fn waits_at(&self, log: usize) -> Option<Place> {
        let line = self.waiting.as_ref()?.number;
        Some(Place { log, line })
    }

    /// What is the matter with line `line`, or with the whole log.
    pub(crate) fn reason(&self, line: Option<u64>, what: impl Into<String>) -> Reason {
        Reason { file: self.path.clone(), line, what: what.into() }
    }

    fn give_up(&mut self, error: ReadError) {
        self.fault = Some(match error {
            ReadError::Damaged { line, reason, .. } => self.reason(Some(line), reason),
            ReadError::Io { source, .. } => self.reason(None, format!("cannot be read: {source}")),
        });
        self.state = State::Unreadable;
        self.source = None;
    }

    /// A log of another format would be misunderstood.
    fn refuse_format(&mut self, line: u64, format: &str) {
        let what = format!("its format is {format:?}, and this judge knows {FORMAT:?}");
        self.fault = Some(self.reason(Some(line), what));
        self.state = State::Unreadable;
        self.source = None;
    }
}

impl<S: Source> Log<S> {
    /// The next line to be consumed, if it can be read.
    pub(crate) fn next(&mut self) -> Option<Line> {
        self.waiting.take().or_else(|| self.read())
    }

    /// Whether its end is a line without a newline.
    pub(crate) fn is_torn(&self) -> bool {
        self.source.as_ref().is_some_and(Source::torn)
    }

    fn read(&mut self) -> Option<Line> {
        match self.source.as_mut()?.next_line() {
            Some(Ok(line)) => match &line.record {
                Record::Start(start) if start.log != FORMAT => {
                    self.refuse_format(line.number, &start.log);
                    None
                }
                _ => {
                    self.state = State::Open;
                    self.lines += 1;
                    Some(line)
                }
            },
            Some(Err(error)) => {
                self.give_up(error);
                None
            }
            None => {
                // Of a log without a line nothing is known, not even that
                // nothing was sent.
                self.state = match self.lines {
                    0 => State::Unreadable,
                    _ => State::Ended,
                };
                None
            }
        }
    }
}
