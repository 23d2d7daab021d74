//! How a command ends.

use std::process::ExitCode;

/// The exit codes of all commands of Offbeat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and what was to hold holds.
    Done = 0,
    /// A rule is violated.
    Violated = 1,
    /// The command line or a config is wrong.
    Usage = 2,
    /// What was to be judged cannot be.
    CannotTell = 3,
    /// The run failed.
    Failed = 4,
    /// Stopped with messages in flight.
    InFlight = 5,
    /// A log is damaged, or not this run's.
    LogRefused = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
