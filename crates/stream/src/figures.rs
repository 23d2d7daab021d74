//! The figures of all machines, gathered while they are simulated.

use std::sync::Arc;

use journal::{Record, Start, Stop, Time};
use machine::{Event, MachineId, Message, Step};
use report::{Instruction, Setup, Statistics};
use shelf::Shelf;
use sim::Observer;

/// The statistics of all machines.
#[derive(Debug)]
pub struct Figures {
    /// Of many machines those at which nothing happens lie packed, most of them in this
    /// room.
    statistics: Shelf<Statistics, 72>,
    /// What the last machine that started was set to. In one run it is the same for all.
    setup: Option<Arc<Setup>>,
}

impl Figures {
    /// Those of `machines` machines before their first records.
    #[must_use]
    pub fn new(machines: u32) -> Self {
        Self::with_open(machines, sim::OPEN_MAX)
    }

    /// Those that never lie packed if there are at most so many.
    fn with_open(machines: u32, open_max: usize) -> Self {
        let statistics = (0..machines as usize).map(|_| Statistics::new());
        Self { statistics: Shelf::new((), statistics, open_max), setup: None }
    }

    /// Those of each machine, in order.
    #[must_use]
    pub fn into_statistics(self) -> Vec<Statistics> {
        let mut all = self.statistics.into_vec();
        // What lay packed has lost it.
        for started in all.iter_mut().filter(|it| it.incarnations > 0 && it.setup.is_none()) {
            started.setup.clone_from(&self.setup);
        }
        all
    }

    /// Takes a record into account.
    pub(crate) fn push(&mut self, machine: MachineId, record: &Record) {
        match record {
            Record::Start(start) => self.started(start),
            record => self.of(machine).push(record),
        }
    }

    #[inline]
    fn of(&mut self, machine: MachineId) -> &mut Statistics {
        self.statistics.pick(machine.get() as usize - 1)
    }
}

impl Observer for Figures {
    fn started(&mut self, start: &Start) {
        let Self { statistics, setup } = self;
        let statistics = statistics.pick(start.machine as usize - 1);
        statistics.push_start(start);
        let own = &mut statistics.setup;
        match own == setup {
            true => own.clone_from(setup),
            // What lay packed has none any more.
            false if own.is_some() => setup.clone_from(own),
            false => {}
        }
    }

    #[inline(always)]
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

    #[inline]
    fn recall(&self, machine: MachineId) {
        self.statistics.recall(machine.get() as usize - 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use journal::{Manifest, Pacing, Phase, Rate, StampRule, Timespan, Topology};
    use report::Statistics;
    use sim::{Network, Plan, Simulation};

    use super::Figures;

    /// Those of more machines than are in use at a time when they lie packed, with crashes and
    /// whatever else the seed brings about.
    fn statistics(seed: u64, open_max: usize) -> Vec<Statistics> {
        let machines = 100;
        let manifest = Manifest {
            run: "test".to_owned(),
            machines,
            rates: (0..machines).map(|it| Rate::PerSecond(f64::from(1 + it % 6))).collect(),
            draw_max: 4,
            topology: Topology::Ring,
            pacing: Pacing::Even,
            phase: Phase::Random,
            stamp: StampRule::After,
            seed,
            duration: Some(Timespan(Duration::from_secs(60))),
        };
        let plan = Plan { manifest, network: Network::default(), faults: Vec::new() };
        let mut figures = Figures::with_open(machines, open_max);
        Simulation::new(plan.with_random_faults()).unwrap().run(&mut figures);
        figures.into_statistics()
    }

    #[test]
    fn figures_that_lie_packed_are_those_of_the_others() {
        for seed in 0..20 {
            let open = statistics(seed, usize::MAX);
            assert!(open.iter().filter(|it| it.setup.is_some()).count() > 50, "seed {seed}");
            assert!(open == statistics(seed, 0), "seed {seed}");
        }
    }
}
