//! Items of virtual time: production machine and links, statistics on, no judge,
//! no log.

use std::process::Command;

use report::Statistics;
use sim::{Plan, Simulation};
use stream::Figures;

use crate::floor::order::{Calendar, Heap, Order};
use crate::floor::run::run;
use crate::item::{Goal, Item, Pair};
use crate::measure::{Done, memory_of, nanoseconds, pairs};
use crate::{Failure, Scale, model};

/// Clock, ticks and receives of each machine.
type Outcome = Vec<(u64, u64, u64)>;

const UNIT: &str = "ns/event";

/// Seconds of virtual time of the rings.
const RING_SECONDS: u64 = 5;

pub(crate) fn three(scale: Scale) -> Result<Item, Failure> {
    let plan = model::three(scale.pick(3_000_000, 10_000));
    Ok(Item {
        name: "simulate, 3 machines",
        floor: "a bare loop over a binary heap, same draws, sends, inboxes and clocks",
        unit: UNIT,
        goal: Goal::RatioAtMost(1.5),
        pairs: pairs(scale, || simulated(&plan), || bare::<Heap>(&plan))?,
    })
}

pub(crate) fn ring(scale: Scale) -> Result<Item, Failure> {
    let plan = model::ring(scale.pick(10_000, 200), scale.pick(60, 20));
    Ok(Item {
        name: "simulate, ring of 10,000",
        floor: "the same loop over a calendar",
        unit: UNIT,
        goal: Goal::RatioAtMost(1.5),
        pairs: pairs(scale, || simulated(&plan), || bare::<Calendar>(&plan))?,
    })
}

pub(crate) fn large_ring(scale: Scale) -> Result<Item, Failure> {
    let large = model::ring(scale.pick(1_000_000, 1000), RING_SECONDS);
    let small = model::ring(scale.pick(10_000, 100), RING_SECONDS);
    let pair = |_| {
        Ok(Pair {
            ours: nanoseconds(&mut || simulated(&large))?,
            floor: Some(nanoseconds(&mut || simulated(&small))?),
        })
    };
    Ok(Item {
        name: "simulate, ring of 1,000,000",
        floor: "ours with 10,000 machines, for the same time",
        unit: UNIT,
        goal: Goal::RatioAtMost(6.0),
        pairs: (0..scale.pick(3, 1)).map(pair).collect::<Result<_, Failure>>()?,
    })
}

pub(crate) fn memory(scale: Scale) -> Result<Item, Failure> {
    // More than any tiny item before it took, whose memory would be used again.
    let machines = scale.pick(1_000_000, 10_000);
    let bytes = match scale {
        // The most that a process ever had is known of a fresh one only.
        Scale::Full => {
            let itself = std::env::current_exe()?;
            let output =
                Command::new(itself).args(["--memory-of", &machines.to_string()]).output()?;
            String::from_utf8(output.stdout)?.trim().parse()?
        }
        Scale::Tiny => ring_bytes(machines)?,
    };
    Ok(Item {
        name: "its memory",
        floor: "",
        unit: "bytes/machine",
        goal: Goal::AtMost(400.0),
        pairs: vec![Pair { ours: bytes as f64 / f64::from(machines), floor: None }],
    })
}

/// The most memory that a ring takes, its statistics included, in bytes.
///
/// # Errors
/// If it cannot be simulated, or the system does not tell.
pub fn ring_bytes(machines: u32) -> Result<u64, Failure> {
    let plan = model::ring(machines, RING_SECONDS);
    let before = memory_of("self", "VmHWM:")?;
    simulated(&plan)?;
    Ok(memory_of("self", "VmHWM:")? - before)
}

fn simulated(plan: &Plan) -> Result<Done<Outcome>, Failure> {
    let mut figures = Figures::new(plan.manifest.machines);
    Simulation::new(plan.clone())?.run(&mut figures);
    let statistics = figures.into_statistics();
    let outcome = |it: &Statistics| (it.clock, it.ticks, it.receives);
    Ok(Done {
        events: statistics.iter().map(|it| it.ticks).sum(),
        outcome: statistics.iter().map(outcome).collect(),
    })
}

fn bare<O: Order>(plan: &Plan) -> Result<Done<Outcome>, Failure> {
    let machines = run::<O>(&plan.manifest, |_, _, _, _, _| {});
    Ok(Done {
        events: machines.iter().map(|it| it.ticks).sum(),
        outcome: machines.iter().map(|it| (it.clock, it.ticks, it.receives)).collect(),
    })
}
