//! What work costs: processor time, which a neighbour on the same computer
//! disturbs less than the time on the wall.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::{TimeSpec, TimeValLike as _};
use nix::time::{ClockId, clock_gettime};

use crate::item::Pair;
use crate::{Failure, Mismatch, Scale};

/// What was done, and in how many events.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Done<T> {
    pub(crate) events: u64,
    pub(crate) outcome: T,
}

/// Runs item and floor alternately, each first once without being counted, and
/// gives nanoseconds of processor time an event. They must come to the same.
pub(crate) fn pairs<T: PartialEq + std::fmt::Debug>(
    scale: Scale,
    mut ours: impl FnMut() -> Result<Done<T>, Failure>,
    mut floor: impl FnMut() -> Result<Done<T>, Failure>,
) -> Result<Vec<Pair>, Failure> {
    let (one, other) = (ours()?, floor()?);
    if one != other {
        return Err(Mismatch(format!("ours gives {one:?}, the floor {other:?}")).into());
    }
    drop((one, other));
    (0..scale.repetitions())
        .map(|_| Ok(Pair { ours: nanoseconds(&mut ours)?, floor: Some(nanoseconds(&mut floor)?) }))
        .collect()
}

/// Nanoseconds of processor time of this process that an event of `work` takes.
pub(crate) fn nanoseconds<T>(
    work: &mut impl FnMut() -> Result<Done<T>, Failure>,
) -> Result<f64, Failure> {
    let before = processor_time()?;
    let done = work()?;
    let after = processor_time()?;
    Ok((after - before) / done.events.max(1) as f64)
}

/// Processor time of all threads of this process, user and system, in nanoseconds.
pub(crate) fn processor_time() -> Result<f64, Failure> {
    Ok(nanoseconds_of(clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID)?))
}

/// A time of a clock, in nanoseconds.
pub(crate) fn nanoseconds_of(time: TimeSpec) -> f64 {
    time.tv_sec() as f64 * 1e9 + time.tv_nsec() as f64
}

/// The same of the processes that this one has started and waited for.
pub(crate) fn processor_time_of_children() -> Result<f64, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    Ok((usage.user_time() + usage.system_time()).num_nanoseconds() as f64)
}

/// The bytes that a process has in memory, or had at most: the line `key` of its
/// status, as /proc shows it.
pub(crate) fn memory_of(process: &str, key: &str) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix(key));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes = kilobytes.ok_or_else(|| format!("no {key} in the status of {process}"))?;
    Ok(kilobytes.trim().parse::<u64>()? * 1024)
}
