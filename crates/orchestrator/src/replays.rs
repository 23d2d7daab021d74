//! What came of replaying the logs of a run, machine by machine.

use std::path::PathBuf;

use journal::{Folder, ReadError, RecoveryError, Replayed, Terms, replay};
use node::Exit;
use serde::Serialize;

/// The most missing logs that are listed one by one.
const MISSING_LISTED_MAX: usize = 100;

/// Whether every record of a run comes out the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Every one does.
    Same,
    /// One does not, whatever else is missing.
    Departs,
    /// Whole lines of some log are no records; up to them, all do.
    Damaged,
    /// All do that there are, but some log is not there.
    CannotTell,
}

/// The replays of a run. As JSON it is an object whose keys are the fields here and
/// below, in this order.
#[derive(Debug, Serialize)]
pub(crate) struct Replays {
    pub(crate) outcome: Outcome,
    /// Records that came out the same.
    pub(crate) records: u64,
    /// By number; those without a log, too.
    pub(crate) machines: Vec<MachineReplay>,
    /// Machines without a log that are not among them, for there are too many.
    pub(crate) missing_unlisted: usize,
}

/// The replay of one machine.
#[derive(Debug, Serialize)]
pub(crate) struct MachineReplay {
    pub(crate) machine: u32,
    pub(crate) file: PathBuf,
    pub(crate) incarnations: u32,
    /// Records that came out the same.
    pub(crate) records: u64,
    /// Whether the draws are the seed's; if not, they were taken from the log.
    pub(crate) seeded: bool,
    /// Whether the last line is torn, and was not replayed.
    pub(crate) torn: bool,
    #[serde(flatten)]
    pub(crate) end: End,
}

/// How the replay of one machine ended.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub(crate) enum End {
    /// Every record came out the same.
    Same,
    /// A record did not.
    Departs { line: u64, reason: String, expected: String, found: String },
    /// A line is no record.
    Damaged { line: u64, reason: String },
    /// The log holds no whole line.
    Empty,
    /// There is no log.
    Missing,
    /// The operating system refused to read it.
    Unreadable { reason: String },
}

impl Replays {
    /// Replays every log of `folder`, whatever becomes of the others.
    pub(crate) fn of(folder: &Folder) -> Self {
        let phase = folder.manifest.as_ref().map(|manifest| manifest.phase);
        let mut count = folder.manifest.as_ref().map(|manifest| manifest.machines);
        let mut machines = Vec::new();
        for (machine, path) in &folder.logs {
            let replayed = replay(path, Terms { machine: Some(*machine), phase });
            count = count.or(replayed.machines);
            machines.push(MachineReplay::new(*machine, path.clone(), replayed));
        }
        let missing_unlisted = add_missing(folder, count.unwrap_or_default(), &mut machines);
        Self {
            outcome: outcome(&machines),
            records: machines.iter().map(|machine| machine.records).sum(),
            machines,
            missing_unlisted,
        }
    }

    /// The exit code that says what came of it.
    pub(crate) fn exit(&self) -> Exit {
        match self.outcome {
            Outcome::Same => Exit::Done,
            Outcome::Departs => Exit::Violated,
            Outcome::Damaged => Exit::LogRefused,
            Outcome::CannotTell => Exit::CannotTell,
        }
    }
}

impl MachineReplay {
    fn new(machine: u32, file: PathBuf, replayed: Replayed) -> Self {
        let Replayed { incarnations, records, seeded, torn, error, .. } = replayed;
        let end = match error {
            Some(error) => error.into(),
            None if records == 0 => End::Empty,
            None => End::Same,
        };
        Self { machine, file, incarnations, records, seeded, torn, end }
    }
}

impl From<RecoveryError> for End {
    fn from(error: RecoveryError) -> Self {
        match error {
            RecoveryError::NotReplayable { line, reason, expected, found, .. } => {
                Self::Departs { line, reason, expected, found }
            }
            RecoveryError::Read(ReadError::Damaged { line, reason, .. }) => {
                Self::Damaged { line, reason }
            }
            RecoveryError::Read(ReadError::Io { source, .. }) => {
                Self::Unreadable { reason: source.to_string() }
            }
        }
    }
}

/// Adds those of `count` machines that have no log, up to a bound; gives the number
/// of those beyond it.
fn add_missing(folder: &Folder, count: u32, machines: &mut Vec<MachineReplay>) -> usize {
    let has_log = |machine: &u32| folder.logs.binary_search_by_key(machine, |log| log.0).is_ok();
    let present = folder.logs.iter().filter(|(machine, _)| (1..=count).contains(machine)).count();
    let missing = count as usize - present;
    let listed = missing.min(MISSING_LISTED_MAX);
    // No further than to the last that is listed: there may be billions.
    machines.extend((1..=count).filter(|machine| !has_log(machine)).take(listed).map(|machine| {
        let file = folder.path.join(Folder::log_name(machine));
        let end = End::Missing;
        MachineReplay { end, ..MachineReplay::new(machine, file, Replayed::default()) }
    }));
    machines.sort_by_key(|replay| replay.machine);
    missing - listed
}

fn outcome(machines: &[MachineReplay]) -> Outcome {
    let any = |is: fn(&End) -> bool| machines.iter().any(|machine| is(&machine.end));
    if any(|end| matches!(end, End::Departs { .. })) {
        Outcome::Departs
    } else if any(|end| matches!(end, End::Damaged { .. })) {
        Outcome::Damaged
    } else if any(|end| !matches!(end, End::Same)) {
        Outcome::CannotTell
    } else {
        Outcome::Same
    }
}
