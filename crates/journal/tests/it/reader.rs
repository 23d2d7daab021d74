//! Reading a log that does not change.

use std::io::{self, BufRead, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use journal::{LINE_BYTES_MAX, ReadError, Reader};

use crate::sample::{INTERNAL, Log, RECEIVE, SEND, START, STOP, examples, lines, shown};

fn reader_of(content: impl AsRef<[u8]>) -> Reader<Cursor<Vec<u8>>> {
    Reader::new(Cursor::new(content.as_ref().to_vec()), Path::new("runs/a.jsonl"))
}

/// How many lines can be read, whether a torn one follows, and where it begins.
fn read_all(content: impl AsRef<[u8]>) -> (usize, bool, u64) {
    let mut reader = reader_of(content);
    let count = reader.by_ref().inspect(|line| assert!(line.is_ok(), "{line:?}")).count();
    (count, reader.torn(), reader.offset())
}

#[test]
fn every_line_is_read_with_its_number() {
    let mut reader = reader_of(lines(&[START, INTERNAL, SEND, RECEIVE, STOP]));
    let mut offset = 0;
    for (number, (line, record)) in (1..).zip(examples()) {
        let read = reader.next().unwrap().unwrap();
        assert_eq!((read.number, read.record), (number, record));
        offset += line.len() as u64 + 1;
        assert_eq!(reader.offset(), offset);
    }
    assert!(reader.next().is_none());
    assert!(!reader.torn());
    assert_eq!(reader.path(), Path::new("runs/a.jsonl"));
}

#[test]
fn a_line_without_its_newline_is_not_read_even_if_it_would_parse() {
    let whole = lines(&[START, INTERNAL]);
    let length = whole.len() as u64;
    for (tail, torn) in [
        ("", false),
        ("{", true),
        (&SEND[..50], true),
        (SEND, true),
        (" ", true),
        ("\0\0\0", true),
        ("no record at all", true),
    ] {
        assert_eq!(read_all(format!("{whole}{tail}")), (2, torn, length), "{tail}");
    }
    assert_eq!(read_all(""), (0, false, 0));
    assert_eq!(read_all(START), (0, true, 0));
}

#[test]
fn lines_may_end_as_on_windows() {
    let content = lines(&[START, INTERNAL]).replace('\n', "\r\n");
    assert_eq!(read_all(&content), (2, false, content.len() as u64));
    assert_eq!(read_all(&content[..content.len() - 1]).0, 1);
}

#[test]
fn a_damaged_line_is_refused_with_file_line_and_reason() {
    for (damaged, expected) in [
        ("", "runs/a.jsonl:3: not a record: EOF"),
        ("\0\0\0\0", "runs/a.jsonl:3: not a record: expected value"),
        (&SEND[..50], "runs/a.jsonl:3: not a record: EOF"),
        ("{\"event\":\"halt\"}", "runs/a.jsonl:3: not a record: unknown variant `halt`"),
    ] {
        let mut reader = reader_of(lines(&[START, INTERNAL, damaged, RECEIVE]));
        assert_eq!(reader.by_ref().take(2).filter(Result::is_ok).count(), 2);
        let offset = reader.offset();
        let error = reader.next().unwrap().unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error}");
        assert!(matches!(error, ReadError::Damaged { line: 3, .. }));
        assert_eq!(reader.offset(), offset);
    }
}

/// A log has one line a record: a position within "line 1" would mislead.
#[test]
fn a_refusal_names_the_line_of_the_log_and_no_other() {
    for damaged in ["{\"event\":", "{\"event\":\"halt\"}", "x"] {
        let error = reader_of(lines(&[START, damaged])).find_map(Result::err).unwrap().to_string();
        assert!(error.contains("a.jsonl:2: ") && !error.contains(" at line "), "{error}");
    }
}

/// What cannot be read on must not be read on, least of all under wrong numbers.
#[test]
fn nothing_is_read_after_a_damaged_line() {
    let mut reader = reader_of(lines(&[START, "x", INTERNAL]));
    assert!(reader.next().unwrap().is_ok());
    for _ in 0..3 {
        let error = reader.next().unwrap().unwrap_err();
        assert!(matches!(error, ReadError::Damaged { line: 2, .. }), "{error}");
    }
}

/// A line that never ends, and how much of it was asked for.
struct Endless {
    read: u64,
}

impl Endless {
    const CHUNK: [u8; 1 << 16] = [b' '; 1 << 16];
}

impl Read for Endless {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        unreachable!("the reader is buffered")
    }
}

impl BufRead for Endless {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        Ok(&Self::CHUNK)
    }

    fn consume(&mut self, amount: usize) {
        self.read += amount as u64;
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match to {
            SeekFrom::Current(by) => self.read = self.read.checked_add_signed(by).unwrap(),
            _ => unreachable!("the reader knows no place but its own"),
        }
        Ok(self.read)
    }
}

#[test]
fn a_line_without_end_is_refused_and_not_read_for_ever() {
    let mut reader = Reader::new(Endless { read: 0 }, Path::new("a.jsonl"));
    let error = reader.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "a.jsonl:1: the line is longer than 33554432 bytes");
}

#[test]
fn the_longest_line_is_read_and_a_longer_one_refused() {
    let line = |bytes: u64| {
        let spaces = bytes as usize - INTERNAL.len() - 1;
        format!("{INTERNAL}{}\n", " ".repeat(spaces))
    };
    assert_eq!(read_all(line(LINE_BYTES_MAX)), (1, false, LINE_BYTES_MAX));
    let error = reader_of(line(LINE_BYTES_MAX + 1)).next().unwrap().unwrap_err();
    assert!(error.to_string().contains("longer than 33554432 bytes"), "{error}");
}

#[test]
fn a_log_that_cannot_be_opened_or_read_is_named() {
    let log = Log::absent();
    let error = Reader::open(&log.path).unwrap_err();
    let refusal = shown(&error, &log.path);
    assert!(refusal.starts_with("cannot read machine-1.jsonl: No such file"), "{refusal}");

    let folder = tempfile::tempdir().unwrap();
    let error = Reader::open(folder.path()).unwrap().next().unwrap().unwrap_err();
    assert!(matches!(&error, ReadError::Io { path, .. } if path == folder.path()), "{error}");
}
