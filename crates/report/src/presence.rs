//! Who was there from beginning to end and ticked at its rate.

use journal::Rate;

use crate::fluid::Flow;
use crate::statistics::Statistics;
use crate::summary::{MachineSummary, Summary};

/// The share of the run by which machines may start later or end earlier and
/// still count as there all the time.
const ABSENT_SHARE: f64 = 0.05;

/// Ticks that may be missing, as a share, where a machine is said to have ticked
/// at its rate.
const TICKS_MISSING_SHARE: f64 = 0.02;

/// The rate of the machine, if it ticked at it all the time that it was there.
pub(crate) fn kept_rate(machine: &MachineSummary) -> Option<f64> {
    let rate = machine.rate?.per_second()?;
    let expected = rate * machine.statistics.seconds();
    let missing = (machine.statistics.ticks as f64 - expected).abs();
    (missing <= 1.0 + TICKS_MISSING_SHARE * expected).then_some(rate)
}

/// What the fluid limit says of `machine`, if the run is one that it speaks of:
/// all machines there from beginning to end, at their rates.
pub(crate) fn flow(summary: &Summary, machine: u32) -> Option<&Flow> {
    let undisturbed = summary.machines.iter().all(|each| {
        each.statistics.restarts() == 0
            && there_at_start(summary, &each.statistics)
            && there_at_end(summary, &each.statistics)
            && kept_rate(each).is_some()
    });
    let flows = &summary.prediction.as_ref()?.machines;
    flows.iter().find(|flow| undisturbed && flow.machine == machine)
}

fn there_at_start(summary: &Summary, statistics: &Statistics) -> bool {
    let late = summary.start.zip(statistics.start);
    late.is_some_and(|(first, own)| own.seconds_since(first) <= ABSENT_SHARE * summary.seconds)
}

/// The machine's last record is near the end of the run, or as near as its rate
/// allows.
pub(crate) fn there_at_end(summary: &Summary, statistics: &Statistics) -> bool {
    let period = statistics.rate.and_then(Rate::per_second).map_or(0.0, |rate| 1.0 / rate);
    seconds_before_end(summary, statistics)
        .is_some_and(|early| early <= period + ABSENT_SHARE * summary.seconds)
}

/// By how much the machine's last record is earlier than the last of all.
pub(crate) fn seconds_before_end(summary: &Summary, statistics: &Statistics) -> Option<f64> {
    Some(summary.end?.seconds_since(statistics.end?))
}
