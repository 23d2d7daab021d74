//! What each machine's clock and queue were, column by column of a chart.

use journal::Record;

use super::trace::{Lane, Trace};

/// Columns of a chart: fewer if many machines share it, and if so many events fall
/// into each that the lines would be bands of noise.
const COLUMNS_MAX: usize = 480;
const COLUMNS_OF_MANY_EVENTS: usize = 160;
const COLUMNS_MIN: usize = 60;
const COLUMNS_OF_ALL: usize = 10_000;

/// What a machine's log says within one column of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sample {
    /// The clock at its end.
    pub(crate) clock: u64,
    /// The longest queue; none while the machine was not there.
    pub(crate) queue: Option<u64>,
}

/// All machines, column by column.
pub(crate) struct Samples {
    /// How many columns there are.
    pub(super) columns: usize,
    /// The machines in the order of the trace.
    pub(crate) machines: Vec<Vec<Sample>>,
}

impl Samples {
    pub(super) fn of(trace: &Trace) -> Self {
        Self::in_columns(trace, columns(trace))
    }

    /// The same in so many columns.
    pub(crate) fn in_columns(trace: &Trace, columns: usize) -> Self {
        Self { columns, machines: trace.lanes.iter().map(|it| row(trace, it, columns)).collect() }
    }

    /// By how much each machine's clock is behind the largest.
    pub(super) fn behind(&self) -> Vec<Vec<u64>> {
        let largest: Vec<_> = (0..self.columns)
            .map(|column| self.machines.iter().map(|row| row[column].clock).max().unwrap_or(0))
            .collect();
        let behind = |row: &Vec<Sample>| {
            row.iter().zip(&largest).map(|(sample, largest)| largest - sample.clock).collect()
        };
        self.machines.iter().map(behind).collect()
    }
}

fn columns(trace: &Trace) -> usize {
    let busiest = trace.lanes.iter().map(|lane| lane.records.len()).max().unwrap_or(0);
    let wanted = if busiest > 8 * COLUMNS_MAX { COLUMNS_OF_MANY_EVENTS } else { COLUMNS_MAX };
    wanted.min(COLUMNS_OF_ALL / trace.lanes.len().max(1)).max(COLUMNS_MIN)
}

fn row(trace: &Trace, lane: &Lane, columns: usize) -> Vec<Sample> {
    let mut records = lane.records.iter().peekable();
    let mut now = Sample::default();
    (1..=columns)
        .map(|column| {
            let end = column as f64 / columns as f64;
            let mut sample = now;
            while let Some(record) = records.next_if(|it| trace.share(it.time()) <= end) {
                let next = records.peek();
                now = Sample { clock: record.clock(), queue: queue_after(record, next.copied()) };
                sample = Sample { clock: now.clock, queue: sample.queue.max(now.queue) };
            }
            sample
        })
        .collect()
}

/// Nothing stands in the inbox of a machine that is not there.
fn queue_after(record: &Record, next: Option<&Record>) -> Option<u64> {
    match next {
        Some(Record::Start(_)) => None,
        _ => Some(record.queue().unwrap_or(0)),
    }
}
