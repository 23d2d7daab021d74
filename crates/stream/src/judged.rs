//! A simulation that streams into judge and statistics: no log is written. Memory is in
//! proportion to what is in flight, and to what others do between two events of the
//! slowest machine, unless the records are asked for.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use check::{Judge, Source, Verdict};
use journal::{Line, ReadError, Record, Start, Stop, Time};
use machine::{MachineId, Step};
use report::Summary;
use sim::{Observer, Plan, PlanError, Simulation, Tally};

use crate::figures::Figures;

/// What a simulated run came to.
#[derive(Debug)]
pub struct Simulated {
    /// The figures of the machines.
    pub summary: Summary,
    /// What the judge says.
    pub verdict: Verdict,
    /// What network and faults did.
    pub tally: Tally,
}

impl Simulated {
    /// Whether some machine stopped before all its messages were known to have
    /// arrived.
    #[must_use]
    pub fn has_messages_in_flight(&self) -> bool {
        let mut machines = self.summary.machines.iter();
        machines.any(|machine| machine.statistics.in_flight.is_some_and(|messages| messages > 0))
    }
}

/// Simulates and judges a run.
///
/// # Errors
/// [`PlanError`] if it cannot be simulated.
pub fn simulate(plan: Plan) -> Result<Simulated, PlanError> {
    simulate_and(plan, None).map(|(run, _)| run)
}

/// The records of each machine, from the first on.
pub type Records = Vec<Vec<Record>>;

/// As [`simulate`]; all records come beside, so memory is in proportion to the run.
///
/// # Errors
/// [`PlanError`] if it cannot be simulated.
pub fn simulate_and_record(plan: Plan) -> Result<(Simulated, Records), PlanError> {
    let machines = plan.manifest.machines as usize;
    let (run, records) = simulate_and(plan, Some(vec![Vec::new(); machines]))?;
    Ok((run, records.unwrap_or_default()))
}

fn simulate_and(
    plan: Plan,
    kept: Option<Records>,
) -> Result<(Simulated, Option<Records>), PlanError> {
    let manifest = plan.manifest.clone();
    let stream = Rc::new(RefCell::new(Stream::new(plan, kept)?));
    let mut judge = Judge::new("", Some(manifest.clone()));
    for machine in 1..=manifest.machines {
        judge.add(machine, Ok(Tap { stream: Rc::clone(&stream), machine, line: 0 }));
    }
    let verdict = judge.verdict();
    let mut stream = Rc::into_inner(stream).expect("the judge keeps no log").into_inner();
    // The judge stops at a log that is beyond belief; the run goes on.
    while stream.simulation.advance(&mut stream.records) {}
    let run = Simulated {
        summary: Summary::of((1..).zip(stream.records.figures.into_statistics())),
        verdict,
        tally: stream.simulation.into_tally(),
    };
    Ok((run, stream.records.kept))
}

/// A simulation and what of its records the judge has not taken yet.
struct Stream {
    simulation: Simulation,
    records: Untaken,
}

struct Untaken {
    figures: Figures,
    of: Vec<VecDeque<Record>>,
    /// All of them again, if they were asked for.
    kept: Option<Records>,
}

impl Stream {
    fn new(plan: Plan, kept: Option<Records>) -> Result<Self, PlanError> {
        let machines = plan.manifest.machines as usize;
        let records = Untaken {
            figures: Figures::new(plan.manifest.machines),
            of: vec![VecDeque::new(); machines],
            kept,
        };
        Ok(Self { simulation: Simulation::new(plan)?, records })
    }

    /// The next record of a machine: simulates until there is one.
    fn next(&mut self, machine: u32) -> Option<Record> {
        let index = machine as usize - 1;
        loop {
            if let Some(record) = self.records.of[index].pop_front() {
                return Some(record);
            }
            let has_ended = self.simulation.has_ended(MachineId::new(machine));
            if has_ended || !self.simulation.advance(&mut self.records) {
                return None;
            }
        }
    }
}

impl Untaken {
    fn take(&mut self, machine: MachineId, record: Record) {
        let index = machine.get() as usize - 1;
        self.figures.push(machine, &record);
        if let Some(kept) = &mut self.kept {
            kept[index].push(record.clone());
        }
        self.of[index].push_back(record);
    }
}

impl Observer for Untaken {
    fn started(&mut self, start: &Start) {
        self.take(MachineId::new(start.machine), Record::from(start.clone()));
    }

    fn stepped(&mut self, machine: MachineId, time: Time, step: &Step<'_>) {
        self.take(machine, Record::of_step(step, time));
    }

    fn stopped(&mut self, machine: MachineId, stop: &Stop) {
        self.take(machine, Record::Stop(stop.clone()));
    }

    fn recall(&self, machine: MachineId) {
        self.figures.recall(machine);
    }
}

/// The log of one machine as the judge reads it.
struct Tap {
    stream: Rc<RefCell<Stream>>,
    machine: u32,
    line: u64,
}

impl Source for Tap {
    fn next_line(&mut self) -> Option<Result<Line, ReadError>> {
        let record = self.stream.borrow_mut().next(self.machine)?;
        self.line += 1;
        Some(Ok(Line { number: self.line, record }))
    }

    fn torn(&self) -> bool {
        false
    }
}
