//! A run that the parts are given: its records, in memory.

use bench::model;
use journal::Record;
use machine::MachineId;
use sim::Simulation;

/// About so many events.
pub(crate) const EVENTS: u64 = 10_000;

/// The records of each of three machines, and how many there are.
pub(crate) fn records() -> (Vec<Vec<Record>>, u64) {
    let mut logs = vec![Vec::new(); 3];
    let simulation = Simulation::new(model::three(EVENTS)).expect("the plan is a good one");
    simulation.run(&mut |machine: MachineId, record: Record| {
        logs[machine.get() as usize - 1].push(record);
    });
    let count = logs.iter().map(|log| log.len() as u64).sum();
    (logs, count)
}
