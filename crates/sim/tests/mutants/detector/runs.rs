//! Whole runs: simulated, judged, and replayed from their logs.

use std::io::Cursor;
use std::path::Path;

use check::{Judge, Outcome, Records};
use journal::{Reader, Record, recover_from};
use machine::MachineId;
use sim::{Plan, Simulation, Tally};

use super::finding::{Finding, same};
use super::{plans, pristine};

/// More than happens in any of the runs.
const STEPS_MAX: usize = 100_000;

/// What came of a run.
pub(crate) struct Run {
    pub(crate) plan: Plan,
    pub(crate) logs: Vec<Vec<Record>>,
    tally: Tally,
}

/// Every run must hold, and those whose logs were recovered from must replay.
pub(crate) fn hold() -> Result<(), Finding> {
    for plan in plans::perfect().chain(plans::special()) {
        let run = Run::hold(plan)?;
        pristine::arrived(&run)?;
        pristine::on_time(&run)?;
    }
    for plan in plans::healing() {
        let run = Run::hold(plan)?;
        pristine::arrived(&run)?;
        pristine::on_time(&run)?;
        run.logs.iter().try_for_each(|log| replay(log))?;
    }
    for plan in plans::faulty() {
        pristine::on_time(&Run::hold(plan)?)?;
    }
    Ok(())
}

impl Run {
    fn hold(plan: Plan) -> Result<Self, Finding> {
        let run = Self::of(plan)?;
        run.judge()?;
        Ok(run)
    }

    fn of(plan: Plan) -> Result<Self, Finding> {
        let mut logs = vec![Vec::new(); plan.manifest.machines as usize];
        let mut keep = |machine: MachineId, record| logs[machine.get() as usize - 1].push(record);
        let mut simulation = Simulation::new(plan.clone()).unwrap();
        for _ in 0..STEPS_MAX {
            if !simulation.advance(&mut keep) {
                return Ok(Self { plan, tally: simulation.into_tally(), logs });
            }
        }
        Err(Finding { by: "endless", seen: format!("more than {STEPS_MAX} steps: {plan:?}") })
    }

    /// A violated rule tells more than a refusal, and that more than a log without
    /// an end.
    fn judge(&self) -> Result<(), Finding> {
        let mut judge = Judge::new("", Some(self.plan.manifest.clone()));
        for (log, machine) in self.logs.iter().zip(1..) {
            judge.add(machine, Ok(Records::new(log.clone())));
        }
        let verdict = judge.verdict();
        if let Some(rule) = verdict.first {
            return Err(Finding { by: rule.id(), seen: verdict.to_string() });
        }
        same("refusal", "a process refused", self.tally.refusals.as_slice(), &[])?;
        same("L3", "the logs", verdict.outcome, Outcome::Holds)
    }
}

fn replay(log: &[Record]) -> Result<(), Finding> {
    let text: String = log.iter().map(|record| record.to_json() + "\n").collect();
    let reader = Reader::new(Cursor::new(text.as_bytes()), Path::new("log"));
    match recover_from(reader) {
        Ok(recovered) => {
            let records = recovered.map(|recovered| recovered.records);
            same("replay", "records", records, Some(log.len() as u64))
        }
        Err(error) => Err(Finding { by: "replay", seen: error.to_string() }),
    }
}
