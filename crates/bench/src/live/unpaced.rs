//! Three live nodes without pace, with their logs, and the verdict on them.

use crate::item::{Goal, Item, Pair};
use crate::live::run::{Log, Run};
use crate::{Failure, Scale};

pub(crate) fn unpaced(scale: Scale) -> Result<Item, Failure> {
    let pair = |_| Ok(Pair { ours: events_per_second(scale)? / 1e6, floor: None });
    Ok(Item {
        name: "three live nodes at rate max",
        floor: "",
        unit: "million events/s",
        goal: Goal::AtLeast(2.0),
        pairs: (0..scale.pick(3, 1)).map(pair).collect::<Result<_, Failure>>()?,
    })
}

/// From when the first began to tick until the last stopped.
fn events_per_second(scale: Scale) -> Result<f64, Failure> {
    let duration = scale.pick("3s", "300ms");
    let logs = Run::make(&["--rates", "max", "--duration", duration])?.logs()?;
    let events: u64 = logs.iter().map(|log| log.stop.ticks).sum();
    let began = logs.iter().map(|log| log.start.time).min().ok_or("no logs")?;
    let stopped = logs.iter().map(|log: &Log| log.stop.time).max().ok_or("no logs")?;
    Ok(events as f64 / stopped.seconds_since(began))
}
