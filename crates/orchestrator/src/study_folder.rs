//! The folder of a study: what it is, a file for each finished run, and the documents.
//!
//! A study that ends before it is done goes on with the runs that are missing when the
//! same command is given the same folder. Every file is whole or not there: it is
//! written under another name and then renamed.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::complaint::Complaint;
use crate::page_command::PAGE;
use crate::run_folder::RunFolder;
use crate::study_file::StudyPlan;
use crate::study_outline::outline;
use crate::study_run::{Job, StudyRun, run_name};

/// What the study is.
const PLAN: &str = "plan.json";

/// The folder of the finished runs.
const RUNS: &str = "runs";

/// The name of the format of a finished run.
const RUN_FORMAT: &str = "offbeat-study-run/1";

/// What to do about a folder that cannot be gone on with.
const ANOTHER: &str = "say another folder with --out";

/// What to do about a run that cannot be read.
const MADE_AGAIN: &str = "remove this file: its run is then made again";

/// Differences to another study that are told.
const TOLD_MAX: usize = 5;

/// The folder of a study under way.
#[derive(Debug)]
pub(crate) struct StudyFolder {
    pub(crate) path: PathBuf,
    /// Locked while this process lives.
    _plan: File,
}

/// The file of a finished run.
#[derive(Serialize, Deserialize)]
struct RunFile<R> {
    format: String,
    setting: String,
    run: R,
}

impl StudyFolder {
    /// The folder for `plan`: that of this very study, or a new one at `out`, or below
    /// `runs`.
    ///
    /// # Errors
    /// A [`Complaint`] if it is that of another study, or of something else, or in use.
    pub(crate) fn open(out: Option<&Path>, plan: &StudyPlan) -> Result<Self, Complaint> {
        let expected = outline(plan)?;
        let path = match out {
            Some(out) if out.join(PLAN).exists() => {
                compare(&read_json(&out.join(PLAN), ANOTHER)?, &expected, out)?;
                out.to_owned()
            }
            out => {
                let path = RunFolder::make_unpointed(out)?.path;
                write_json(&path.join(PLAN), &expected)?;
                path
            }
        };
        make(&path.join(RUNS))?;
        let file = lock(&path.join(PLAN))?;
        Ok(Self { path, _plan: file })
    }

    /// The runs that are finished.
    ///
    /// # Errors
    /// A [`Complaint`] if one of their files is not what was written.
    pub(crate) fn finished(&self, plan: &StudyPlan) -> Result<BTreeMap<Job, StudyRun>, Complaint> {
        let mut finished = BTreeMap::new();
        for job in plan.jobs() {
            let path = self.run_file(plan, job);
            if path.exists() {
                finished.insert(job, self.read_run(plan, job, &path)?);
            }
        }
        Ok(finished)
    }

    fn read_run(&self, plan: &StudyPlan, job: Job, path: &Path) -> Result<StudyRun, Complaint> {
        let bad = |what: &dyn std::fmt::Display| {
            Complaint::usage(format!("{}: {what}", path.display())).remedy(MADE_AGAIN)
        };
        let file: RunFile<StudyRun> =
            serde_json::from_value(read_json(path, MADE_AGAIN)?).map_err(|error| bad(&error))?;
        let (name, _) = &plan.settings[job.setting];
        match (&file.setting, file.run.figures.seed) == (name, job.seed)
            && file.format == RUN_FORMAT
        {
            true => Ok(file.run),
            false => Err(bad(&"this is the file of another run")),
        }
    }

    /// Keeps a finished run.
    ///
    /// # Errors
    /// A [`Complaint`] if it cannot be written.
    pub(crate) fn keep(&self, plan: &StudyPlan, job: Job, run: &StudyRun) -> Result<(), Complaint> {
        let (setting, format) = (plan.settings[job.setting].0.clone(), RUN_FORMAT.to_owned());
        write_json(&self.run_file(plan, job), &RunFile { format, setting, run })
    }

    fn run_file(&self, plan: &StudyPlan, job: Job) -> PathBuf {
        self.path.join(RUNS).join(format!("{}.json", plan.run_name(job)))
    }

    /// Where the logs of a live run are once it has ended.
    pub(crate) fn logs(&self, plan: &StudyPlan, job: Job) -> PathBuf {
        self.path.join(RUNS).join(plan.run_name(job))
    }

    /// Where they are until then: nothing is there any more. What stands there is of a run
    /// that was ended with its study, and is made again from its beginning.
    ///
    /// # Errors
    /// A [`Complaint`] if that cannot be removed.
    pub(crate) fn under_way(&self, logs: &Path) -> Result<PathBuf, Complaint> {
        let name = logs.file_name().unwrap_or_default().to_string_lossy();
        let path = logs.with_file_name(format!("{name}.unfinished"));
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Complaint::io("remove", &path, &error))
            }
            _ => Ok(path),
        }
    }

    /// A live run has ended: its logs go where they stay.
    ///
    /// # Errors
    /// A [`Complaint`] if they cannot be moved.
    pub(crate) fn done(&self, under_way: &Path, logs: &Path) -> Result<(), Complaint> {
        fs::rename(under_way, logs).map_err(|error| Complaint::io("rename", under_way, &error))
    }

    /// Where the page of a run is, from here; none of a run that has none.
    pub(crate) fn page_of(&self, setting: &str, seed: u64) -> Option<String> {
        let page = format!("{RUNS}/{}/{PAGE}", run_name(setting, seed));
        self.path.join(&page).exists().then_some(page)
    }

    /// Writes a document.
    ///
    /// # Errors
    /// A [`Complaint`] if it cannot be written.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Complaint> {
        write_whole(&self.path.join(name), text)
    }
}

fn make(path: &Path) -> Result<(), Complaint> {
    fs::create_dir_all(path).map_err(|error| Complaint::of_folder("make the folder", path, &error))
}

/// Two processes would make the same runs in the same places.
fn lock(path: &Path) -> Result<File, Complaint> {
    let file = File::open(path).map_err(|error| Complaint::io("read", path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => {
            let folder = path.parent().unwrap_or(path).display();
            Err(Complaint::usage(format!("another process is at work on {folder}"))
                .remedy("wait for it, or say another folder with --out"))
        }
        Err(fs::TryLockError::Error(error)) => Err(Complaint::io("lock", path, &error)),
    }
}

fn read_json(path: &Path, remedy: &str) -> Result<Value, Complaint> {
    let text = fs::read_to_string(path).map_err(|error| Complaint::io("read", path, &error))?;
    serde_json::from_str(&text)
        .map_err(|error| Complaint::usage(format!("{}: {error}", path.display())).remedy(remedy))
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Complaint> {
    let json = serde_json::to_string(value)
        .map_err(|error| Complaint::failed(format!("cannot write {}: {error}", path.display())))?;
    write_whole(path, &format!("{json}\n"))
}

/// Writes a file so that it is never seen in part.
fn write_whole(path: &Path, text: &str) -> Result<(), Complaint> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = path.with_file_name(format!(".{name}.new"));
    let written: io::Result<()> = fs::write(&new, text).and_then(|()| fs::rename(&new, path));
    written.map_err(|error| Complaint::of_folder("write", path, &error))
}

/// Whether the study in `folder` is this one.
fn compare(there: &Value, now: &Value, folder: &Path) -> Result<(), Complaint> {
    let mut differences = Vec::new();
    differ("", there, now, &mut differences);
    if differences.is_empty() {
        return Ok(());
    }
    let mut message = format!("{} holds another study, which differs:", folder.display());
    for difference in differences.iter().take(TOLD_MAX) {
        message.push_str(&format!("\n  {difference}"));
    }
    if differences.len() > TOLD_MAX {
        message.push_str(&format!("\n  and {} more", differences.len() - TOLD_MAX));
    }
    Err(Complaint::usage(message)
        .remedy("say what was said there, or another folder with --out; nothing was changed"))
}

/// Where two values differ, each place in a line.
fn differ(place: &str, there: &Value, now: &Value, found: &mut Vec<String>) {
    let dot = if place.is_empty() { "" } else { "." };
    match (there, now) {
        (Value::Object(one), Value::Object(other)) => {
            let only_now = other.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(only_now) {
                let of = |all: &serde_json::Map<_, _>| all.get(key).cloned().unwrap_or(Value::Null);
                differ(&format!("{place}{dot}{key}"), &of(one), &of(other), found);
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                differ(&format!("{place}{dot}{index}"), one, other, found);
            }
        }
        (one, other) if one != other => {
            found.push(format!("{place}: {one} there, {other} now"));
        }
        _ => {}
    }
}
