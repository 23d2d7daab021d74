//! The log that ShiViz draws (Beschastnikh et al., *Visualizing Distributed System
//! Executions*, ACM TOSEM 29(2), 2020), for its default expression
//! `(?<event>.*)\n(?<host>\S*) (?<clock>{.*})`.
//!
//! Two lines an event: what it is, with its Lamport clock as the field
//! `lamport=57`, then host and vector clock. ShiViz wants each host's own
//! component to start at 1 and to grow by 1 with every event, so components count
//! events; those that are 0 are left out.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::rc::Rc;

use clock::VectorClock;
use journal::Record;

use super::Exporter;
use crate::event::Action;
use crate::merge::Step;

/// The log, as it is written.
pub(super) struct Log<W: Write> {
    output: W,
    machines: Vec<u32>,
    vectors: Vec<VectorClock>,
    /// What each message in flight carries.
    stamps: BTreeMap<u64, Rc<VectorClock>>,
}

impl<W: Write> Log<W> {
    pub(super) fn new(output: W, machines: Vec<u32>) -> Self {
        let vectors = vec![VectorClock::new(); machines.len()];
        Self { output, machines, vectors, stamps: BTreeMap::new() }
    }

    fn advance(&mut self, step: &Step) -> io::Result<()> {
        let vector = &mut self.vectors[step.log];
        match step.cause.and_then(|sent| self.stamps.remove(&sent.message)) {
            Some(stamp) => vector.receive(step.log, &stamp),
            None => vector.event(step.log),
        }
        .map_err(io::Error::other)?;
        if let Record::Send(send) = &step.record {
            let stamp = Rc::new(vector.clone());
            for message in step.message..step.message + send.to.len() as u64 {
                self.stamps.insert(message, Rc::clone(&stamp));
            }
        }
        Ok(())
    }

    /// `{"machine-1":3,"machine-2":1}`
    fn vector(&self, log: usize) -> String {
        let mut json = String::from("{");
        let times = self.machines.iter().zip(self.vectors[log].times());
        for (machine, time) in times.filter(|(_, time)| **time > 0) {
            let comma = if json.len() > 1 { "," } else { "" };
            let _ = write!(json, "{comma}\"machine-{machine}\":{time}");
        }
        json + "}"
    }
}

impl<W: Write> Exporter for Log<W> {
    fn step(&mut self, step: &Step) -> io::Result<()> {
        let Some(tick) = step.record.tick() else { return Ok(()) };
        self.advance(step)?;
        writeln!(
            self.output,
            "{} tick={tick} lamport={} queue={} time={}\nmachine-{} {}",
            event(&step.record),
            step.record.clock(),
            step.record.queue().unwrap_or(0),
            step.record.time(),
            step.machine,
            self.vector(step.log),
        )
    }

    fn finish(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// `receive from 3 seq=4 stamp=56`
fn event(record: &Record) -> String {
    let action = Action::of(record).unwrap_or(Action::Internal);
    match record {
        Record::Receive(receive) => {
            format!("{action} seq={} stamp={}", receive.seq, receive.stamp)
        }
        _ => action.to_string(),
    }
}
