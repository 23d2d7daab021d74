//! Events as comma-separated values (RFC 4180): a row an event, in causal order.

use std::io::{self, Write};

use journal::Record;

use super::{Exporter, io_error};
use crate::merge::Step;

/// The names of the columns. Cells that an event has nothing for are empty; lists
/// are separated by spaces.
const HEADER: [&str; 14] = [
    "time",
    "machine",
    "tick",
    "event",
    "clock_before",
    "clock",
    "jump",
    "queue",
    "draw",
    "to",
    "from",
    "seq",
    "stamp",
    "sent_tick",
];

/// The rows, as they are written.
pub(super) struct Events<W: Write> {
    rows: csv::Writer<W>,
    /// By log.
    clocks: Vec<u64>,
}

impl<W: Write> Events<W> {
    pub(super) fn new(output: W) -> io::Result<Self> {
        let mut rows = csv::Writer::from_writer(output);
        rows.write_record(HEADER).map_err(io_error)?;
        Ok(Self { rows, clocks: Vec::new() })
    }
}

impl<W: Write> Exporter for Events<W> {
    fn step(&mut self, step: &Step) -> io::Result<()> {
        if self.clocks.len() <= step.log {
            self.clocks.resize(step.log + 1, 0);
        }
        let clock = step.record.clock();
        let before = std::mem::replace(&mut self.clocks[step.log], clock);
        let Some(tick) = step.record.tick() else { return Ok(()) };
        let mut row: [String; 14] = Default::default();
        row[0] = step.record.time().to_string();
        row[1] = step.machine.to_string();
        row[2] = tick.to_string();
        row[4] = before.to_string();
        row[5] = clock.to_string();
        row[6] = clock.saturating_sub(before).to_string();
        row[7] = step.record.queue().unwrap_or(0).to_string();
        fill(&mut row[3..], step);
        self.rows.write_record(row).map_err(io_error)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.rows.flush()
    }
}

/// Fills in what depends on the kind of the event; the first cell is the kind.
fn fill(cells: &mut [String], step: &Step) {
    match &step.record {
        Record::Internal(internal) => {
            cells[0] = "internal".to_owned();
            cells[5] = internal.draw.to_string();
        }
        Record::Send(send) => {
            cells[0] = "send".to_owned();
            cells[5] = send.draw.to_string();
            cells[6] = spaced(&send.to);
            cells[8] = spaced(&send.seq);
        }
        Record::Receive(receive) => {
            cells[0] = "receive".to_owned();
            cells[7] = receive.from.to_string();
            cells[8] = receive.seq.to_string();
            cells[9] = receive.stamp.to_string();
            cells[10] = step.cause.map_or_else(String::new, |sent| sent.tick.to_string());
        }
        Record::Start(_) | Record::Stop(_) => {}
    }
}

fn spaced<T: ToString>(values: &[T]) -> String {
    let values: Vec<_> = values.iter().map(T::to_string).collect();
    values.join(" ")
}
