//! What a command that cannot do its work says, and with which exit code.

use std::fmt::Display;
use std::io;
use std::path::Path;

use journal::FolderError;
use node::{ConfigError, Exit};
use stream::LogError;

use crate::hint::Program;

/// An error on its way to whoever typed the command: what, where, what to do.
#[derive(Debug)]
pub struct Complaint {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Complaint {
    /// The command line or a config is wrong.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, message: message.into() }
    }

    /// The work failed.
    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self { exit: Exit::Failed, message: message.into() }
    }

    /// The operating system refused to do `what` to `path`.
    pub(crate) fn io(what: &str, path: &Path, error: &io::Error) -> Self {
        Self::failed(format!("cannot {what} {}: {error}", path.display()))
    }

    /// As [`io`](Self::io), where the world may change: what to do then.
    pub(crate) fn of_folder(what: &str, path: &Path, error: &io::Error) -> Self {
        let remedy = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "make room there, or say another folder with --out"
            }
            _ => "say a folder with --out that this user may write",
        };
        Self::io(what, path, error).remedy(remedy)
    }

    /// The same with a line that says what to do.
    pub(crate) fn remedy(mut self, remedy: impl Display) -> Self {
        self.message.push_str(&format!("\nhelp: {remedy}"));
        self
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Complaint {}

impl From<LogError> for Complaint {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Plan(_) => Self::usage(error.to_string()),
            LogError::Open(_) => Self::failed(error.to_string()),
            LogError::Write { .. } => Self::failed(error.to_string())
                .remedy("make room there, or say another folder with --out"),
        }
    }
}

impl From<ConfigError> for Complaint {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<FolderError> for Complaint {
    fn from(error: FolderError) -> Self {
        Self::usage(error.to_string()).remedy(format!(
            "give the folder of a run; {} makes runs/latest",
            Program::as_started().on("run")
        ))
    }
}
