//! The figures of all machines, gathered while they are simulated.

use std::sync::Arc;

use journal::{Record, Start, Stop, Time};
use machine::{Event, MachineId, Message, Step};
use report::{Instruction, Setup, Statistics};
use sim::Observer;

/// The statistics of all machines.
#[derive(Debug)]
pub struct Figures {
    statistics: Vec<Statistics>,
    /// What the last machine that started was set to.
    setup: Option<Arc<Setup>>,
}

impl Figures {
    /// Those of `machines` machines before their first records.
    #[must_use]
    pub fn new(machines: u32) -> Self {
        Self { statistics: vec![Statistics::new(); machines as usize], setup: None }
    }

    /// Those of each machine, in order.
    #[must_use]
    pub fn into_statistics(self) -> Vec<Statistics> {
        self.statistics
    }

    /// Takes a record into account.
    pub(crate) fn push(&mut self, machine: MachineId, record: &Record) {
        match record {
            Record::Start(start) => self.started(start),
            record => self.of(machine).push(record),
        }
    }

    fn of(&mut self, machine: MachineId) -> &mut Statistics {
        &mut self.statistics[machine.get() as usize - 1]
    }
}

impl Observer for Figures {
    fn started(&mut self, start: &Start) {
        let Self { statistics, setup } = self;
        let statistics = &mut statistics[start.machine as usize - 1];
        statistics.push_start(start);
        statistics.share_setup(setup);
    }

    #[inline]
    fn stepped(&mut self, machine: MachineId, time: Time, step: &Step<'_>) {
        let &Step { tick, event, queue, clock } = step;
        let instruction = match event {
            Event::Internal { .. } => Instruction::Internal,
            Event::Send { recipients, .. } => {
                Instruction::Send { messages: recipients.len() as u64 }
            }
            Event::Receive(Message { from, stamp, .. }) => {
                Instruction::Receive { from: from.get(), stamp }
            }
        };
        self.of(machine).push_event(time, tick, instruction, queue, clock);
    }

    fn stopped(&mut self, machine: MachineId, stop: &Stop) {
        self.of(machine).push_stop(stop);
    }
}
