//! The folder of a run: its logs, and what lies beside them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use thiserror::Error;

use crate::manifest::Manifest;

/// The logs of a run, and its manifest if the folder has one.
#[derive(Clone, Debug)]
pub struct Folder {
    /// The folder.
    pub path: PathBuf,
    /// Each log with the number of the machine that its name gives, by number.
    pub logs: Vec<(u32, PathBuf)>,
    /// What `run.toml` says, if it is there.
    pub manifest: Option<Manifest>,
}

/// A folder that holds no run.
#[derive(Debug, Error)]
pub enum FolderError {
    /// The operating system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// What could not be read.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no log in it.
    #[error("{} holds no machine-<id>.jsonl", path.display())]
    NoLogs {
        /// The folder.
        path: PathBuf,
    },
    /// Its run.toml cannot be understood.
    #[error("{}: {reason}", path.display())]
    Manifest {
        /// The file.
        path: PathBuf,
        /// What is wrong with it, with line and column.
        reason: String,
    },
}

impl Folder {
    /// The name of the manifest.
    pub const MANIFEST: &'static str = "run.toml";

    /// The name of the log of `machine`.
    #[must_use]
    pub fn log_name(machine: u32) -> String {
        format!("machine-{machine}.jsonl")
    }

    /// Looks into the folder at `path`. The logs are found, not read.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open(path: &Path) -> Result<Self, FolderError> {
        let io_error = |source| FolderError::Io { path: path.to_owned(), source };
        let mut logs = Vec::new();
        for entry in fs::read_dir(path).map_err(io_error)? {
            let entry = entry.map_err(io_error)?;
            if let Some(machine) = entry.file_name().to_str().and_then(machine_of_log) {
                logs.push((machine, entry.path()));
            }
        }
        if logs.is_empty() {
            return Err(FolderError::NoLogs { path: path.to_owned() });
        }
        logs.sort();
        Ok(Self { path: path.to_owned(), logs, manifest: read_manifest(path)? })
    }
}

fn machine_of_log(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("machine-")?.strip_suffix(".jsonl")?;
    digits.parse().ok().filter(|&machine| Folder::log_name(machine) == name)
}

fn read_manifest(folder: &Path) -> Result<Option<Manifest>, FolderError> {
    let path = folder.join(Folder::MANIFEST);
    match fs::read_to_string(&path) {
        Ok(text) => toml::from_str(&text)
            .map(Some)
            .map_err(|error| FolderError::Manifest { path, reason: error.to_string() }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(FolderError::Io { path, source }),
    }
}
