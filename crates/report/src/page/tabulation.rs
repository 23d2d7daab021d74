//! The figures behind a chart, for those who read rather than see.

use super::trace::Trace;
use crate::number::{count, figure};

/// Rows of a chart over time: tenths of the run.
const ROWS: usize = 10;

/// A table.
pub(crate) struct Tabulation {
    pub(crate) head: Vec<String>,
    /// The first cell of each row names it.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Tabulation {
    /// The figures of all machines, at each tenth of the run.
    pub(super) fn over_time(trace: &Trace, rows: &[Vec<Option<u64>>]) -> Self {
        let columns = rows.first().map_or(0, Vec::len);
        let at = |row: &Vec<Option<u64>>, tenth: usize| match row.get(columns * tenth / ROWS - 1) {
            Some(Some(figure)) => count(*figure),
            _ => "–".to_owned(),
        };
        let line = |tenth: usize| {
            let time = figure(trace.seconds * tenth as f64 / ROWS as f64);
            let cells = rows.iter().map(|row| at(row, tenth));
            [time].into_iter().chain(cells).collect()
        };
        Self { head: head(trace, "Second"), rows: (1..=ROWS).map(line).collect() }
    }
}

/// A column for each machine, after one of this name.
pub(super) fn head(trace: &Trace, first: &str) -> Vec<String> {
    let machines = trace.lanes.iter().map(|lane| format!("Machine {}", lane.machine));
    [first.to_owned()].into_iter().chain(machines).collect()
}
