//! A folder whose nodes always log to the same files: tells how far the run in it
//! is, and puts a run that is over aside, so that another can begin.

use std::fs::{self, DirEntry, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use journal::{Folder, FolderError, ReadError, Reader, Record, Time};

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
    /// There is not: the log of each is complete, and its node would refuse to start.
    Over { began: Time },
    /// A log cannot be read.
    Unknown { reason: String },
}

/// Tells how far the run in `folder` is. That its time is up does not end it: a machine
/// that was killed delivers what is left and writes its stop, when it is started again.
///
/// # Errors
/// A [`Complaint`] if the folder cannot be read.
pub(crate) fn stage(folder: &Path) -> Result<Stage, Complaint> {
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
    match lives.iter().all(|life| life.is_complete) {
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
    is_complete: bool,
}

impl Life {
    /// None if it has not begun.
    fn read(log: &Path) -> Result<Option<Self>, ReadError> {
        let mut life: Option<Self> = None;
        for line in Reader::open(log)? {
            let record = line?.record;
            let is_complete = matches!(&record, Record::Stop(stop) if stop.is_of_the_run());
            let began = life.map_or(record.time(), |life| life.began);
            life = Some(Self { began, is_complete });
        }
        Ok(life)
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

    /// When the run of these tests began: years ago, however long it lasts.
    const BEGAN: &str = "2020-11-23T20:02:53.740706Z";

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

    fn check(logs: &[String], expected: fn(Time) -> Stage) {
        assert_eq!(stage(folder(logs).path()).unwrap(), expected(time(BEGAN)), "{logs:?}");
    }

    /// It ends when no node would start, and not by the time.
    #[test]
    fn a_run_is_over_when_each_machine_that_began_has_stopped_for_its_duration() {
        let under_way = |began| Stage::UnderWay { began };
        let over = |began| Stage::Over { began };
        let killed = |machine| start(machine, ",\"duration\":60");
        let stopped = |machine| killed(machine) + &stop("signal");
        let done = |machine| killed(machine) + &stop("duration");
        check(&[done(1), done(2), done(3)], over);
        check(&[killed(1), done(2), done(3)], under_way);
        check(&[done(1), stopped(2), done(3)], under_way);
        check(&[killed(1), killed(2), killed(3)], under_way);
        // What was being written when it was killed is no stop.
        let stopping = killed(3) + stop("duration").trim_end();
        check(&[done(1), done(2), stopping], under_way);
        // After its stop nothing follows, but after one by a signal the machine went on.
        check(&[done(1), done(2), stopped(3) + &killed(3)], under_way);
        check(&[start(1, ""), start(2, "") + &stop("signal")], under_way);
        // A machine that had not begun meets the others no more.
        check(&[done(1), done(2), String::new()], over);
        check(&[done(1), done(2), killed(3)[..40].to_owned()], over);
        check(&[done(1), stopped(2), String::new()], under_way);
    }

    #[test]
    fn a_folder_without_records_holds_no_run() {
        for logs in [&[][..], &[String::new(), String::new()]] {
            assert_eq!(stage(folder(logs).path()).unwrap(), Stage::NotBegun);
        }
    }

    #[test]
    fn nothing_is_known_of_a_run_with_a_damaged_log() {
        let folder = folder(&[start(1, "") + "nonsense\n"]);
        match stage(folder.path()).unwrap() {
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
        assert_eq!(first, folder.path().join("20201123-200253"));
        assert_eq!(names(folder.path()), [".gitkeep", "20201123-200253"]);
        assert_eq!(
            names(&first),
            ["check.json", "machine-1.diag.log", "machine-1.jsonl", "machine-2.jsonl"]
        );
        let second = archive(folder.path(), time(BEGAN)).unwrap().unwrap();
        assert_eq!(second, folder.path().join("20201123-200253-2"));
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
