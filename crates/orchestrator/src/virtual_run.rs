//! A simulation whose logs are kept, in the folder of a run.

use std::path::Path;

use journal::{CommitError, Folder, OpenError, Record, Sync, Writer};
use machine::MachineId;
use sim::{Plan, Simulation, Tally};

use crate::complaint::Complaint;

/// Bytes of a log that are gathered before they are written: nobody waits for
/// them.
const BATCH_BYTES: usize = 1 << 16;

/// The most machines that have a log each: every log is an open file.
pub(crate) const LOGS_MAX: u32 = 1000;

/// Simulates `plan` and writes the logs into `folder`.
///
/// # Errors
/// A [`Complaint`] if a log cannot be written.
pub fn simulate_into(plan: Plan, folder: &Path) -> Result<Tally, Complaint> {
    let mut logs = (1..=plan.manifest.machines)
        .map(|machine| Writer::open(&folder.join(Folder::log_name(machine)), Sync::Never))
        .collect::<Result<Vec<_>, OpenError>>()
        .map_err(|error| Complaint::failed(error.to_string()))?;
    let mut failed = None;
    let mut simulation =
        Simulation::new(plan).map_err(|error| Complaint::usage(error.to_string()))?;
    let mut write = |machine: MachineId, record: Record| {
        let log = &mut logs[machine.get() as usize - 1];
        log.append(&record);
        if log.pending_bytes() >= BATCH_BYTES
            && let Err(error) = log.commit()
        {
            failed.get_or_insert(unwritten(log, &error));
        }
    };
    while simulation.advance(&mut write) {}
    for log in &mut logs {
        if let Err(error) = log.commit() {
            failed.get_or_insert(unwritten(log, &error));
        }
    }
    match failed {
        Some(complaint) => Err(complaint),
        None => Ok(simulation.into_tally()),
    }
}

fn unwritten(log: &Writer, error: &CommitError) -> Complaint {
    Complaint::failed(format!("{}: {error}", log.path().display()))
        .remedy("make room there, or say another folder with --out")
}
