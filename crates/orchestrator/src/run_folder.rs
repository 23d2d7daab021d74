//! The folder of a run: makes it, and writes what the nodes are told into it.

use std::fs;
use std::io;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use journal::{Folder, Time};
use serde::Serialize;

use crate::complaint::Complaint;
use crate::plan::Plan;
use crate::run_manifest::RunManifest;

/// Where runs go if nothing else is said.
const RUNS: &str = "runs";

/// Names tried for the folder of a run that begins within one second of others.
const TRIES_MAX: u32 = 100;

/// What to do about a folder that is in use.
const ANOTHER: &str = "say another folder with --out; a run overwrites nothing";

/// The folder of a run under way.
#[derive(Debug)]
pub(crate) struct RunFolder {
    pub(crate) path: PathBuf,
    /// Whether `runs/latest` points to it, once there is something in it.
    pub(crate) is_latest: bool,
    /// Whether it was not there before.
    is_new: bool,
}

impl RunFolder {
    /// Makes the folder: `out`, which must be absent or empty, or one below
    /// `runs`.
    ///
    /// # Errors
    /// A [`Complaint`] if it cannot be made or is not empty.
    pub(crate) fn make(out: Option<&Path>) -> Result<Self, Complaint> {
        match out {
            Some(out) => {
                let is_new = !out.exists();
                make_empty(out)?;
                Ok(Self { path: out.to_owned(), is_latest: false, is_new })
            }
            None => {
                let path = make_below(Path::new(RUNS))?;
                Ok(Self { path, is_latest: true, is_new: true })
            }
        }
    }

    /// Whether a folder can be made at `out`, as far as can be told without making it.
    ///
    /// # Errors
    /// A [`Complaint`] if something is there.
    pub(crate) fn check(out: &Path) -> Result<(), Complaint> {
        match out.exists() {
            true => make_empty(out),
            false => Ok(()),
        }
    }

    /// As [`make`](Self::make), for a folder that `runs/latest` does not point to.
    pub(crate) fn make_unpointed(out: Option<&Path>) -> Result<Self, Complaint> {
        Self::make(out).map(|folder| Self { is_latest: false, ..folder })
    }

    /// The folder of a run that has ended.
    pub(crate) fn there(path: &Path) -> Self {
        Self { path: path.to_owned(), is_latest: false, is_new: false }
    }

    /// Writes `run.toml`.
    pub(crate) fn write_manifest(
        &self,
        title: &str,
        manifest: &impl Serialize,
    ) -> Result<(), Complaint> {
        self.write_toml(Folder::MANIFEST, title, manifest)
    }

    /// Writes `run.toml` and the config of each node, and points `runs/latest` to
    /// the run.
    ///
    /// # Errors
    /// A [`Complaint`] if something cannot be written. Then nothing is left of it.
    pub(crate) fn write_plan(&self, plan: &Plan) -> Result<(), Complaint> {
        self.write_configs(plan).inspect_err(|_| self.take_back(plan))?;
        match self.is_latest {
            true => point_latest(&self.path),
            false => Ok(()),
        }
    }

    /// What cannot be removed either does no harm: no run has begun.
    fn take_back(&self, plan: &Plan) {
        for machine in 1..=plan.manifest.machines {
            let _ = fs::remove_file(self.path.join(Self::config_name(machine)));
        }
        let _ = fs::remove_file(self.path.join(Folder::MANIFEST));
        if self.is_new {
            let _ = fs::remove_dir(&self.path);
        }
    }

    fn write_configs(&self, plan: &Plan) -> Result<(), Complaint> {
        self.write_manifest(
            "# What this run was. It is an experiment, too: `offbeat run` repeats it.",
            &RunManifest::new(&plan.manifest, &plan.network, &plan.faults),
        )?;
        let title = match plan.proxied_links().is_empty() {
            true => "# What this node was started with: `offbeat node --config`.",
            false => {
                "# What this node was started with. Some of its peers it dialled by way of a proxy, \
                 which\n# ended with the run: for `offbeat node --config`, give their `listen` \
                 instead."
            }
        };
        for config in plan.node_configs() {
            self.write_toml(&Self::config_name(config.machine), title, &config)?;
        }
        Ok(())
    }

    /// The name of the config of `machine`.
    pub(crate) fn config_name(machine: u32) -> String {
        format!("machine-{machine}.toml")
    }

    /// Writes `value` as JSON.
    pub(crate) fn write_json(&self, name: &str, value: &impl Serialize) -> Result<(), Complaint> {
        let mut json = serde_json::to_string_pretty(value)
            .map_err(|error| Complaint::failed(format!("cannot write {name}: {error}")))?;
        json.push('\n');
        self.write(name, &json)
    }

    fn write_toml(&self, name: &str, title: &str, value: &impl Serialize) -> Result<(), Complaint> {
        let text = toml::to_string(value)
            .map_err(|error| Complaint::failed(format!("cannot write {name}: {error}")))?;
        self.write(name, &format!("{title}\n\n{text}"))
    }

    /// Writes a file of this name.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<(), Complaint> {
        let path = self.path.join(name);
        fs::write(&path, text).map_err(|error| Complaint::of_folder("write", &path, &error))
    }
}

fn make_folder(path: &Path) -> Result<(), Complaint> {
    if path.exists() && !path.is_dir() {
        return Err(Complaint::usage(format!("{} is not a folder", path.display())).remedy(ANOTHER));
    }
    fs::create_dir_all(path).map_err(|error| Complaint::of_folder("make the folder", path, &error))
}

fn make_empty(path: &Path) -> Result<(), Complaint> {
    make_folder(path)?;
    let mut entries = fs::read_dir(path)
        .map_err(|error| Complaint::of_folder("read the folder", path, &error))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => {
            Err(Complaint::usage(format!("{} is not empty", path.display())).remedy(ANOTHER))
        }
    }
}

fn make_below(runs: &Path) -> Result<PathBuf, Complaint> {
    make_folder(runs)?;
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let date = Time::from_micros(0).after(now).format("%Y%m%d-%H%M%S");
    for number in 1..=TRIES_MAX {
        let path = match number {
            1 => runs.join(&date),
            _ => runs.join(format!("{date}-{number}")),
        };
        match fs::create_dir(&path) {
            Ok(()) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(Complaint::of_folder("make the folder", &path, &error)),
        }
    }
    Err(Complaint::failed(format!("{} runs began in this very second", TRIES_MAX)))
}

/// Lets `latest` beside `path` point to it, in one step.
fn point_latest(path: &Path) -> Result<(), Complaint> {
    let latest = path.with_file_name("latest");
    let new = path.with_file_name(format!(".latest-{}", std::process::id()));
    let name = path.file_name().unwrap_or_default();
    symlink(name, &new)
        .and_then(|()| fs::rename(&new, &latest))
        .map_err(|error| Complaint::io("point to the run with", &latest, &error))
}
