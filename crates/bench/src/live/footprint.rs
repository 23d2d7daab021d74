//! What a daemon at 6 ticks a second with two peers takes while it lives: memory and
//! processor time.

use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use nix::time::{clock_getcpuclockid, clock_gettime};
use nix::unistd::Pid;

use crate::floor::daemon::live;
use crate::item::{Goal, Item, Pair};
use crate::live::daemon::Daemon;
use crate::live::nodes::{Nodes, addresses};
use crate::measure::{memory_of, nanoseconds_of};
use crate::process::bench;
use crate::{Failure, Scale};

const MACHINES: usize = 3;

/// Ticks a second.
const RATE: f64 = 6.0;

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
    let ours = shares_of_processor(scale, living(scale, &Daemon::of_command()?)?)?;
    let floors = shares_of_processor(scale, living_floors(scale)?)?;
    let pair = |(ours, floor)| Pair { ours, floor: Some(floor) };
    Ok(Item {
        name: "processor time of a daemon at 6 Hz",
        floor: "three programs that tick, send, answer and log, by ppoll, right after",
        unit: "%",
        goal: Goal::AtMost(0.1),
        pairs: ours.into_iter().zip(floors).map(pair).collect(),
    })
}

/// What each takes of a processor, in percent.
fn shares_of_processor(scale: Scale, mut nodes: Nodes) -> Result<Vec<f64>, Failure> {
    let spent = || nodes.processes.iter().map(processor_time).collect::<Result<Vec<_>, _>>();
    let (begun, before) = (Instant::now(), spent()?);
    sleep(scale.pick(Duration::from_secs(30), Duration::from_millis(500)));
    let (lasted, after) = (begun.elapsed(), spent()?);
    nodes.check_that_all_live()?;
    let share = |(before, after): (f64, f64)| 100.0 * (after - before) / lasted.as_nanos() as f64;
    Ok(before.into_iter().zip(after).map(share).collect())
}

/// Three daemons that have begun to tick.
fn living(scale: Scale, daemon: &Daemon) -> Result<Nodes, Failure> {
    let rate = format!("rate = {RATE}");
    let nodes = Nodes::start_as(daemon, &addresses(MACHINES), MACHINES, &rate)?;
    sleep(scale.pick(Duration::from_secs(3), Duration::from_millis(500)));
    Ok(nodes)
}

/// As many floors of a daemon, which have begun to tick.
fn living_floors(scale: Scale) -> Result<Nodes, Failure> {
    let (program, addresses) = (bench()?, addresses(MACHINES));
    let nodes = Nodes::start_each(MACHINES, |folder, machine| {
        let log = folder.join(format!("machine-{machine}.jsonl"));
        let mut command = Command::new(&program);
        command.arg("--floor-daemon").arg(machine.to_string()).arg(log).args(&addresses).spawn()
    })?;
    sleep(scale.pick(Duration::from_secs(3), Duration::from_millis(500)));
    Ok(nodes)
}

/// Is the floor of a daemon, until it is killed. Why it ended before.
#[must_use]
pub fn floor_daemon(machine: usize, log: &Path, addresses: &[String]) -> Failure {
    match live(machine, RATE, log, addresses) {
        Ok(never) => match never {},
        Err(error) => error.into(),
    }
}

/// Processor time of all threads of a process, user and system, in nanoseconds.
fn processor_time(process: &Child) -> Result<f64, Failure> {
    let clock = clock_getcpuclockid(Pid::from_raw(process.id() as i32))?;
    Ok(nanoseconds_of(clock_gettime(clock)?))
}
