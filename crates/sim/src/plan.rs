//! What is to be simulated.

use std::time::Duration;

use journal::{FORMAT, Manifest, Start, Time};
use machine::{MachineId, draw};
use thiserror::Error;

use crate::fault::Fault;
use crate::network::Network;

/// The longest that a run and its faults may last: virtual time has an end.
const LONGEST: Duration = Duration::from_secs(500 * 365 * 86_400);

/// A run, the network it has and what goes wrong in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The run.
    pub manifest: Manifest,
    /// The network.
    pub network: Network,
    /// The faults.
    pub faults: Vec<Fault>,
}

/// A plan that cannot be simulated.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// A machine without pace makes no progress in virtual time.
    #[error("machine {0} has the rate max: in virtual time it would tick for ever in one instant")]
    Unpaced(u32),
    /// A run that lasts until a signal lasts for ever.
    #[error("the run has no duration: in virtual time nobody stops it")]
    Endless,
    /// Virtual time ends after 584 years.
    #[error("the run and its faults last longer than 500 years")]
    TooLong,
    /// A fault or a network's word is about what is not there.
    #[error("{0}")]
    Nowhere(String),
}

impl Plan {
    /// Whether it can be simulated.
    ///
    /// # Errors
    /// The first [`PlanError`].
    pub fn check(&self) -> Result<(), PlanError> {
        let Manifest { rates, machines, topology, duration, .. } = &self.manifest;
        let topology = (*topology).into();
        if let Some(index) = rates.iter().position(|rate| rate.per_second().is_none()) {
            return Err(PlanError::Unpaced(index as u32 + 1));
        }
        if duration.is_none() {
            return Err(PlanError::Endless);
        }
        let ends = self.faults.iter().filter_map(|fault| fault.window().to);
        if ends.max().unwrap_or_default().saturating_add(self.duration()) > LONGEST {
            return Err(PlanError::TooLong);
        }
        self.network.check(*machines, topology).map_err(PlanError::Nowhere)?;
        let mut faults = self.faults.iter();
        faults.try_for_each(|fault| fault.check(*machines, topology)).map_err(PlanError::Nowhere)
    }

    /// The first start record of `machine`, but for its time.
    pub(crate) fn start(&self, machine: MachineId) -> Start {
        let run = &self.manifest;
        let rate = run.rates[machine.get() as usize - 1];
        Start {
            log: FORMAT.to_owned(),
            time: Time::from_micros(0),
            run: run.run.clone(),
            machine: machine.get(),
            machines: run.machines,
            topology: run.topology,
            rate,
            draw_max: run.draw_max,
            seed: Some(run.seed),
            generator: Some(draw::GENERATOR.to_owned()),
            phase: Start::first_phase(run.phase, rate, run.seed, machine),
            pacing: run.pacing,
            stamp: run.stamp,
            duration: Some(self.duration().as_secs_f64()),
            incarnation: 1,
            clock: 0,
        }
    }

    pub(crate) fn duration(&self) -> Duration {
        self.manifest.duration.map_or(Duration::ZERO, |duration| duration.0)
    }

    /// Whether a connection may be lost without its ends being told.
    pub(crate) fn may_lose_connections(&self) -> bool {
        !self.faults.is_empty() || !self.network.loss.is_empty()
    }

    /// How many crashes befall `machine`.
    pub(crate) fn crashes(&self, machine: MachineId) -> usize {
        let befalls = |fault: &&Fault| match fault {
            Fault::Crash(crash) => crash.machines.cover(machine),
            _ => false,
        };
        self.faults.iter().filter(befalls).count()
    }
}
