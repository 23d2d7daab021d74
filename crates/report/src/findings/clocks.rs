//! What the clocks show: who is behind, who sets whom, how far they drift apart.

use super::{EVENTS_MIN, Seen, capped, finding, leader, seen};
use crate::analysis::Analysis;
use crate::finding::Finding;
use crate::number::{count, figure, given, percent, ticks};
use crate::sentences::queue_grew;

/// A clock is far behind by this share of the largest, and by this much.
const BEHIND_SHARE: f64 = 0.1;
const BEHIND_MIN: u64 = 10;

/// Clocks of machines with equal rates are in lockstep if they were never further
/// apart than this share of the largest, or than this much.
const LOCKSTEP_SHARE: f64 = 0.05;
const LOCKSTEP_MIN: i64 = 3;

/// A difference that grows by this much a second, over this many seconds, is a
/// drift.
const DRIFT_PER_SECOND_MIN: f64 = 0.2;
const DRIFT_SECONDS_MIN: f64 = 10.0;

/// A clock is set by others if it never showed this share of the values below it.
const SKIPPED_SHARE: f64 = 0.5;

/// It is set by none if it showed all but this share.
const SKIPPED_SHARE_OF_NONE: f64 = 0.01;

/// A clock ended far below the largest.
pub(super) fn clock_far_behind(analysis: &Analysis) -> Vec<Finding> {
    let clock_max = analysis.summary.clock_max;
    let far = |seen: &Seen<'_>| {
        let behind = seen.machine.behind;
        behind >= BEHIND_MIN && behind as f64 >= BEHIND_SHARE * clock_max as f64
    };
    let mut behind: Vec<_> = seen(analysis).filter(far).collect();
    behind.sort_by_key(|seen| std::cmp::Reverse(seen.machine.behind));
    let found = behind.iter().map(|seen| far_behind_one(analysis, seen)).collect();
    capped(found, |others| format!("The clocks of {others} more machines ended far behind."))
}

fn far_behind_one(analysis: &Analysis, seen: &Seen<'_>) -> Finding {
    let summary = &analysis.summary;
    let sentence = format!(
        "Machine {}'s clock ended at {}, {} ({}) behind the {} of machine {}{}.",
        seen.machine.machine,
        count(seen.machine.statistics.clock),
        count(seen.machine.behind),
        percent(seen.machine.behind as f64 / summary.clock_max as f64),
        count(summary.clock_max),
        summary.leader.unwrap_or(0),
        why_behind(seen),
    );
    let ends = [Some(*seen), leader(analysis)].into_iter().flatten();
    finding("clock_far_behind", "clocks", sentence, ends.filter_map(|seen| seen.last_event()))
}

fn why_behind(seen: &Seen<'_>) -> String {
    let statistics = &seen.machine.statistics;
    if queue_grew(statistics) && statistics.receives > 0 {
        let age = figure(seen.measures.latency_seconds.max);
        format!(": it read its queue from the front, where stamps were up to {age} s old")
    } else if statistics.stop_reason.is_none() {
        ": its log ends before the run does".to_owned()
    } else if statistics.receives == 0 {
        ": no message ever set it forward".to_owned()
    } else {
        String::new()
    }
}

/// Machines with one rate whose clocks stay together.
pub(super) fn lockstep(analysis: &Analysis) -> Vec<Finding> {
    let summary = &analysis.summary;
    let mut rates = summary.machines.iter().map(|machine| machine.rate?.per_second());
    let Some(rate) = rates.next().flatten() else { return Vec::new() };
    let extreme = analysis.drifts.iter().map(|drift| drift.extreme.abs()).max().unwrap_or(0);
    let allowed = LOCKSTEP_MIN.max((LOCKSTEP_SHARE * summary.clock_max as f64) as i64);
    let is_in_step = rates.all(|other| other == Some(rate))
        && summary.machines.len() > 1
        && seen(analysis).all(|seen| seen.machine.statistics.ticks >= EVENTS_MIN)
        && extreme <= allowed;
    if !is_in_step {
        return Vec::new();
    }
    let sentence = format!(
        "All machines tick {} a second, and their clocks went in lockstep: they were never more \
         than {extreme} apart and all ended near {}.",
        given(rate),
        count(summary.clock_max),
    );
    let ends = seen(analysis).filter_map(|seen| seen.last_event());
    vec![finding("lockstep", "drift", sentence, ends)]
}

/// The two clocks that drift apart fastest.
pub(super) fn steady_drift(analysis: &Analysis) -> Vec<Finding> {
    let fastest = analysis
        .drifts
        .iter()
        .filter_map(|drift| Some((drift, drift.slope_per_second?)))
        .filter(|(_, slope)| slope.abs() >= DRIFT_PER_SECOND_MIN)
        .max_by(|(_, one), (_, other)| one.abs().total_cmp(&other.abs()));
    let Some((drift, slope)) = fastest else { return Vec::new() };
    if analysis.summary.seconds < DRIFT_SECONDS_MIN {
        return Vec::new();
    }
    let (ahead, behind) =
        if slope > 0.0 { (drift.machine, drift.other) } else { (drift.other, drift.machine) };
    let sentence = format!(
        "The clocks drifted apart: machine {ahead}'s gained {} a second on machine {behind}'s.",
        figure(slope.abs()),
    );
    let ends = seen(analysis).filter(|seen| [ahead, behind].contains(&seen.machine.machine));
    vec![finding("steady_drift", "drift", sentence, ends.filter_map(|seen| seen.last_event()))]
}

/// A clock that jumped over most of its values.
pub(super) fn clock_set_by_others(analysis: &Analysis) -> Vec<Finding> {
    let pulled = seen(analysis).filter(Seen::ticked).filter(|seen| {
        let skipped = seen.measures.clock_values_skipped as f64;
        skipped >= SKIPPED_SHARE * seen.machine.statistics.clock as f64
    });
    let found = pulled.map(|seen| {
        let statistics = &seen.machine.statistics;
        let sentence = format!(
            "Machine {}'s clock is set by others: on its way to {} it went {} itself and jumped \
             over {} values, to catch up with the stamps that it read.",
            seen.machine.machine,
            count(statistics.clock),
            ticks(&count(statistics.ticks)),
            count(seen.measures.clock_values_skipped),
        );
        let jumps = seen.measures.jumps_largest.iter().map(|jump| seen.event(jump.tick));
        finding("clock_set_by_others", "clocks", sentence, jumps)
    });
    capped(found.collect(), |others| format!("So are those of {others} more machines."))
}

/// The largest clock, if no message ever told its machine anything new.
pub(super) fn clock_set_by_none(analysis: &Analysis) -> Vec<Finding> {
    let alone = leader(analysis).filter(Seen::ticked).filter(|seen| {
        let statistics = &seen.machine.statistics;
        let skipped = seen.measures.clock_values_skipped as f64;
        statistics.receives > 0 && skipped <= SKIPPED_SHARE_OF_NONE * statistics.clock as f64
    });
    let found = alone.map(|seen| {
        let statistics = &seen.machine.statistics;
        let sentence = format!(
            "Machine {} leads by itself: its clock of {} counts its own {}, for hardly one of the \
             {} messages that it read was ahead of it.",
            seen.machine.machine,
            count(statistics.clock),
            ticks(&count(statistics.ticks)),
            count(statistics.receives),
        );
        finding("clock_set_by_none", "clocks", sentence, seen.last_event())
    });
    found.into_iter().collect()
}
