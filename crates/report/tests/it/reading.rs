//! Reading the folder of a run, whole or damaged.

use std::fs;

use journal::{Folder, ReadError, Record};
use report::Summary;
use tempfile::TempDir;

use crate::simulator::Simulator;

/// The logs of ten seconds in a folder; `change` may spoil the text of machine 2's.
fn folder(change: impl Fn(String) -> String) -> (TempDir, Folder) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 10.0).logs();
    for (machine, log) in (1..).zip(logs) {
        let lines: Vec<_> = log.iter().map(Record::to_json).collect();
        let text = lines.join("\n") + "\n";
        let text = if machine == 2 { change(text) } else { text };
        fs::write(folder.path().join(Folder::log_name(machine)), text).expect("a written log");
    }
    let opened = Folder::open(folder.path()).expect("a folder of logs");
    (folder, opened)
}

#[test]
fn a_whole_run() {
    let (_guard, folder) = folder(|text| text);
    let (summary, errors) = Summary::read(&folder);
    assert!(errors.is_empty());
    assert_eq!(summary, Simulator::new(&[1.0, 3.0, 6.0], 10, 10.0).summary());
    assert_eq!((summary.run.as_deref(), summary.seconds), (Some("test"), 10.0));
    assert_eq!((summary.ticks, summary.leader), (100, Some(3)));
}

#[test]
fn a_log_damaged_halfway_counts_up_to_there() {
    let (_guard, folder) = folder(|text| {
        let lines: Vec<_> = text.lines().enumerate().collect();
        let spoil = |(index, line): &(usize, &str)| match index {
            14 => "garbage\n".to_owned(),
            _ => format!("{line}\n"),
        };
        lines.iter().map(spoil).collect()
    });
    let (summary, errors) = Summary::read(&folder);
    assert!(matches!(errors[..], [ReadError::Damaged { line: 15, .. }]));
    assert_eq!(summary.machines[1].statistics.ticks, 13);
    assert_eq!(summary.machines[2].statistics.ticks, 60);
    let notes = summary.notes().join("\n");
    assert!(notes.contains("machine-2.jsonl:15: "), "{notes}");
    assert!(notes.ends_with(". The figures count up to there."), "{notes}");
}

#[test]
fn a_torn_last_line_is_not_damage() {
    let (_guard, folder) = folder(|text| text[..text.len() - 20].to_owned());
    let (summary, errors) = Summary::read(&folder);
    assert!(errors.is_empty() && summary.damage.is_empty());
    assert_eq!(summary.machines[1].statistics.stop_reason, None);
    assert_eq!(summary.machines[1].statistics.ticks, 30);
}

#[test]
fn a_log_that_is_gone_is_an_error_and_no_prediction() {
    let (_guard, folder) = folder(|text| text);
    fs::remove_file(&folder.logs[1].1).unwrap();
    let (summary, errors) = Summary::read(&folder);
    assert!(matches!(errors[..], [ReadError::Io { .. }]));
    assert_eq!((summary.machines.len(), summary.prediction), (3, None));
}
