//! A run that the command makes, and its logs.

use std::process::{Command, Stdio};

use journal::{Folder, Line, Reader, Record, Start, Stop};
use tempfile::TempDir;

use crate::Failure;
use crate::process::command;

/// The logs of a run that was judged, and holds.
#[derive(Debug)]
pub(crate) struct Run {
    folder: Folder,
    _files: TempDir,
}

/// The log of one machine.
#[derive(Clone, Debug)]
pub(crate) struct Log {
    pub(crate) start: Start,
    /// The times of its events, in microseconds since the start.
    pub(crate) times: Vec<f64>,
    pub(crate) stop: Stop,
}

impl Run {
    /// Runs `offbeat run` with these options to its end and its verdict.
    pub(crate) fn make(options: &[&str]) -> Result<Self, Failure> {
        let files = TempDir::new()?;
        let out = files.path().join("run");
        let output = Command::new(command()?)
            .args(["run", "--ports", "auto", "--out"])
            .arg(&out)
            .args(options)
            .stdin(Stdio::null())
            .output()?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let last = said.lines().rev().find(|line| !line.is_empty()).unwrap_or_default();
            return Err(format!("offbeat run: {}: {last}", output.status).into());
        }
        Ok(Self { folder: Folder::open(&out)?, _files: files })
    }

    /// The log of each machine.
    pub(crate) fn logs(&self) -> Result<Vec<Log>, Failure> {
        self.folder.logs.iter().map(|(_, path)| Log::read(Reader::open(path)?)).collect()
    }
}

impl Log {
    fn read<E>(lines: impl Iterator<Item = Result<Line, E>>) -> Result<Self, Failure>
    where
        Failure: From<E>,
    {
        let (mut start, mut times, mut stop) = (None, Vec::new(), None);
        for line in lines {
            match line?.record {
                Record::Start(record) => start = Some(*record),
                Record::Stop(record) => stop = Some(record),
                event => times.push(event.time()),
            }
        }
        let (start, stop) = start.zip(stop).ok_or("a log without start or stop")?;
        let since = |time: journal::Time| time.seconds_since(start.time) * 1e6;
        Ok(Self { times: times.into_iter().map(since).collect(), start, stop })
    }
}
