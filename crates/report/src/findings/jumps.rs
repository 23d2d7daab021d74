//! What the jumps show: the largest and why, and who jumps more.

use super::{Seen, finding, seen};
use crate::analysis::Analysis;
use crate::extremes::LargeJump;
use crate::finding::{EventRef, Finding};
use crate::number::{count, figure};

/// The smallest jump that is worth a word.
const JUMP_MIN: u64 = 5;

/// Seconds from which on it is said how long the message of a jump had waited.
const WAITED_MIN: f64 = 0.5;

/// One machine jumps more than another if its mean jump is this many times as
/// large.
const JUMPS_TIMES: f64 = 1.5;

/// The largest jump of all, and where it came from.
pub(super) fn largest_jump(analysis: &Analysis) -> Vec<Finding> {
    let largest = seen(analysis)
        .filter_map(|seen| Some((seen, seen.measures.jumps_largest.first()?)))
        .max_by_key(|(seen, jump)| (jump.size, u32::MAX - seen.machine.machine));
    let Some((seen, jump)) = largest.filter(|(_, jump)| jump.size >= JUMP_MIN) else {
        return Vec::new();
    };
    let sentence = format!(
        "The largest jump, +{}, is machine {}'s at tick {}: its clock stood at {} when it read \
         stamp {} from machine {}{}.",
        count(jump.size),
        seen.machine.machine,
        count(jump.tick),
        count(jump.clock_before),
        count(jump.stamp),
        jump.from,
        why(analysis, &seen, jump),
    );
    let send = jump.sent_tick.map(|tick| EventRef { machine: jump.from, tick });
    let events = send.into_iter().chain([seen.event(jump.tick)]);
    vec![finding("largest_jump", "jumps", sentence, events)]
}

fn why(analysis: &Analysis, seen: &Seen<'_>, jump: &LargeJump) -> String {
    let rate = |machine: u32| {
        let all = &analysis.summary.machines;
        all.iter().find(|it| it.machine == machine)?.rate?.per_second()
    };
    let waited = jump.waited_seconds.filter(|&seconds| seconds >= WAITED_MIN);
    let waited = waited.map_or(String::new(), |it| format!(", sent {} s before", figure(it)));
    let faster = rate(jump.from).zip(rate(seen.machine.machine)).map(|(from, own)| from / own);
    match faster {
        Some(times) if times > 1.0 => {
            format!("{waited}, which ticks {} times as fast", figure(times))
        }
        _ => waited,
    }
}

/// Machines whose clocks jump more than those of others.
pub(super) fn jumps_by_rate(analysis: &Analysis) -> Vec<Finding> {
    let mean = |seen: &Seen<'_>| seen.measures.jumps.mean;
    let by_mean = |one: &Seen<'_>, other: &Seen<'_>| mean(one).total_cmp(&mean(other));
    let ticked = || seen(analysis).filter(Seen::ticked);
    let (Some(least), Some(most)) = (ticked().min_by(by_mean), ticked().max_by(by_mean)) else {
        return Vec::new();
    };
    if mean(&most) < JUMPS_TIMES * mean(&least) || mean(&least) <= 0.0 {
        return Vec::new();
    }
    let sentence = format!(
        "Machine {}'s clock rose by {} an event on average (95 in 100 by at most {}), machine \
         {}'s by {}: who ticks rarely has much to catch up.",
        most.machine.machine,
        figure(mean(&most)),
        figure(most.measures.jumps.p95),
        least.machine.machine,
        figure(mean(&least)),
    );
    let jumps = most.measures.jumps_largest.iter().map(|jump| most.event(jump.tick));
    vec![finding("jumps_by_rate", "jumps", sentence, jumps)]
}
