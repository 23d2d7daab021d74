//! The most live machines: a process each, everyone connected to everyone else.

use crate::item::{Goal, Item, Pair};
use crate::live::run::Run;
use crate::{Failure, Scale};

/// Tried in this order, until a run does not hold.
const MACHINES: &[u32] = &[50, 100, 150, 200];

pub(crate) fn mesh(scale: Scale) -> Result<Item, Failure> {
    let mut held = 0;
    for machines in scale.pick(MACHINES, &[5]) {
        match run(*machines, scale.pick("10s", "1s")) {
            Ok(()) => held = *machines,
            Err(failure) if held == 0 => return Err(failure),
            Err(_) => break,
        }
    }
    Ok(Item {
        name: "live machines in a full mesh, a process each",
        floor: "",
        unit: "machines",
        goal: Goal::AtLeast(100.0),
        pairs: vec![Pair { ours: f64::from(held), floor: None }],
    })
}

/// At 1 to 6 ticks a second. All must start, stop in good order with no message in
/// flight, and the verdict must hold.
fn run(machines: u32, duration: &str) -> Result<(), Failure> {
    let options = ["--machines", &machines.to_string(), "--seed", "7", "--duration", duration];
    Run::make(&options).map(drop)
}
