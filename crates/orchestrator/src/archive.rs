//! A folder whose nodes always log to the same files: tells how far the run in it
//! is, and puts a run that is over aside, so that another can begin.

use std::fs::{self, DirEntry, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use journal::{Folder, FolderError, ReadError, Reader, Record, StopReason, Time};

use crate::complaint::Complaint;

/// Names tried for an archive of a run that began in the same second as others.
const TRIES_MAX: u32 = 100;

/// How far the run in a folder is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// No machine has begun.
    NotBegun,
    /// There is something left to do for a machine that has begun.
    UnderWay { began: Time },
    /// There is not: each has stopped for good, or its time is up. Of these, one that
    /// was killed would only write its stop.
    Over { began: Time },
    /// A log cannot be read.
    Unknown { reason: String },
}

/// Tells how far the run in `folder` is at the time `now`.
///
/// # Errors
/// A [`Complaint`] if the folder cannot be read.
pub(crate) fn stage(folder: &Path, now: Time) -> Result<Stage, Complaint> {
    let mut lives = Vec::new();
    for log in logs(folder)? {
        match Life::read(&log) {
            Ok(life) => lives.extend(life),
            Err(error) => return Ok(Stage::Unknown { reason: error.to_string() }),
        }
    }
    let Some(began) = lives.iter().map(|life| life.began).min() else {
        return Ok(Stage::NotBegun);
    };
    match lives.iter().all(|life| life.is_over(now)) {
        true => Ok(Stage::Over { began }),
        false => Ok(Stage::UnderWay { began }),
    }
}

/// Moves all files of `folder` into a new folder below it, named after the time
/// when the run `began`. None, and nothing is moved, if a node has its log open.
///
/// # Errors
/// A [`Complaint`] if something cannot be moved.
pub(crate) fn archive(folder: &Path, began: Time) -> Result<Option<PathBuf>, Complaint> {
    let mut locked = Vec::new();
    for log in logs(folder)? {
        match lock(&log).map_err(|error| Complaint::io("lock", &log, &error))? {
            Some(file) => locked.push(file),
            None => return Ok(None),
        }
    }
    let archive = make_archive(folder, began)?;
    move_files(folder, &archive).map_err(|error| Complaint::io("fill", &archive, &error))?;
    Ok(Some(archive))
}

/// Whether a node has its log in `folder` open.
///
/// # Errors
/// A [`Complaint`] if the folder or a log cannot be read.
pub(crate) fn is_alive(folder: &Path) -> Result<bool, Complaint> {
    for log in logs(folder)? {
        if lock(&log).map_err(|error| Complaint::io("lock", &log, &error))?.is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What a log says of the life of its machine.
struct Life {
    began: Time,
    ends: Option<Time>,
    is_done: bool,
}

impl Life {
    /// None if it has not begun.
    fn read(log: &Path) -> Result<Option<Self>, ReadError> {
        let mut life: Option<Self> = None;
        for line in Reader::open(log)? {
            let record = line?.record;
            if let (None, Record::Start(start)) = (&life, &record) {
                let duration = start.duration.and_then(|it| Duration::try_from_secs_f64(it).ok());
                let ends = duration.map(|duration| start.time.after(duration));
                life = Some(Self { began: start.time, ends, is_done: false });
            }
            if let Some(life) = &mut life {
                life.is_done =
                    matches!(&record, Record::Stop(stop) if stop.reason == StopReason::Duration);
            }
        }
        Ok(life)
    }

    fn is_over(&self, now: Time) -> bool {
        self.is_done || self.ends.is_some_and(|ends| ends <= now)
    }
}

fn logs(folder: &Path) -> Result<Vec<PathBuf>, Complaint> {
    match Folder::open(folder) {
        Ok(folder) => Ok(folder.logs.into_iter().map(|(_, log)| log).collect()),
        Err(FolderError::NoLogs { .. }) => Ok(Vec::new()),
        Err(error) => Err(error.into()),
    }
}

/// The log, locked; none if a node has locked it.
fn lock(log: &Path) -> io::Result<Option<File>> {
    let file = File::open(log)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

fn make_archive(folder: &Path, began: Time) -> Result<PathBuf, Complaint> {
    let date = began.format("%Y%m%d-%H%M%S");
    for number in 1..=TRIES_MAX {
        let archive = match number {
            1 => folder.join(&date),
            _ => folder.join(format!("{date}-{number}")),
        };
        match fs::create_dir(&archive) {
            Ok(()) => return Ok(archive),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Complaint::io("make the folder", &archive, &error)),
        }
    }
    Err(Complaint::failed(format!("{} is full of runs of {date}", folder.display())))
}

fn move_files(folder: &Path, archive: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_of_the_run(&entry)? {
            fs::rename(entry.path(), archive.join(entry.file_name()))?;
        }
    }
    Ok(())
}

/// Folders are earlier archives; hidden files are not ours.
fn is_of_the_run(entry: &DirEntry) -> io::Result<bool> {
    let is_hidden = entry.file_name().to_string_lossy().starts_with('.');
    Ok(entry.file_type()?.is_file() && !is_hidden)
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn time(text: &str) -> Time {
        text.parse().unwrap()
    }

    /// When the run of these tests began, and ends if it lasts 60 s.
    const BEGAN: &str = "2026-11-23T20:02:53.740706Z";
    const BEFORE_THE_END: &str = "2026-11-23T20:03:53.740705Z";
    const THE_END: &str = "2026-11-23T20:03:53.740706Z";

    fn start(machine: u32, duration: &str) -> String {
        format!(
            r#"{{"event":"start","log":"offbeat-log/1","time":"{BEGAN}","run":"compose","machine":{machine},"machines":3,"topology":"full","rate":4,"draw_max":10,"phase":0,"pacing":"even","stamp":"after"{duration},"incarnation":1,"clock":0}}"#
        ) + "\n"
    }

    fn stop(reason: &str) -> String {
        format!(
            r#"{{"event":"stop","time":"{BEGAN}","reason":"{reason}","ticks":0,"missed":0,"queue":0,"in_flight":0,"clock":0}}"#
        ) + "\n"
    }

    fn folder(logs: &[String]) -> TempDir {
        let folder = TempDir::new().unwrap();
        for (machine, log) in (1..).zip(logs) {
            fs::write(folder.path().join(Folder::log_name(machine)), log).unwrap();
        }
        folder
    }

    /// The stage of machine 1, whose log this is, and two others that were stopped
    /// and could go on.
    fn check(log: &str, now: &str, expected: fn(Time) -> Stage) {
        let stopped = |machine| start(machine, ",\"duration\":60") + &stop("signal");
        let folder = folder(&[log.to_owned(), stopped(2), stopped(3)]);
        assert_eq!(stage(folder.path(), time(now)).unwrap(), expected(time(BEGAN)), "{log}");
    }

    #[test]
    fn a_run_is_over_when_no_machine_can_go_on() {
        let under_way = |began| Stage::UnderWay { began };
        let over = |began| Stage::Over { began };
        let (limited, unlimited) = (start(1, ",\"duration\":60"), start(1, ""));
        check(&limited, BEFORE_THE_END, under_way);
        check(&limited, THE_END, over);
        check(&(limited.clone() + &stop("duration")), BEFORE_THE_END, under_way);
        check(&(limited.clone() + &stop("duration")), THE_END, over);
        check(&unlimited, THE_END, under_way);
        check(&(unlimited.clone() + &stop("signal")), THE_END, under_way);
        // A machine that had not begun will not meet the others any more.
        check("", BEFORE_THE_END, under_way);
        check("", THE_END, over);
        check(&limited[..40], THE_END, over);
    }

    #[test]
    fn a_run_is_over_when_all_machines_say_so_whatever_the_time_is() {
        let done = |machine| start(machine, ",\"duration\":60") + &stop("duration");
        let folder = folder(&[done(1), done(2), done(3)]);
        assert_eq!(stage(folder.path(), time(BEGAN)).unwrap(), Stage::Over { began: time(BEGAN) });
    }

    #[test]
    fn a_folder_without_records_holds_no_run() {
        let now = time(THE_END);
        assert_eq!(stage(folder(&[]).path(), now).unwrap(), Stage::NotBegun);
        let empty = folder(&[String::new(), String::new()]);
        assert_eq!(stage(empty.path(), now).unwrap(), Stage::NotBegun);
    }

    #[test]
    fn nothing_is_known_of_a_run_with_a_damaged_log() {
        let folder = folder(&[start(1, "") + "nonsense\n"]);
        match stage(folder.path(), time(BEGAN)).unwrap() {
            Stage::Unknown { reason } => {
                assert!(reason.contains("machine-1.jsonl:2: "), "{reason}")
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_files_of_a_run_move_and_nothing_else() {
        let folder = folder(&[start(1, ""), start(2, "")]);
        for name in ["machine-1.diag.log", "check.json", ".gitkeep"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let first = archive(folder.path(), time(BEGAN)).unwrap().unwrap();
        assert_eq!(first, folder.path().join("20261123-200253"));
        assert_eq!(names(folder.path()), [".gitkeep", "20261123-200253"]);
        assert_eq!(
            names(&first),
            ["check.json", "machine-1.diag.log", "machine-1.jsonl", "machine-2.jsonl"]
        );
        let second = archive(folder.path(), time(BEGAN)).unwrap().unwrap();
        assert_eq!(second, folder.path().join("20261123-200253-2"));
    }

    #[test]
    fn a_run_with_a_node_alive_stays_where_it_is() {
        let folder = folder(&[start(1, ""), start(2, "")]);
        let log = folder.path().join(Folder::log_name(2));
        let _node = journal::Writer::open(&log, journal::Sync::Never).unwrap();
        assert_eq!(archive(folder.path(), time(BEGAN)).unwrap(), None);
        assert_eq!(names(folder.path()), ["machine-1.jsonl", "machine-2.jsonl"]);
    }

    fn names(folder: &Path) -> Vec<String> {
        let name = |entry: io::Result<DirEntry>| entry.unwrap().file_name().into_string().unwrap();
        let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(name).collect();
        names.sort();
        names
    }
}
