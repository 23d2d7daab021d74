//! A run as its files, and as the records in them: what a corruption changes.
//!
//! Knows nothing of rules or verdicts.

use std::collections::BTreeMap;
use std::fs;
use std::ops::{Index, IndexMut};
use std::path::{Path, PathBuf};

use journal::{Folder, Record};

/// The text of each file of a run, by its name.
pub(crate) type Files = BTreeMap<String, String>;

/// The records of one machine, in order.
pub(crate) type Log = Vec<Record>;

/// The records of all machines: `logs[3]` are those of machine 3.
#[derive(Debug, PartialEq)]
pub(crate) struct Logs(pub(crate) BTreeMap<u32, Log>);

impl Index<u32> for Logs {
    type Output = Log;

    fn index(&self, machine: u32) -> &Log {
        &self.0[&machine]
    }
}

impl IndexMut<u32> for Logs {
    fn index_mut(&mut self, machine: u32) -> &mut Log {
        self.0.get_mut(&machine).unwrap()
    }
}

/// Where the folder `name` of the examples is.
pub(crate) fn folder(name: &str) -> PathBuf {
    // Relative, so that a verdict names the same files on every computer.
    Path::new(ABOVE).join("examples/broken").join(name)
}

/// The way from here, where tests run, to the root, where people type commands.
pub(crate) const ABOVE: &str = "../..";

/// What the folder `name` of the examples holds of a run.
pub(crate) fn files(name: &str) -> Files {
    let entries = fs::read_dir(folder(name)).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let of_a_run = names.filter(|name| name.ends_with(".jsonl") || name == Folder::MANIFEST);
    of_a_run
        .map(|file| (file.clone(), fs::read_to_string(folder(name).join(file)).unwrap()))
        .collect()
}

/// What the logs among `files` say.
pub(crate) fn parse(files: &Files) -> Logs {
    let log =
        |text: &String| text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let logs = (1..).map_while(|machine| Some((machine, files.get(&Folder::log_name(machine))?)));
    Logs(logs.map(|(machine, text)| (machine, log(text))).collect())
}

/// Writes `logs` into `files` as machines do.
pub(crate) fn write(logs: &Logs, files: &mut Files) {
    for (machine, log) in &logs.0 {
        let lines = log.iter().map(|record| record.to_json() + "\n");
        files.insert(Folder::log_name(*machine), lines.collect());
    }
}
