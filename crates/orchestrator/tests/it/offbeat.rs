//! Runs the command, and reads what it leaves behind.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use journal::{Folder, Reader, Record, Stop};

/// The command, untouched by the environment of whoever runs the tests.
pub(crate) fn offbeat() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offbeat"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("OFFBEAT_")) {
        command.env_remove(name);
    }
    command.env("CARGO", "cargo").stdin(Stdio::null());
    command
}

/// Runs the command with `args` below `folder` to its end.
pub(crate) fn run_in(folder: &Path, args: &str) -> Output {
    offbeat().current_dir(folder).args(args.split_whitespace()).output().unwrap()
}

/// What it printed as results.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// What it printed as progress and complaints.
pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// The records of `machine` in `folder` so far.
pub(crate) fn records(folder: &Path, machine: u32) -> Vec<Record> {
    match Reader::open(&folder.join(Folder::log_name(machine))) {
        Ok(lines) => lines.map(|line| line.unwrap().record).collect(),
        Err(_) => Vec::new(),
    }
}

/// Events in the log of `machine` so far.
pub(crate) fn ticks(folder: &Path, machine: u32) -> u64 {
    records(folder, machine).iter().filter_map(Record::tick).max().unwrap_or(0)
}

/// The stop record that the log of `machine` ends with, if it does.
pub(crate) fn stop(folder: &Path, machine: u32) -> Option<Stop> {
    match records(folder, machine).pop() {
        Some(Record::Stop(stop)) => Some(stop),
        _ => None,
    }
}

/// Asserts that the judge holds the run in `folder` to be right, as the command
/// says it: exit code 0, where *cannot tell* is 3.
pub(crate) fn assert_holds(folder: &Path) {
    let output = offbeat().arg("check").arg(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    assert!(stdout(&output).starts_with("Holds"), "{}", stdout(&output));
}

/// Asserts that every record in `folder` comes out of the machine's code again, as
/// the command says it; gives what it said.
pub(crate) fn assert_replays(folder: &Path) -> String {
    let output = offbeat().arg("replay").arg(folder).output().unwrap();
    let said = stdout(&output);
    assert_eq!(output.status.code(), Some(0), "{said}{}", stderr(&output));
    assert!(said.contains("\nReplays: "), "{said}");
    said
}
