//! The event log of a machine, which is also what it resumes from.
//!
//! One file a machine, JSON Lines, append-only, one record a line; the format is
//! `offbeat-log/1` (docs/log-format.md). The records here are plain data and
//! share no types with the machine that wrote them, so that the judge which
//! reads them shares no code with what it judges.
//!
//! - [`Record`] and its parts: what a line says.
//! - [`Reader`]: a log, line by line, finished or still growing.
//! - [`Writer`]: appends, one write(2) a batch.
//! - [`recover()`]: re-drives the machine code with a log's inputs and gives back the
//!   machine as the log left it; [`replay()`] does so to hold every record against
//!   the code.
//! - [`Folder`], [`Manifest`]: the logs of a run, and what the run was.

mod agreement;
mod ahead;
mod decode;
mod encode;
mod folder;
mod incarnation;
mod life;
mod manifest;
mod misfit;
mod model;
mod reader;
mod record;
mod recover;
mod redrive;
mod replay;
mod terms;
mod time;
mod timespan;
mod timestamp;
mod writer;

pub use agreement::Difference;
pub use folder::{Folder, FolderError};
pub use incarnation::time_left;
pub use manifest::Manifest;
pub use reader::{LINE_BYTES_MAX, Line, ReadError, Reader};
pub use record::{FORMAT, Internal, Receive, Record, Send, Several, Start, Stop};
pub use recover::{Recovered, RecoveryError, recover, recover_from};
pub use redrive::Terms;
pub use replay::{Replayed, replay};
pub use terms::{Pacing, Phase, Rate, StampRule, StopReason, Topology, UnknownTerm};
pub use time::Time;
pub use timespan::Timespan;
pub use writer::{CommitError, OpenError, Sync, Writer};
