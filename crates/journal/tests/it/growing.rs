//! Reading a log that another process writes meanwhile.

use std::fs::{File, OpenOptions};
use std::io::{BufReader, Write as _};

use journal::{Reader, Record, Sync, Writer};
use proptest::prelude::*;

use crate::sample::{INTERNAL, Log, RECEIVE, SEND, START, STOP, internal, lines};

/// A log and someone who follows it.
struct Followed {
    log: Log,
    file: File,
    reader: Reader<BufReader<File>>,
}

impl Followed {
    fn new(content: &str) -> Self {
        let log = Log::of(content);
        let file = OpenOptions::new().append(true).open(&log.path).unwrap();
        let reader = Reader::open(&log.path).unwrap();
        Self { log, file, reader }
    }

    fn append(&mut self, content: &str) {
        self.file.write_all(content.as_bytes()).unwrap();
    }

    fn cut_to(&mut self, length: usize) {
        self.file.set_len(length as u64).unwrap();
    }

    /// The numbers and lines that have come since.
    fn read(&mut self) -> Vec<(u64, String)> {
        self.reader
            .by_ref()
            .map(|line| line.unwrap())
            .map(|line| (line.number, line.record.to_json()))
            .collect()
    }

    fn check(&mut self, expected: &[(u64, &str)], torn: bool) {
        let expected: Vec<_> =
            expected.iter().map(|&(number, line)| (number, line.to_owned())).collect();
        assert_eq!(self.read(), expected);
        assert_eq!(self.reader.torn(), torn);
    }
}

#[test]
fn reading_goes_on_where_it_ended() {
    let mut log = Followed::new("");
    log.check(&[], false);
    log.append(&lines(&[START]));
    log.check(&[(1, START)], false);
    log.check(&[], false);
    log.append(&lines(&[INTERNAL, SEND]));
    log.check(&[(2, INTERNAL), (3, SEND)], false);
}

#[test]
fn a_line_is_read_once_it_is_whole() {
    let mut log = Followed::new(&lines(&[START]));
    log.append(&SEND[..30]);
    log.check(&[(1, START)], true);
    log.append(&SEND[30..60]);
    log.check(&[], true);
    log.append(&SEND[60..]);
    log.check(&[], true);
    log.append("\n");
    log.check(&[(2, SEND)], false);
}

#[test]
fn what_replaces_a_torn_line_is_read_whether_shorter_or_longer() {
    let length = START.len() + 1;
    for (torn, instead) in [
        (INTERNAL, RECEIVE),
        (RECEIVE, INTERNAL),
        (&RECEIVE[..40], STOP),
        ("\0\0\0\0", INTERNAL),
        (&START.repeat(1_000), INTERNAL),
    ] {
        let mut log = Followed::new(&lines(&[START]));
        log.append(torn);
        log.check(&[(1, START)], true);
        log.cut_to(length);
        log.append(&lines(&[instead]));
        log.check(&[(2, instead)], false);
    }
}

#[test]
fn a_torn_line_that_is_cut_off_is_no_longer_torn() {
    let mut log = Followed::new(&format!("{START}\n{SEND}"));
    log.check(&[(1, START)], true);
    log.cut_to(START.len() + 1);
    log.check(&[], false);
    assert_eq!(log.reader.offset(), START.len() as u64 + 1);
}

/// As when a torn line is replaced between two read(2) of one line.
#[test]
fn a_damaged_line_that_is_replaced_is_read() {
    let mut log = Followed::new(&lines(&[START, "{\"event\":\"int", INTERNAL]));
    assert!(log.reader.next().unwrap().is_ok());
    assert!(log.reader.next().unwrap().is_err());
    log.cut_to(START.len() + 1);
    log.append(&lines(&[INTERNAL, SEND]));
    log.check(&[(2, INTERNAL), (3, SEND)], false);
}

#[test]
fn a_writer_that_resumes_a_torn_log_is_followed() {
    let mut log = Followed::new(&format!("{START}\n{}", &SEND[..70]));
    log.check(&[(1, START)], true);
    let mut writer = Writer::open(&log.log.path, Sync::Never).unwrap();
    writer.cut_to(log.reader.offset());
    writer.append(&internal(1));
    writer.append(&internal(2));
    writer.commit().unwrap();
    let records: Vec<Record> = log.reader.by_ref().map(|line| line.unwrap().record).collect();
    assert_eq!(records, [internal(1), internal(2)]);
    assert!(!log.reader.torn());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn however_a_log_grows_each_line_is_read_once(
        cuts in prop::collection::vec(0..3_000_usize, 0..40),
        repeats in 1..6_usize,
    ) {
        let content = lines(&[START, INTERNAL, SEND, RECEIVE, STOP]).repeat(repeats);
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(content.len())).collect();
        cuts.extend([0, content.len()]);
        cuts.sort_unstable();
        let (mut log, mut read) = (Followed::new(""), Vec::new());
        for piece in cuts.windows(2).map(|ends| &content[ends[0]..ends[1]]) {
            log.append(piece);
            read.extend(log.read());
        }
        let expected: Vec<_> =
            (1..).zip(content.lines().map(ToOwned::to_owned)).collect();
        prop_assert_eq!(read, expected);
        prop_assert_eq!(log.reader.offset(), content.len() as u64);
    }
}
