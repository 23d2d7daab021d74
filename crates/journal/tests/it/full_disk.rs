//! Appending to a log when there is no room.

#![cfg(target_os = "linux")]

use std::path::Path;
use std::process::{Command, id};
use std::thread::yield_now;
use std::{env, fs};

use journal::{CommitError, OpenError, Reader, Sync, Writer};

use crate::sample::{Log, internal};

/// Set in the process whose files may not grow.
const LIMITED: &str = "OFFBEAT_TEST_LIMITED";

#[test]
fn a_full_disk_keeps_the_records_pending() {
    let mut writer = open_device("/dev/full", Sync::Never);
    writer.append(&internal(1));
    for _ in 0..3 {
        let error = writer.commit().unwrap_err();
        assert!(matches!(error, CommitError::Write(_)));
        assert!(error.to_string().starts_with("cannot write: "), "{error}");
        assert!(writer.has_pending());
    }
}

/// There is nothing behind /dev/null that could be synchronised.
#[test]
fn what_cannot_be_synchronised_is_not_in_the_log() {
    let mut writer = open_device("/dev/null", Sync::Always);
    writer.append(&internal(1));
    let error = writer.commit().unwrap_err();
    assert!(matches!(error, CommitError::Sync(_)));
    assert!(error.to_string().starts_with("cannot synchronise: "), "{error}");
    assert!(writer.has_pending());
}

/// The one file of all test processes: another may have it locked.
fn open_device(path: &str, sync: Sync) -> Writer {
    loop {
        match Writer::open(Path::new(path), sync) {
            Err(OpenError::Locked { .. }) => yield_now(),
            opened => return opened.unwrap(),
        }
    }
}

/// A limit on the size of files does what a full disk does: the write that meets
/// it is cut short, the next one fails. The test runs itself again in a process
/// of its own, started by a shell because it can ignore SIGXFSZ.
#[test]
fn a_write_that_is_cut_short_is_cut_back_and_succeeds_later() {
    if env::var_os(LIMITED).is_some() {
        return run_out_of_room();
    }
    let name = "full_disk::a_write_that_is_cut_short_is_cut_back_and_succeeds_later";
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" --exact \"$1\" --nocapture"])
        .args([env::current_exe().unwrap().as_os_str(), name.as_ref()])
        .env(LIMITED, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{output:?}");
}

fn run_out_of_room() {
    let log = Log::absent();
    let mut writer = Writer::open(&log.path, Sync::Never).unwrap();
    (1..=10).for_each(|tick| writer.append(&internal(tick)));
    writer.commit().unwrap();
    let before = log.content();
    limit_files(&(before.len() + 1_000).to_string());

    for last in [60, 80] {
        (last - 19..=last).for_each(|tick| writer.append(&internal(tick - 30)));
        let error = writer.commit().unwrap_err();
        assert!(matches!(error, CommitError::Write(_)), "{error}");
        assert!(writer.has_pending());
        assert_eq!(log.content(), before);
    }

    limit_files("unlimited");
    writer.commit().unwrap();
    assert!(!writer.has_pending());
    writer.append(&internal(51));
    writer.commit().unwrap();
    let ticks: Vec<_> =
        Reader::open(&log.path).unwrap().map(|line| line.unwrap().record.tick().unwrap()).collect();
    assert_eq!(ticks, (1..=51).collect::<Vec<_>>());
    assert!(fs::read_to_string(&log.path).unwrap().ends_with('\n'));
}

fn limit_files(bytes: &str) {
    let limit = format!("--fsize={bytes}:");
    let status =
        Command::new("prlimit").args(["--pid", &id().to_string(), &limit]).status().unwrap();
    assert!(status.success());
}
