//! What is no record, and what the reader of a log is told about it.

use std::io::Cursor;
use std::path::Path;

use journal::{Reader, Record};
use serde_json::{Map, Value};

use crate::sample::{INTERNAL, RECEIVE, SEND, START, STOP, examples};

/// What reading a log of this one line says.
fn refusal(line: &str) -> String {
    let mut reader = Reader::new(Cursor::new(format!("{line}\n")), Path::new("a.jsonl"));
    match reader.next().unwrap() {
        Ok(read) => panic!("read {read:?} from {line}"),
        Err(error) => error.to_string(),
    }
}

fn check(line: &str, expected: &[&str]) {
    let refusal = refusal(line);
    for part in ["a.jsonl:1: not a record: "].iter().chain(expected) {
        assert!(refusal.contains(part), "\"{refusal}\" does not say \"{part}\"");
    }
}

fn keys_of(line: &str) -> Map<String, Value> {
    serde_json::from_str(line).unwrap()
}

#[test]
fn what_is_no_json_object_is_refused() {
    for (line, expected) in [
        ("", "EOF"),
        ("x", "expected value"),
        ("null", "invalid type: null"),
        ("7", "invalid type: integer `7`"),
        ("[]", "an array where an object was expected"),
        (
            r#" ["stop","2026-11-23T20:02:53Z","duration",3,0,1,0,6]"#,
            "an array where an object was expected",
        ),
        ("{}", "missing field `event`"),
        (r#"{"event":"internal""#, "EOF"),
        (&INTERNAL.repeat(2), "trailing characters"),
    ] {
        check(line, &[expected]);
    }
}

#[test]
fn an_event_must_be_known() {
    let line = INTERNAL.replace("internal", "intermal");
    check(&line, &["unknown variant `intermal`", "`start`, `internal`, `send`, `receive`, `stop`"]);
    check(&INTERNAL.replace(r#""internal""#, "3"), &["3"]);
    check(&INTERNAL.replace("event", "Event"), &["missing field `event`"]);
}

#[test]
fn a_key_that_is_missing_is_named() {
    let optional = ["seed", "generator", "duration"];
    for (line, _) in examples() {
        for key in keys_of(line).keys().filter(|key| !optional.contains(&key.as_str())) {
            let mut keys = keys_of(line);
            keys.remove(key);
            check(&Value::Object(keys).to_string(), &[&format!("missing field `{key}`")]);
        }
    }
}

#[test]
fn a_key_that_is_there_twice_is_named() {
    for (line, _) in examples() {
        for (key, value) in keys_of(line) {
            let again = format!(",{key:?}:{value}}}");
            check(&line.replace('}', &again), &[&format!("duplicate field `{key}`")]);
        }
    }
}

#[test]
fn a_value_of_another_type_is_refused() {
    for (line, _) in examples() {
        for key in keys_of(line).keys() {
            for wrong in ["-1", "true", r#""nonsense""#, "{}", "[[]]", "1e40"] {
                let mut keys = keys_of(line);
                keys[key] = serde_json::from_str(wrong).unwrap();
                let edited = Value::Object(keys).to_string();
                let read = serde_json::from_str::<Record>(&edited);
                assert_eq!(read.is_ok(), is_free(key, wrong), "{edited}");
            }
        }
    }
}

/// Whether the value of `key` may be this: names are free, and so are numbers
/// of seconds.
fn is_free(key: &str, value: &str) -> bool {
    match key {
        "log" | "run" | "generator" => value == r#""nonsense""#,
        "phase" | "duration" => ["-1", "1e40"].contains(&value),
        _ => false,
    }
}

#[test]
fn the_value_that_is_wrong_is_shown() {
    for (line, from, to, expected) in [
        (START, r#""rate":4"#, r#""rate":0"#, "0 is not a rate"),
        (START, r#""rate":4"#, r#""rate":-4"#, "-4 is not a rate"),
        (START, r#""rate":4"#, r#""rate":"fast""#, r#""fast" is not a rate"#),
        (START, r#""rate":4"#, r#""rate":1e999"#, "number out of range"),
        (START, r#""rate":4"#, r#""rate":NaN"#, "expected"),
        (START, r#""rate":4"#, r#""rate":null"#, "a number of ticks a second, or \"max\""),
        (START, r#""full""#, r#""star""#, "unknown variant `star`, expected `full` or `ring`"),
        (START, r#""even""#, r#""odd""#, "unknown variant `odd`, expected `even` or `burst`"),
        (START, r#""after""#, r#""amid""#, "unknown variant `amid`, expected `after` or `before`"),
        (START, r#""machine":1"#, r#""machine":4294967296"#, "integer `4294967296`, expected u32"),
        (START, r#""seed":42"#, r#""seed":-42"#, "integer `-42`, expected u64"),
        (
            START,
            r#""seed":42"#,
            r#""seed":18446744073709551616"#,
            "1.8446744073709552e+19`, expected u64",
        ),
        (START, "2026-11-23T", "2026-13-23T", "not a time"),
        (START, "706Z", "706", "not a time"),
        (START, "2026-11-23T20:02:53.740706Z", "yesterday", "not a time"),
        (INTERNAL, r#""tick":1"#, r#""tick":1.0"#, "floating point `1.0`, expected u64"),
        (SEND, "[2,3]", "2", "invalid type: integer `2`, expected a sequence"),
        (SEND, "[2,3]", "[2,-3]", "integer `-3`, expected u32"),
        (RECEIVE, r#""stamp":5"#, r#""stamp":"5""#, "string \"5\", expected u64"),
        (
            STOP,
            r#""duration""#,
            r#""boredom""#,
            "`boredom`, expected one of `duration`, `signal`, `fault`",
        ),
    ] {
        assert!(line.contains(from), "{from}");
        check(&line.replacen(from, to, 1), &[expected]);
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for (bytes, expected) in [
        (b"\0\0\0\n".as_slice(), "expected value"),
        (b"{\"event\":\"internal\0\"}\n", "control character"),
        (b"{\"event\":\"\xff\xfe\"}\n", "invalid unicode"),
        (b"{\"what\":\"\xc3\"}\n", "invalid unicode"),
        (b"{\"\xc3\x28\":1}\n", "invalid unicode"),
        (b"\xef\xbb\xbf{}\n", "expected value"),
    ] {
        let mut reader = Reader::new(Cursor::new(bytes), Path::new("a.jsonl"));
        let refusal = reader.next().unwrap().unwrap_err().to_string();
        assert!(refusal.contains(expected), "{refusal}");
    }
}
