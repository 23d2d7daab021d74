//! The log as the owner writes it: what could not be written now is written
//! later, and who looks on sees only what is written.

use journal::{CommitError, Record, Writer};
use tracing::{error, info};

use crate::failure::Failure;

/// Sees every record once it is in the log.
pub type Observer = Box<dyn FnMut(&Record) + Send>;

/// The log of a running machine.
pub(crate) struct Ledger {
    log: Writer,
    is_stuck: bool,
    observer: Option<Observer>,
    unseen: Vec<Record>,
}

impl Ledger {
    pub(crate) fn new(log: Writer, observer: Option<Observer>) -> Self {
        Self { log, is_stuck: false, observer, unseen: Vec::new() }
    }

    /// Takes a record, for the next commit.
    pub(crate) fn append(&mut self, record: Record) {
        self.log.append(&record);
        if self.observer.is_some() {
            self.unseen.push(record);
        }
    }

    /// Puts what was taken into the log. False if it cannot be written just now;
    /// then the machine must not go on, and a later commit may succeed.
    ///
    /// # Errors
    /// [`Failure::Log`] if nobody knows any more what is in the log.
    pub(crate) fn commit(&mut self) -> Result<bool, Failure> {
        match self.log.commit() {
            Ok(()) => {
                self.report_freed();
                self.show();
                Ok(true)
            }
            Err(CommitError::Write(source)) => {
                self.report_stuck(&source);
                Ok(false)
            }
            Err(source @ CommitError::Sync(_)) => Err(self.failure(source)),
        }
    }

    /// As [`commit`](Self::commit), but it must succeed now.
    ///
    /// # Errors
    /// [`Failure::Log`] if it does not.
    pub(crate) fn commit_now(&mut self) -> Result<(), Failure> {
        self.log.commit().map_err(|source| self.failure(source))?;
        self.show();
        Ok(())
    }

    /// Whether records wait that could not be written.
    pub(crate) fn is_stuck(&self) -> bool {
        self.is_stuck
    }

    fn show(&mut self) {
        if let Some(observer) = &mut self.observer {
            self.unseen.drain(..).for_each(|record| observer(&record));
        }
    }

    fn report_stuck(&mut self, error: &std::io::Error) {
        if !self.is_stuck {
            error!(log = %self.log.path().display(), %error, "cannot write the log: ticking stops");
        }
        self.is_stuck = true;
    }

    fn report_freed(&mut self) {
        if self.is_stuck {
            info!("the log can be written again: ticking goes on");
        }
        self.is_stuck = false;
    }

    fn failure(&self, source: CommitError) -> Failure {
        Failure::Log { log: self.log.path().to_owned(), source }
    }
}
