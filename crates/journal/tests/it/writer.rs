//! Appending to a log.

use std::fs;
use std::path::Path;

use journal::{OpenError, Record, Sync, Writer};
use proptest::prelude::*;

use crate::sample::{INTERNAL, Log, SEND, START, examples, internal, lines, shown};

fn open(log: &Log) -> Writer {
    Writer::open(&log.path, Sync::Never).unwrap()
}

fn commit(writer: &mut Writer, records: &[Record]) {
    records.iter().for_each(|record| writer.append(record));
    writer.commit().unwrap();
    assert!(!writer.has_pending());
}

#[test]
fn records_are_in_the_log_once_they_are_committed() {
    for sync in [Sync::Never, Sync::Always] {
        let log = Log::absent();
        let mut writer = Writer::open(&log.path, sync).unwrap();
        assert_eq!((log.content().as_str(), writer.has_pending()), ("", false));
        let mut expected = String::new();
        for (line, record) in examples() {
            writer.append(&record);
            assert!(writer.has_pending());
            assert_eq!(log.content(), expected);
            writer.commit().unwrap();
            expected += &lines(&[line]);
            assert_eq!((log.content(), writer.has_pending()), (expected.clone(), false));
        }
        writer.commit().unwrap();
        assert_eq!(log.content(), expected);
        assert_eq!(writer.path(), log.path);
    }
}

#[test]
fn a_log_is_appended_to() {
    let log = Log::of(lines(&[START]));
    commit(&mut open(&log), &[internal(1)]);
    commit(&mut open(&log), &[internal(1)]);
    assert_eq!(log.content(), lines(&[START, INTERNAL, INTERNAL]));
}

#[test]
fn the_folders_above_a_log_are_made() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("runs/today/machine-1.jsonl");
    commit(&mut Writer::open(&path, Sync::Always).unwrap(), &[internal(1)]);
    assert_eq!(fs::read_to_string(path).unwrap(), lines(&[INTERNAL]));
}

#[test]
fn a_log_has_one_writer_at_a_time() {
    let log = Log::absent();
    let first = open(&log);
    let error = Writer::open(&log.path, Sync::Never).unwrap_err();
    assert!(matches!(&error, OpenError::Locked { path } if *path == log.path));
    assert_eq!(
        shown(&error, &log.path),
        "machine-1.jsonl is in use by another process: a machine runs once; stop the other, or \
         give this one another run with --run NAME"
    );
    drop(first);
    commit(&mut open(&log), &[internal(1)]);
    assert_eq!(log.content(), lines(&[INTERNAL]));
}

#[test]
fn a_link_to_a_log_is_no_other_log() {
    let log = Log::absent();
    let _first = open(&log);
    let other = log.path.with_file_name("link");
    fs::hard_link(&log.path, &other).unwrap();
    assert!(matches!(Writer::open(&other, Sync::Never), Err(OpenError::Locked { .. })));
}

#[test]
fn a_log_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = Log::of("");
    for path in [folder.path(), &file.path.join("machine-1.jsonl")] {
        let error = Writer::open(path, Sync::Never).unwrap_err();
        let expected = format!("cannot open {} for writing: ", path.display());
        assert!(error.to_string().starts_with(&expected), "{error}");
    }
}

#[test]
fn a_torn_line_goes_with_the_next_commit_and_not_before() {
    let whole = lines(&[START]);
    for torn in ["{", &SEND[..40], SEND, &SEND.repeat(100)] {
        let log = Log::of(format!("{whole}{torn}"));
        let mut writer = open(&log);
        writer.cut_to(whole.len() as u64);
        assert_eq!(log.content(), format!("{whole}{torn}"));
        commit(&mut writer, &[internal(1)]);
        commit(&mut writer, &[internal(2)]);
        let expected = format!("{}{}\n", lines(&[START, INTERNAL]), internal(2).to_json());
        assert_eq!(log.content(), expected);
    }
}

#[test]
fn a_torn_line_goes_even_if_nothing_replaces_it() {
    let whole = lines(&[START]);
    let log = Log::of(format!("{whole}{SEND}"));
    let mut writer = open(&log);
    writer.cut_to(whole.len() as u64);
    commit(&mut writer, &[]);
    assert_eq!(log.content(), whole);
}

#[test]
fn a_log_that_is_whole_is_not_cut() {
    let log = Log::of(lines(&[START]));
    let mut writer = open(&log);
    writer.cut_to(START.len() as u64 + 1);
    commit(&mut writer, &[internal(1)]);
    assert_eq!(log.content(), lines(&[START, INTERNAL]));
}

#[test]
fn a_first_line_may_be_torn() {
    let log = Log::of(&START[..20]);
    let mut writer = open(&log);
    writer.cut_to(0);
    commit(&mut writer, &[internal(1)]);
    assert_eq!(log.content(), lines(&[INTERNAL]));
}

/// The calls of write(2) that this thread has made; none where Linux does not say.
fn writes() -> Option<u64> {
    let io = fs::read_to_string(Path::new("/proc/thread-self/io")).ok()?;
    io.lines().find_map(|line| line.strip_prefix("syscw: "))?.parse().ok()
}

#[test]
fn a_batch_is_one_write() {
    let log = Log::absent();
    let mut writer = open(&log);
    for batch in [1, 7, 10_000] {
        let Some(before) = writes() else { return };
        commit(&mut writer, &vec![internal(1); batch]);
        assert_eq!(writes(), Some(before + 1), "{batch} records");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_log_holds_the_records_whatever_the_batches(
        batches in prop::collection::vec(0..20_usize, 0..20),
    ) {
        let (log, mut expected) = (Log::absent(), String::new());
        let mut writer = open(&log);
        for (tick, batch) in (1..).zip(batches) {
            let record = internal(tick);
            commit(&mut writer, &vec![record.clone(); batch]);
            expected += &format!("{}\n", record.to_json()).repeat(batch);
            prop_assert_eq!(log.content(), expected.as_str());
        }
    }
}
