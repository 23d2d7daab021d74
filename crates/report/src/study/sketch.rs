//! The course of a run in so few numbers that a study can keep it of many runs, and
//! draw each as a small line.

use serde::{Deserialize, Serialize};

use crate::page::{Samples, Trace};

/// How many times a run is looked at.
const COLUMNS: usize = 60;

/// Machines that are looked at: lines of more could not be told apart.
const MACHINES_MAX: usize = 8;

/// Clocks and queues of a run at evenly spaced times.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sketch {
    /// From the first record to the last, in seconds.
    pub seconds: f64,
    /// The clock of each machine, by number, at the end of each stretch of time.
    pub clocks: Vec<Vec<u64>>,
    /// The largest clock then, be it of a machine that is drawn or not.
    pub largest: Vec<u64>,
    /// Its longest queue within each; none while the machine was not there.
    pub queues: Vec<Vec<Option<u64>>>,
}

impl Sketch {
    /// The sketch of a run; of very many machines, that of the first eight.
    #[must_use]
    pub fn of(trace: &Trace) -> Self {
        let samples = Samples::in_columns(trace, COLUMNS);
        let machines = || samples.machines.iter().take(MACHINES_MAX);
        let largest = |column: usize| samples.machines.iter().map(|row| row[column].clock).max();
        let columns = samples.machines.first().map_or(0, Vec::len);
        Self {
            seconds: trace.seconds(),
            clocks: machines().map(|row| row.iter().map(|it| it.clock).collect()).collect(),
            largest: (0..columns).filter_map(largest).collect(),
            queues: machines().map(|row| row.iter().map(|it| it.queue).collect()).collect(),
        }
    }
}
