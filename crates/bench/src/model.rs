//! The runs that are measured, as the command line would plan them.

use std::time::Duration;

use journal::{Manifest, Pacing, Phase, Rate, StampRule, Timespan, Topology};
use machine::MachineId;
use machine::draw::{self, RateRange};
use sim::{Network, Plan};

/// The seed of all of them.
const SEED: u64 = 7;

/// Three machines that all know each other, at 1, 3 and 6 ticks a second, for
/// about so many events.
#[must_use]
pub fn three(events: u64) -> Plan {
    let rates = [1.0, 3.0, 6.0];
    plan(rates.map(Rate::PerSecond).to_vec(), Topology::Full, Duration::from_secs(events / 10))
}

/// Two machines without pace, of which one would send and the other receive.
pub(crate) fn two() -> Manifest {
    plan(vec![Rate::Max; 2], Topology::Full, Duration::ZERO).manifest
}

/// A ring of machines at 1 to 6 ticks a second.
#[must_use]
pub fn ring(machines: u32, seconds: u64) -> Plan {
    let rate = |id| draw::rate(SEED, MachineId::new(id), RateRange::default());
    let rates = (1..=machines).map(|id| Rate::PerSecond(rate(id))).collect();
    plan(rates, Topology::Ring, Duration::from_secs(seconds))
}

fn plan(rates: Vec<Rate>, topology: Topology, duration: Duration) -> Plan {
    let manifest = Manifest {
        run: "bench".to_owned(),
        machines: rates.len() as u32,
        rates,
        draw_max: 10,
        topology,
        pacing: Pacing::Even,
        phase: Phase::Random,
        stamp: StampRule::After,
        seed: SEED,
        duration: Some(Timespan(duration)),
    };
    Plan { manifest, network: Network::default(), faults: Vec::new() }
}
