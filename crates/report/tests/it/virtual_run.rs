//! Runs in virtual time by the real machines, links and network: what analyses
//! are tested on.

use std::time::Duration;

use journal::{Manifest, Pacing, Phase, Rate, Record, StampRule, Timespan, Topology};
use report::Analysis;
use sim::{Fault, Network, Plan, Simulation};

/// A run with seed 1, full topology and instant delivery, unless said otherwise.
#[derive(Clone, Debug)]
pub(crate) struct VirtualRun {
    pub(crate) plan: Plan,
}

impl VirtualRun {
    pub(crate) fn new(rates: &[f64], draw_max: u64, seconds: u64) -> Self {
        let manifest = Manifest {
            run: "test".to_owned(),
            machines: rates.len() as u32,
            rates: rates.iter().map(|&rate| Rate::PerSecond(rate)).collect(),
            draw_max,
            topology: Topology::Full,
            pacing: Pacing::Even,
            phase: Phase::Random,
            stamp: StampRule::After,
            seed: 1,
            duration: Some(Timespan(Duration::from_secs(seconds))),
        };
        Self { plan: Plan { manifest, network: Network::default(), faults: Vec::new() } }
    }

    pub(crate) fn with(mut self, change: impl FnOnce(&mut Manifest)) -> Self {
        change(&mut self.plan.manifest);
        self
    }

    pub(crate) fn seed(self, seed: u64) -> Self {
        self.with(|run| run.seed = seed)
    }

    fn fault(mut self, fault: Fault) -> Self {
        self.plan.faults.push(fault);
        self
    }

    /// A crash, as `1@15s..18s`.
    pub(crate) fn crash(self, text: &str) -> Self {
        self.fault(Fault::Crash(text.parse().unwrap()))
    }

    /// A cut, as `1-2@15s..18s`.
    pub(crate) fn cut(self, text: &str) -> Self {
        self.fault(Fault::Cut(text.parse().unwrap()))
    }

    /// A pause, as `1@15s..18s`.
    pub(crate) fn pause(self, text: &str) -> Self {
        self.fault(Fault::Pause(text.parse().unwrap()))
    }

    /// A latency, as `exp:10ms`.
    pub(crate) fn latency(mut self, text: &str) -> Self {
        self.plan.network.latency.push(text.parse().unwrap());
        self
    }

    pub(crate) fn logs(&self) -> Vec<(u32, Vec<Record>)> {
        let machines = self.plan.manifest.machines;
        let mut logs: Vec<_> = (1..=machines).map(|machine| (machine, Vec::new())).collect();
        let simulation = Simulation::new(self.plan.clone()).unwrap();
        simulation.run(&mut |machine: machine::MachineId, record: Record| {
            logs[machine.get() as usize - 1].1.push(record);
        });
        logs
    }

    pub(crate) fn analysis(&self) -> Analysis {
        Analysis::of(self.logs())
    }
}
