//! The log at its end: torn at every byte, and in a file.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use journal::{Internal, Reader, Record, Sync, Time, Writer, recover_from};

use super::finding::{Finding, same};

/// How a log begins.
const START: &str = r#"{"event":"start","log":"offbeat-log/1","time":"2000-01-01T00:00:00Z","run":"torn","machine":1,"machines":2,"topology":"full","rate":1,"draw_max":10,"phase":0,"pacing":"even","stamp":"after","incarnation":1,"clock":0}"#;

pub(crate) fn hold() -> Result<(), Finding> {
    a_torn_line_is_no_line()?;
    a_file_holds_what_was_committed()
}

fn internal(tick: u64) -> Record {
    let time = Time::from_micros(946_684_800_000_000);
    Record::Internal(Internal { time, tick, draw: 9, queue: 0, clock: tick })
}

fn line(tick: u64) -> String {
    internal(tick).to_json() + "\n"
}

/// A line counts from its newline on, even if it could be understood without.
fn a_torn_line_is_no_line() -> Result<(), Finding> {
    let (whole, last) = (format!("{START}\n{}", line(1)), line(2));
    for cut in 0..last.len() {
        let text = format!("{whole}{}", &last[..cut]);
        let reader = Reader::new(Cursor::new(text.as_bytes()), Path::new("log"));
        let found = match recover_from(reader) {
            Ok(Some(it)) => Ok((it.endpoint.machine().ticks(), it.length, it.torn)),
            Ok(None) => Err("no log".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        let expected = Ok((1, whole.len() as u64, cut > 0));
        same("torn", &format!("a last line of {cut} bytes"), found, expected)?;
    }
    Ok(())
}

/// Torn bytes go, and each record is written once.
fn a_file_holds_what_was_committed() -> Result<(), Finding> {
    let folder = std::env::temp_dir().join(format!("offbeat-mutants-{}", std::process::id()));
    let path = folder.join("machine-1.jsonl");
    let whole = format!("{START}\n{}", line(1));
    fs::create_dir_all(&folder).unwrap();
    fs::write(&path, format!("{whole}{}", &line(2)[..40])).unwrap();
    let mut writer = Writer::open(&path, Sync::Never).unwrap();
    writer.cut_to(whole.len() as u64);
    for tick in 2..=3 {
        writer.append(&internal(tick));
        writer.commit().unwrap();
    }
    let found = fs::read_to_string(&path).unwrap();
    fs::remove_dir_all(&folder).unwrap();
    same("file", "the file", found, format!("{whole}{}{}", line(2), line(3)))
}
