//! A simulation whose logs are kept, in the folder of a run.

use std::path::{Path, PathBuf};

use journal::{CommitError, Folder, OpenError, Record, Sync, Writer};
use machine::MachineId;
use sim::{Plan, PlanError, Simulation, Tally};
use thiserror::Error;

/// Bytes of a log that are gathered before they are written: nobody waits for
/// them.
const BATCH_BYTES: usize = 1 << 16;

/// Why there are no logs, or not all of them.
#[derive(Debug, Error)]
pub enum LogError {
    /// The plan cannot be simulated.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A log cannot be made.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A log cannot be written.
    #[error("{}: {source}", path.display())]
    Write {
        /// The log.
        path: PathBuf,
        /// Why.
        source: CommitError,
    },
}

/// Simulates `plan` and writes the logs into `folder`.
///
/// # Errors
/// [`LogError`]. A log that cannot be written ends no run: the others are whole.
pub fn simulate_into(plan: Plan, folder: &Path) -> Result<Tally, LogError> {
    let mut logs = (1..=plan.manifest.machines)
        .map(|machine| Writer::open(&folder.join(Folder::log_name(machine)), Sync::Never))
        .collect::<Result<Vec<_>, OpenError>>()?;
    let mut failed = None;
    let mut simulation = Simulation::new(plan)?;
    let mut write = |machine: MachineId, record: Record| {
        let log = &mut logs[machine.get() as usize - 1];
        log.append(&record);
        if log.pending_bytes() >= BATCH_BYTES
            && let Err(error) = log.commit()
        {
            failed.get_or_insert(unwritten(log, error));
        }
    };
    while simulation.advance(&mut write) {}
    for log in &mut logs {
        if let Err(error) = log.commit() {
            failed.get_or_insert(unwritten(log, error));
        }
    }
    match failed {
        Some(error) => Err(error),
        None => Ok(simulation.into_tally()),
    }
}

fn unwritten(log: &Writer, source: CommitError) -> LogError {
    LogError::Write { path: log.path().to_owned(), source }
}
