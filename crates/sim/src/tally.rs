//! What the network and the faults did.

use std::fmt;

use machine::MachineId;

use crate::fault::Fault;

/// What the network and the faults of a run did, counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Each fault, and what it did.
    pub faults: Vec<(Fault, Effect)>,
    /// Frames that the network lost.
    pub lost: u64,
    /// Frames that it brought twice.
    pub duplicated: u64,
    /// Messages that came again and were dropped.
    pub repeated: u64,
    /// Connections closed because a message was missing.
    pub gaps: u64,
    /// Connections given up because nothing was answered.
    pub given_up: u64,
    /// Connections dialled.
    pub connections: u64,
    /// Messages transmitted again on a later connection.
    pub resent: u64,
    /// Machines whose process came back when their run was over.
    pub too_late: Vec<MachineId>,
    /// Why processes gave up, a clause each.
    pub refusals: Vec<String>,
}

/// What a fault did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// A cut.
    Cut {
        /// Frames of all kinds that it took.
        frames: u64,
        /// Messages that had been sent, and had not arrived when it ended.
        held_back: u64,
    },
    /// A crash.
    Crash {
        /// Processes killed.
        killed: u64,
        /// Processes that it found dead and kept so.
        kept_down: u64,
        /// Messages in their inboxes, which their peers had to send again.
        inboxes: u64,
        /// Bytes of records that it tore, left at the ends of logs.
        torn: u64,
        /// Events that happened and were not in the log yet.
        forgotten: u64,
    },
    /// A pause.
    Pause {
        /// Processes stopped.
        stopped: u64,
        /// Slots that were missed.
        missed: u64,
        /// Frames that waited.
        frames: u64,
    },
}

impl Effect {
    /// Nothing yet.
    #[must_use]
    pub fn none(fault: Fault) -> Self {
        match fault {
            Fault::Cut(_) => Self::Cut { frames: 0, held_back: 0 },
            Fault::Crash(_) => {
                Self::Crash { killed: 0, kept_down: 0, inboxes: 0, torn: 0, forgotten: 0 }
            }
            Fault::Pause(_) => Self::Pause { stopped: 0, missed: 0, frames: 0 },
        }
    }

    /// Whether the fault touched nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        match *self {
            Self::Cut { frames, held_back } => frames == 0 && held_back == 0,
            Self::Crash { killed, kept_down, .. } => killed + kept_down == 0,
            Self::Pause { missed, frames, .. } => missed == 0 && frames == 0,
        }
    }
}

/// As a clause after the fault's name: "held back 41 messages".
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            _ if self.is_nothing() => f.write_str("touched nothing"),
            Self::Cut { frames, held_back } => write!(
                f,
                "took {} and held back {}",
                count(frames, "frame"),
                count(held_back, "message")
            ),
            Self::Crash { killed: 0, kept_down, .. } => {
                write!(f, "kept {} down", count(kept_down, "machine"))
            }
            Self::Crash { killed, inboxes, torn, forgotten, .. } => {
                write!(f, "killed {}", count(killed, "machine"))?;
                if inboxes > 0 {
                    write!(f, " with {} in the inbox", count(inboxes, "message"))?;
                }
                if forgotten > 0 {
                    write!(f, ", while it wrote {}", count(forgotten, "event"))?;
                }
                if torn > 0 {
                    write!(f, " of which {} stood in the log", count(torn, "byte"))?;
                }
                Ok(())
            }
            Self::Pause { missed, frames, .. } => write!(
                f,
                "cost {} and kept {} waiting",
                count(missed, "tick"),
                count(frames, "frame")
            ),
        }
    }
}

fn count(number: u64, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
