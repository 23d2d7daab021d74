//! Why a node cannot start, or cannot go on.

use std::io;
use std::path::PathBuf;

use journal::{CommitError, Difference, OpenError, RecoveryError};
use machine::draw::EntropyError;
use machine::{MachineId, Overflow, WelcomeFault};
use thiserror::Error;

use crate::config_source::ConfigError;
use crate::exit::Exit;
use crate::identity::IdentityError;

/// Why a node ended other than in good order. Each says what to do.
#[derive(Debug, Error)]
pub enum Failure {
    /// Its config is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Its certificates are not good.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Its log cannot be opened.
    #[error("{}", said_of_log(.0))]
    Open(#[from] OpenError),
    /// Its log gives back no machine.
    #[error(
        "{0}\nhelp: the file was left as it is: restore it, or start another run with --run NAME"
    )]
    Damaged(#[from] RecoveryError),
    /// Its log is that of another run, or of the same with other settings.
    #[error(
        "{log}: the log says {key} = {logged}, the config says {key} = {configured}\n\
         help: the log was left as it is: change the config back, or start another run with \
         --run NAME",
        log = log.display(), key = difference.key,
        logged = difference.first, configured = difference.other
    )]
    OtherRun {
        /// The log.
        log: PathBuf,
        /// The key, what the log says and what the config says.
        difference: Difference,
        /// The run that the config names.
        run: String,
    },
    /// The run that its log belongs to is over.
    #[error(
        "{log}: run {run} is over\nhelp: for another run, start all its nodes with --run NAME",
        log = log.display()
    )]
    RunIsOver {
        /// The log.
        log: PathBuf,
        /// The run.
        run: String,
    },
    /// There is no entropy for a seed.
    #[error("cannot draw a seed: {0}\nhelp: give one in the config: seed = 1")]
    Entropy(EntropyError),
    /// It cannot listen.
    #[error(
        "cannot listen on {address}: {source}\nhelp: stop whatever uses it, or set another address \
         in `listen` and in the peers of the other nodes"
    )]
    Listen {
        /// The address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// Its diagnostics file cannot be written.
    #[error(
        "cannot write diagnostics to {}: {source}\nhelp: they go beside the log: set `log` to \
         where this user may write",
        path.display()
    )]
    Diagnostics {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The level of diagnostics is none.
    #[error(
        "OFFBEAT_DIAGNOSTICS cannot be \"{level}\"\nhelp: say error, warn, info, debug, trace or off"
    )]
    DiagnosticsLevel {
        /// What the environment says.
        level: String,
    },
    /// A record did not get into the log.
    #[error("{}: {source}\nhelp: see to the disk, and start the node again: it resumes", log.display())]
    Log {
        /// The log.
        log: PathBuf,
        /// Why.
        source: CommitError,
    },
    /// A peer has more of this machine's messages than its log: the log is not
    /// this run's, but was deleted or is an older copy.
    #[error(
        "{}: this is not the log that machine {peer} has heard from: {fault}\n\
         help: it was deleted, or is an older copy, and was left as it is: restore it, or start \
         another run with --run NAME",
        log.display()
    )]
    LogNotOfRun {
        /// The log.
        log: PathBuf,
        /// The peer.
        peer: MachineId,
        /// What the peer said.
        fault: WelcomeFault,
    },
    /// The clock stands at its top.
    #[error(transparent)]
    Clock(#[from] Overflow),
    /// The operating system refused something that a node cannot do without.
    #[error("{0}")]
    Io(#[from] io::Error),
}

fn said_of_log(error: &OpenError) -> String {
    match error {
        OpenError::Locked { path } => format!(
            "{} is in use by another process: a machine runs once\nhelp: stop the other, or give \
             this one another run with --run NAME",
            path.display()
        ),
        OpenError::Io { .. } => {
            format!("{error}\nhelp: set `log` in the config to where this user may write")
        }
    }
}

impl Failure {
    /// The exit code that says so.
    #[must_use]
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::Identity(_)
            | Self::RunIsOver { .. }
            | Self::DiagnosticsLevel { .. } => Exit::Usage,
            Self::Damaged(RecoveryError::Read(journal::ReadError::Io { .. })) => Exit::Failed,
            Self::Damaged(_) | Self::OtherRun { .. } | Self::LogNotOfRun { .. } => Exit::LogRefused,
            _ => Exit::Failed,
        }
    }
}
