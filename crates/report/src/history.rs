//! All events of a run and what directly caused each: the graph that questions
//! about single events are asked of.
//!
//! Unlike an [`Analysis`](crate::Analysis) it holds the whole run in memory.

use journal::{Folder, ReadError, Record};
use thiserror::Error;

use crate::analysis::open;
use crate::event_name::{EventName, Which};
use crate::merge::Merge;
use crate::number::{count, list};

/// All events of a run, in an order in which causes come first.
#[derive(Clone, Debug, Default)]
pub struct History {
    pub(crate) machines: Vec<u32>,
    pub(crate) events: Vec<Node>,
    /// The places of each machine's events, in order.
    pub(crate) of_machine: Vec<Vec<usize>>,
}

/// An event in the graph.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where its machine stands.
    pub(crate) log: usize,
    pub(crate) record: Record,
    /// The clock before it.
    pub(crate) clock_before: u64,
    /// The event before it on its machine.
    pub(crate) previous: Option<usize>,
    /// Of a receive, the send.
    pub(crate) cause: Option<usize>,
}

/// An event that is not there.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoSuchEvent {
    /// Its machine is not.
    #[error("there is no machine {machine} in this run, only {}", list(known))]
    Machine {
        /// The machine.
        machine: u32,
        /// Those that are.
        known: Vec<u32>,
    },
    /// It has no event.
    #[error("machine {machine} has no event")]
    Silent {
        /// The machine.
        machine: u32,
    },
    /// The clock or tick is not: what there is around it.
    #[error("machine {} has no event {name}: {near}", name.machine)]
    Event {
        /// The event.
        name: EventName,
        /// What there is instead.
        near: String,
    },
}

impl Node {
    pub(crate) fn tick(&self) -> u64 {
        self.record.tick().unwrap_or(0)
    }
}

impl History {
    /// Reads the logs of `folder`, as far as they can be read.
    #[must_use]
    pub fn read(folder: &Folder) -> (Self, Vec<ReadError>) {
        let (logs, mut errors) = open(folder);
        let mut merge = Merge::new(logs);
        let history = Self::gather(&mut merge);
        errors.extend(merge.into_errors());
        (history, errors)
    }

    /// The history of these logs, each with the number of its machine.
    #[must_use]
    pub fn of(logs: impl IntoIterator<Item = (u32, Vec<Record>)>) -> Self {
        let logs = logs.into_iter().map(|(machine, log)| (machine, log.into_iter().map(Ok)));
        Self::gather(&mut Merge::new(logs.collect()))
    }

    fn gather<I>(merge: &mut Merge<I>) -> Self
    where
        I: Iterator<Item = Result<Record, ReadError>>,
    {
        let machines = merge.machines();
        let mut clocks = vec![0; machines.len()];
        let of_machine = vec![Vec::new(); machines.len()];
        let mut history = Self { machines, events: Vec::new(), of_machine };
        for step in merge {
            let clock_before = std::mem::replace(&mut clocks[step.log], step.record.clock());
            if step.record.tick().is_none() {
                continue;
            }
            let place = history.events.len();
            history.events.push(Node {
                log: step.log,
                previous: history.of_machine[step.log].last().copied(),
                cause: step.cause.and_then(|sent| history.at_tick(sent.log, sent.tick)),
                record: step.record,
                clock_before,
            });
            history.of_machine[step.log].push(place);
        }
        history
    }

    /// The place of the event with this tick.
    fn at_tick(&self, log: usize, tick: u64) -> Option<usize> {
        let events = &self.of_machine[log];
        let index = events.binary_search_by_key(&tick, |&place| self.events[place].tick()).ok()?;
        Some(events[index])
    }

    pub(crate) fn machine(&self, place: usize) -> u32 {
        self.machines[self.events[place].log]
    }

    /// The place of the event with this name.
    pub(crate) fn find(&self, name: EventName) -> Result<usize, NoSuchEvent> {
        let machine = name.machine;
        let known = || self.machines.clone();
        let log = self
            .machines
            .binary_search(&machine)
            .map_err(|_| NoSuchEvent::Machine { machine, known: known() })?;
        let events = &self.of_machine[log];
        if events.is_empty() {
            return Err(NoSuchEvent::Silent { machine });
        }
        let key = |place: usize| match name.which {
            Which::Clock(_) => self.events[place].record.clock(),
            Which::Tick(_) => self.events[place].tick(),
        };
        let (Which::Clock(wanted) | Which::Tick(wanted)) = name.which;
        // Logs that are wrong may be out of order: no binary search.
        if let Some(&place) = events.iter().find(|&&place| key(place) == wanted) {
            return Ok(place);
        }
        let after = events.iter().position(|&place| key(place) > wanted);
        Err(NoSuchEvent::Event { name, near: self.near(events, after) })
    }

    /// The events around where one would be: `after` is the next.
    fn near(&self, events: &[usize], after: Option<usize>) -> String {
        let told = |place: usize| {
            let node = &self.events[place];
            format!("clock {} (tick {})", count(node.record.clock()), count(node.tick()))
        };
        match after {
            Some(0) => format!("its first has {}", told(events[0])),
            Some(next) => {
                format!("after {} comes {}", told(events[next - 1]), told(events[next]))
            }
            None => format!("its last has {}", told(events[events.len() - 1])),
        }
    }
}
