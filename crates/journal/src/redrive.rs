//! Re-drives the machine code with the inputs that a log fixes.
//!
//! It fixes them completely. Within one incarnation the first R arrivals are its R
//! receives, in order; of arrivals beyond them only the number matters; and the
//! arrivals by tick k are the receives so far and the queue logged at k. So every
//! record comes out again but for its time, and a log from which one does not is no
//! log of this machine.

use std::io::{BufRead, Seek};

use crate::ahead::Ahead;
use crate::life::Life;
use crate::misfit::Misfit;
use crate::reader::{Line, ReadError, Reader};
use crate::record::Record;
use crate::recover::RecoveryError;
use crate::terms::Phase;

/// What is known of a machine beside its log.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// Its number.
    pub machine: Option<u32>,
    /// Where the phases of the run come from.
    pub phase: Option<Phase>,
}

/// A log on its way through the machine code.
#[derive(Debug)]
pub(crate) struct Redrive<R> {
    lines: Ahead<R>,
    terms: Terms,
    life: Option<Life>,
}

impl<R: BufRead + Seek> Redrive<R> {
    pub(crate) fn new(lines: Reader<R>, terms: Terms) -> Self {
        Self { lines: Ahead::new(lines), terms, life: None }
    }

    /// Re-drives every whole line, up to the first that does not come out the same.
    pub(crate) fn run(&mut self) -> Result<(), RecoveryError> {
        while let Some(line) = self.lines.next() {
            let Line { number, record } = line?;
            self.take(&record)
                .map_err(|misfit| misfit.at(self.lines.lines().path(), number, &record))?;
        }
        Ok(self.check_is_log()?)
    }

    /// The log, all of it read if [`run`](Self::run) found nothing wrong.
    pub(crate) fn lines(&self) -> &Reader<R> {
        self.lines.lines()
    }

    /// What came out; none if there was no start record to begin with.
    pub(crate) fn into_life(self) -> Option<Life> {
        self.life
    }

    fn take(&mut self, record: &Record) -> Result<(), Misfit> {
        match (record, &mut self.life) {
            (Record::Start(start), None) => self.life = Some(Life::begin(start, self.terms)?),
            (Record::Start(start), Some(life)) => life.start(start)?,
            (_, None) => {
                return Err(Misfit::new("a log begins with a start record", "a start record"));
            }
            (_, Some(life)) => life.record(record, &mut self.lines)?,
        }
        Ok(())
    }

    /// A file without a single whole line is a log torn in its first write only if
    /// it begins as one, or with the zeros that a power cut can leave; anything else
    /// is somebody's file, not to be cut off.
    fn check_is_log(&self) -> Result<(), ReadError> {
        let lines = self.lines();
        match lines.torn_line() {
            [] | [b'{' | 0, ..] => Ok(()),
            _ if self.life.is_some() => Ok(()),
            _ => Err(ReadError::Damaged {
                path: lines.path().to_owned(),
                line: 1,
                reason: "this file is no log".to_owned(),
            }),
        }
    }
}
