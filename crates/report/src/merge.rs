//! All logs as one sequence in which no event comes before its causes.
//!
//! The earliest of the next records of all logs comes next; a receive whose send
//! has not come yet waits for it, whatever the system clocks say. That is a
//! linear extension of Lamport's "happened before" (1978), and in a run on one
//! computer it is the order of time. Memory is in proportion to the messages in
//! flight.
//!
//! Nothing is judged here: a receive without a send comes when nothing else can,
//! and has no cause.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use journal::{ReadError, Record, Time};

use crate::flights::{Flights, Sent};

/// The logs of a run, merged as they are read.
#[derive(Debug)]
pub(crate) struct Merge<I> {
    logs: Vec<Log<I>>,
    flights: Flights,
    /// The logs whose next record can come, by its time.
    ready: BinaryHeap<Reverse<(Time, usize)>>,
    errors: Vec<ReadError>,
}

/// A record in its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    /// Where the log stands among all, from 0.
    pub(crate) log: usize,
    /// Its machine.
    pub(crate) machine: u32,
    /// What the log says.
    pub(crate) record: Record,
    /// Of a receive, its send.
    pub(crate) cause: Option<Sent>,
    /// Of a send, the number of its first message.
    pub(crate) message: u64,
    /// Of a send, where what is remembered of it lies.
    pub(crate) slot: usize,
}

#[derive(Debug)]
struct Log<I> {
    machine: u32,
    records: I,
    /// The record that comes next; none at the end.
    ahead: Option<Record>,
    /// How many ticks came already.
    ticks: u64,
}

impl<I: Iterator<Item = Result<Record, ReadError>>> Merge<I> {
    /// Merges these logs, each given once, by machine.
    pub(crate) fn new(mut logs: Vec<(u32, I)>) -> Self {
        logs.sort_by_key(|(machine, _)| *machine);
        let logs: Vec<_> = logs
            .into_iter()
            .map(|(machine, records)| Log { machine, records, ahead: None, ticks: 0 })
            .collect();
        let mut merge = Self {
            logs,
            flights: Flights::default(),
            ready: BinaryHeap::new(),
            errors: Vec::new(),
        };
        (0..merge.logs.len()).for_each(|log| merge.read_ahead(log));
        merge
    }

    /// The machines, in the order of the logs.
    pub(crate) fn machines(&self) -> Vec<u32> {
        self.logs.iter().map(|log| log.machine).collect()
    }

    /// Whether more is to come from a log.
    pub(crate) fn is_open(&self, log: usize) -> bool {
        self.logs[log].ahead.is_some()
    }

    /// What kept logs from being read to their ends.
    pub(crate) fn into_errors(self) -> Vec<ReadError> {
        self.errors
    }

    /// Reads the next record of a log, which is done for good at an error.
    fn read_ahead(&mut self, log: usize) {
        let next = self.logs[log].records.next().transpose();
        self.logs[log].ahead = next.unwrap_or_else(|error| {
            self.errors.push(error);
            None
        });
        self.make_ready(log);
    }

    /// Unless what comes next of a log waits for its send.
    fn make_ready(&mut self, log: usize) {
        if let Some(record) = &self.logs[log].ahead
            && self
                .awaited(log)
                .is_none_or(|(from, seq)| self.flights.holds(from, self.logs[log].machine, seq))
        {
            self.ready.push(Reverse((record.time(), log)));
        }
    }

    /// The message that a log's next record receives: sender and seq.
    fn awaited(&self, log: usize) -> Option<(u32, u64)> {
        match &self.logs[log].ahead {
            Some(Record::Receive(receive)) => Some((receive.from, receive.seq)),
            _ => None,
        }
    }

    fn take(&mut self, log: usize) -> Option<Step> {
        let machine = self.logs[log].machine;
        let record = self.logs[log].ahead.take()?;
        self.logs[log].ticks += u64::from(record.tick().is_some());
        let mut step = Step { log, machine, record, cause: None, message: 0, slot: 0 };
        match &step.record {
            Record::Receive(receive) => {
                step.cause = self.flights.arrive(receive.from, machine, receive.seq);
            }
            Record::Send(send) => {
                let ticks = |machine| ticks(&self.logs, machine);
                (step.message, step.slot) = self.flights.depart(machine, log, send, ticks);
                self.wake(machine, &send.to, &send.seq);
            }
            _ => {}
        }
        self.read_ahead(log);
        Some(step)
    }

    /// Lets the logs go on that wait for these messages.
    fn wake(&mut self, from: u32, to: &[u32], seqs: &[u64]) {
        for (&to, &seq) in to.iter().zip(seqs) {
            if let Ok(log) = self.logs.binary_search_by_key(&to, |log| log.machine)
                && self.awaited(log) == Some((from, seq))
            {
                self.make_ready(log);
            }
        }
    }

    /// A log that waits in vain, or else one of a ring that wait for each other.
    fn stuck(&self) -> Option<usize> {
        let waiting = || (0..self.logs.len()).filter(|&log| self.is_open(log));
        let in_vain = |&log: &usize| {
            let from = self.awaited(log).map_or(0, |(from, _)| from);
            let sender = self.logs.binary_search_by_key(&from, |log| log.machine);
            sender.is_err() || sender.is_ok_and(|sender| !self.is_open(sender))
        };
        waiting().find(in_vain).or_else(|| waiting().next())
    }
}

/// How many ticks of a machine came already.
fn ticks<I>(logs: &[Log<I>], machine: u32) -> u64 {
    let log = logs.binary_search_by_key(&machine, |log| log.machine);
    log.map_or(0, |log| logs[log].ticks)
}

impl<I: Iterator<Item = Result<Record, ReadError>>> Iterator for Merge<I> {
    type Item = Step;

    fn next(&mut self) -> Option<Step> {
        let log = match self.ready.pop() {
            Some(Reverse((_, log))) => log,
            None => self.stuck()?,
        };
        self.take(log)
    }
}
