//! What a daemon at 6 ticks a second with two peers takes while it lives: memory and
//! processor time.

use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::item::{Goal, Item, Pair};
use crate::live::daemon::Daemon;
use crate::live::nodes::{Nodes, addresses};
use crate::measure::{memory_of, nanoseconds_of};
use crate::{Failure, Scale};

const MACHINES: usize = 3;

pub(crate) fn memory(scale: Scale) -> Result<Item, Failure> {
    memory_of_daemon(scale, "memory of a daemon at 6 Hz", &Daemon::of_command()?)
}

/// The same of the daemon that containers run; at a tiny size, for which nothing is
/// built, of the other one once more.
pub(crate) fn memory_in_image(scale: Scale) -> Result<Item, Failure> {
    let daemon = match scale {
        Scale::Full => Daemon::of_image()?,
        Scale::Tiny => Daemon::of_command()?,
    };
    memory_of_daemon(scale, "memory of the image's daemon at 6 Hz", &daemon)
}

fn memory_of_daemon(scale: Scale, name: &'static str, daemon: &Daemon) -> Result<Item, Failure> {
    let nodes = living(scale, daemon)?;
    sleep(scale.pick(Duration::from_secs(30), Duration::from_millis(100)));
    let pair = |node: &Child| {
        Ok(Pair { ours: memory_of(&node.id().to_string(), "VmRSS:")? as f64 / 1e6, floor: None })
    };
    Ok(Item {
        name,
        floor: "",
        unit: "MB",
        goal: Goal::AtMost(3.0),
        pairs: nodes.processes.iter().map(pair).collect::<Result<_, Failure>>()?,
    })
}

pub(crate) fn processor(scale: Scale) -> Result<Item, Failure> {
    let nodes = living(scale, &Daemon::of_command()?)?;
    let spent = || nodes.processes.iter().map(processor_time).collect::<Result<Vec<_>, _>>();
    let (begun, before) = (Instant::now(), spent()?);
    sleep(scale.pick(Duration::from_secs(30), Duration::from_millis(500)));
    let (lasted, after) = (begun.elapsed(), spent()?);
    let share = |before: f64, after: f64| 100.0 * (after - before) / lasted.as_nanos() as f64;
    let pair = |(before, after)| Pair { ours: share(before, after), floor: None };
    Ok(Item {
        name: "processor time of a daemon at 6 Hz",
        floor: "",
        unit: "%",
        goal: Goal::AtMost(0.1),
        pairs: before.into_iter().zip(after).map(pair).collect(),
    })
}

/// Three daemons that have begun to tick.
fn living(scale: Scale, daemon: &Daemon) -> Result<Nodes, Failure> {
    let nodes = Nodes::start_as(daemon, &addresses(MACHINES), MACHINES, "rate = 6")?;
    sleep(scale.pick(Duration::from_secs(3), Duration::from_millis(500)));
    Ok(nodes)
}

/// Processor time of all threads of a process, user and system, in nanoseconds.
fn processor_time(process: &Child) -> Result<f64, Failure> {
    let clock = clock_getcpuclockid(Pid::from_raw(process.id() as i32))?;
    Ok(nanoseconds_of(clock_gettime(clock)?))
}
