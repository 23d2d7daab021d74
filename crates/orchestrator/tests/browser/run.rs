//! Runs in virtual time, with their pages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use journal::{Folder, Reader, Record};
use tempfile::TempDir;

/// A run and its page.
pub(crate) struct Run {
    folder: TempDir,
}

impl Run {
    /// Simulates with these options.
    pub(crate) fn simulate(options: &str) -> Self {
        let folder = TempDir::new().unwrap();
        let out = folder.path().display().to_string();
        offbeat(&format!("simulate {options} --out {out}"));
        let run = Self { folder };
        run.write_page();
        run
    }

    /// The run that these logs are of, machine after machine.
    pub(crate) fn of_logs(logs: &[String]) -> Self {
        let folder = TempDir::new().unwrap();
        for (machine, log) in (1..).zip(logs) {
            std::fs::write(folder.path().join(Folder::log_name(machine)), log).unwrap();
        }
        let run = Self { folder };
        run.write_page();
        run
    }

    fn write_page(&self) {
        offbeat(&format!("report {} --html", self.folder().display()));
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn page(&self) -> PathBuf {
        self.folder().join("report.html")
    }

    /// The events of each machine, by number.
    pub(crate) fn events(&self) -> Vec<Vec<Record>> {
        let folder = Folder::open(self.folder()).unwrap();
        let events = |path: &PathBuf| {
            let lines = Reader::open(path).unwrap();
            let records = lines.map(|line| line.unwrap().record);
            records.filter(|record| record.tick().is_some()).collect()
        };
        folder.logs.iter().map(|(_, path)| events(path)).collect()
    }
}

/// Runs the command, untouched by the environment of whoever runs the tests.
pub(crate) fn offbeat(args: &str) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OFFBEAT_")) {
        command.env_remove(name);
    }
    let output = command.args(args.split_whitespace()).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{args}: {}", String::from_utf8_lossy(&output.stderr));
}
