//! `offbeat prepare`: makes the folder that nodes in containers log to ready for
//! them. docker-compose.yml runs it before they start.
//!
//! A run that is over is put aside, since its nodes would refuse to start; one
//! that is not is left to them, since they resume it, if only to write their stops. Each node finds in a folder of
//! its own what it proves itself with. Then all of it is given to the user that they
//! run as.

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt as _, lchown};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::SystemTime;

use clap::Args;
use clap::builder::FalseyValueParser;
use journal::Time;
use node::Exit;

use crate::archive::{Stage, archive, is_alive, stage};
use crate::certificates::Terms;
use crate::complaint::Complaint;
use crate::renewal::Renewal;
use crate::terminal;

/// How to begin anew all the same.
const ANEW: &str = "For a new one: OFFBEAT_ANEW=1 docker compose up";

#[derive(Debug, Args)]
pub(crate) struct PrepareArgs {
    /// The folder that the nodes log to; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    folder: PathBuf,

    /// The user and group that the nodes run as
    #[arg(long, value_name = "UID:GID")]
    owner: Owner,

    /// The folder with a folder for the certificates of each machine
    #[arg(long, value_name = "DIR", requires = "machines")]
    certs: Option<PathBuf>,

    /// For how many machines certificates are
    #[arg(long, value_name = "N", requires = "certs")]
    machines: Option<u32>,

    /// For how many days certificates are minted
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    days: u32,

    /// Put a run aside even if it is not over
    #[arg(long, env = "OFFBEAT_ANEW", value_parser = FalseyValueParser::new())]
    anew: bool,
}

pub(crate) fn run(args: &PrepareArgs) -> Result<Exit, Complaint> {
    let news = prepare(args)?;
    terminal::progress(&news);
    Ok(Exit::Done)
}

/// Makes the folder ready, and tells what a person should know.
fn prepare(args: &PrepareArgs) -> Result<String, Complaint> {
    let folder = &args.folder;
    fs::create_dir_all(folder).map_err(|error| Complaint::io("make the folder", folder, &error))?;
    let now = SystemTime::now();
    let news = make_room(args, time(now))?;
    give_all(folder, args.owner)?;
    match args.renewal(now) {
        Some(renewal) => Ok(format!("{news}\n{}", certify(args, &renewal)?)),
        None => Ok(news),
    }
}

impl PrepareArgs {
    fn renewal(&self, now: SystemTime) -> Option<Renewal<'_>> {
        let (folder, machines) = (self.certs.as_deref()?, self.machines?);
        Some(Renewal { folder, terms: Terms { machines, run: None, now, days: self.days } })
    }
}

/// One authority a run. But nodes that are alive have theirs, and whoever of them is
/// started again must be of the same.
fn certify(args: &PrepareArgs, renewal: &Renewal<'_>) -> Result<&'static str, Complaint> {
    let goes_on = stage(&args.folder)? != Stage::NotBegun;
    if is_alive(&args.folder)? || (goes_on && renewal.is_good()) {
        return Ok("The certificates stay as they are");
    }
    renewal.mint()?;
    renewal
        .for_all(|path| give(path, args.owner))
        .map_err(|error| Complaint::io(&format!("give {}", args.owner), renewal.folder, &error))?;
    Ok("Each machine has a new certificate, of a new authority")
}

/// Puts the run in the folder aside, if it is to be.
fn make_room(args: &PrepareArgs, now: Time) -> Result<String, Complaint> {
    match stage(&args.folder)? {
        Stage::NotBegun => Ok(format!("{} is ready for a new run", args.folder.display())),
        Stage::Over { began } => put_aside(args, began),
        Stage::UnderWay { began } if args.anew => put_aside(args, began),
        Stage::UnderWay { began } => Ok(format!(
            "The run of {} is not over: its nodes resume it. {ANEW}",
            began.format("%Y-%m-%d %H:%M:%S UTC")
        )),
        Stage::Unknown { .. } if args.anew => put_aside(args, now),
        // No failure: what is to be done about it the node will say.
        Stage::Unknown { reason } => Ok(format!("{reason}\n{ANEW}")),
    }
}

fn time(time: SystemTime) -> Time {
    Time::from_micros(0).after(time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default())
}

fn put_aside(args: &PrepareArgs, began: Time) -> Result<String, Complaint> {
    let Some(archive) = archive(&args.folder, began)? else {
        return Ok(format!("Nodes are running on {}: it stays as it is", args.folder.display()));
    };
    give_all(&archive, args.owner)?;
    Ok(format!("The run before is now in {}: a new one begins", archive.display()))
}

/// Gives the folder and what nodes have written into it: an earlier run may have
/// been another user's.
fn give_all(folder: &Path, owner: Owner) -> Result<(), Complaint> {
    let give_folder = || {
        give(folder, owner)?;
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with("machine-") {
                give(&entry.path(), owner)?;
            }
        }
        Ok(())
    };
    give_folder().map_err(|error| Complaint::io(&format!("give {owner}"), folder, &error))
}

/// Only root may give, but nothing is to be given if it is theirs already.
fn give(path: &Path, owner: Owner) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if (metadata.uid(), metadata.gid()) == (owner.user, owner.group) {
        return Ok(());
    }
    lchown(path, Some(owner.user), Some(owner.group))
}

/// A user and a group, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Owner {
    user: u32,
    group: u32,
}

impl FromStr for Owner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.split_once(':')
            .and_then(|(user, group)| Some((user.parse().ok()?, group.parse().ok()?)))
            .map(|(user, group)| Self { user, group })
            .ok_or_else(|| "say two numbers, as 10001:10001".to_owned())
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.user, self.group)
    }
}

#[cfg(test)]
mod tests {
    use journal::Folder;
    use tempfile::TempDir;

    use super::*;

    /// A machine that began, and runs until a signal.
    const LOG: &str = r#"{"event":"start","log":"offbeat-log/1","time":"2026-11-23T20:02:53.740706Z","run":"compose","machine":1,"machines":3,"topology":"full","rate":4,"draw_max":10,"phase":0,"pacing":"even","stamp":"after","incarnation":1,"clock":0}"#;

    fn args(folder: &Path, anew: bool) -> PrepareArgs {
        // Its own user may give to itself, root or not.
        let metadata = fs::metadata(folder).unwrap();
        let owner = Owner { user: metadata.uid(), group: metadata.gid() };
        let certs = Some(folder.join("certs"));
        PrepareArgs { folder: folder.to_owned(), owner, certs, machines: Some(2), days: 30, anew }
    }

    fn key(folder: &Path) -> Vec<u8> {
        fs::read(folder.join("certs/machine-2/key.pem")).unwrap()
    }

    #[test]
    fn certificates_are_as_old_as_the_run_and_stay_while_nodes_are_alive() {
        let folder = TempDir::new().unwrap();
        let (begin, path) = (args(folder.path(), false), folder.path());
        prepare(&begin).unwrap();
        let first = key(path);
        prepare(&begin).unwrap();
        let second = key(path);
        assert_ne!(first, second, "no run has begun");

        let log = path.join(Folder::log_name(1));
        let node = journal::Writer::open(&log, journal::Sync::Never).unwrap();
        assert!(prepare(&begin).unwrap().ends_with("stay as they are"));
        drop(node);
        fs::write(&log, format!("{LOG}\n")).unwrap();
        assert!(prepare(&begin).unwrap().ends_with("stay as they are"));
        assert_eq!(key(path), second, "the run goes on");

        prepare(&args(path, true)).unwrap();
        let third = key(path);
        assert_ne!(third, second, "another run begins");
        fs::write(&log, format!("{LOG}\n")).unwrap();
        fs::remove_file(path.join("certs/machine-1/certificate.pem")).unwrap();
        assert!(prepare(&begin).unwrap().ends_with("of a new authority"));
        assert_ne!(key(path), third, "they were not complete");
    }

    /// Whether the log of a run is left where it is.
    fn stays(log: &str, anew: bool) -> bool {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(Folder::log_name(1));
        fs::write(&path, log).unwrap();
        prepare(&args(folder.path(), anew)).unwrap();
        path.exists()
    }

    /// A machine of a run of a second, years ago.
    const LIMITED: &str = r#"{"event":"start","log":"offbeat-log/1","time":"2020-11-23T20:02:53.740706Z","run":"compose","machine":1,"machines":3,"topology":"full","rate":4,"draw_max":10,"phase":0,"pacing":"even","stamp":"after","duration":1,"incarnation":1,"clock":0}"#;

    /// Its stop for that reason.
    fn stop(reason: &str) -> String {
        format!(
            r#"{{"event":"stop","time":"2020-11-23T20:02:54.740706Z","reason":"{reason}","ticks":0,"missed":4,"queue":0,"in_flight":0,"clock":0}}"#
        )
    }

    #[test]
    fn a_run_whose_time_is_up_stays_until_its_machines_have_written_their_stops() {
        assert!(stays(&format!("{LIMITED}\n"), false));
        assert!(stays(&format!("{LIMITED}\n{}\n", stop("signal")), false));
        assert!(!stays(&format!("{LIMITED}\n{}\n", stop("duration")), false));
    }

    #[test]
    fn a_run_that_is_not_over_stays_unless_another_is_wanted() {
        assert!(stays(&format!("{LOG}\n"), false));
        assert!(!stays(&format!("{LOG}\n"), true));
    }

    #[test]
    fn a_damaged_log_stays_for_its_node_to_refuse_unless_another_run_is_wanted() {
        assert!(stays("nonsense\n", false));
        assert!(!stays("nonsense\n", true));
    }

    #[test]
    fn the_folder_is_made() {
        let parent = TempDir::new().unwrap();
        let folder = parent.path().join("runs/compose");
        let args = PrepareArgs { folder: folder.clone(), ..args(parent.path(), false) };
        prepare(&args).unwrap();
        assert!(folder.is_dir());
    }

    #[test]
    fn owners_are_two_numbers() {
        assert_eq!("10001:10002".parse(), Ok(Owner { user: 10001, group: 10002 }));
        for text in ["", "10001", "root:root", "10001:", "-1:0", "1:2:3"] {
            assert!(text.parse::<Owner>().is_err(), "{text}");
        }
    }
}
