//! What went wrong in a run, and what it cost.

use super::{Seen, capped, finding, seen};
use crate::analysis::Analysis;
use crate::finding::Finding;
use crate::incident::Restart;
use crate::number::{count, counted, figure};
use crate::presence::{seconds_before_end, there_at_end};

/// Restarts of a machine from which on they are worth a word.
const RESTARTS_MIN: u64 = 1;

/// Missed slots from which on they are, too.
const MISSED_MIN: u64 = 1;

/// Messages in flight from which on they are.
const IN_FLIGHT_MIN: u64 = 1;

/// A log that cannot be read to its end.
pub(super) fn damaged_log(analysis: &Analysis) -> Vec<Finding> {
    let damage = analysis.summary.damage.iter();
    let found = damage.map(|error| {
        let sentence = format!("{error}. All figures count up to there.");
        finding("damaged_log", "clocks", sentence, None)
    });
    found.collect()
}

/// A log that ends without a stop before the others do.
pub(super) fn no_stop(analysis: &Analysis) -> Vec<Finding> {
    let summary = &analysis.summary;
    let gone = |seen: &Seen<'_>| {
        let statistics = &seen.machine.statistics;
        statistics.incarnations > 0
            && statistics.stop_reason.is_none()
            && !there_at_end(summary, statistics)
    };
    let found = seen(analysis).filter(gone).filter_map(|seen| {
        let sentence = format!(
            "Machine {} left no stop in its log, which ends {} s before the run: it was killed \
             and did not come back, and its clock stayed at {}.",
            seen.machine.machine,
            figure(seconds_before_end(summary, &seen.machine.statistics)?),
            count(seen.machine.statistics.clock),
        );
        Some(finding("no_stop", "clocks", sentence, seen.last_event()))
    });
    capped(found.collect(), |others| format!("{others} more machines did not come back."))
}

/// A machine that came back from its log.
pub(super) fn restart(analysis: &Analysis) -> Vec<Finding> {
    let often = |seen: &Seen<'_>| seen.machine.statistics.restarts() >= RESTARTS_MIN;
    let found = seen(analysis).filter(often).flat_map(|seen| {
        seen.incidents.restarts.iter().map(move |restart| restart_one(&seen, restart))
    });
    let all: u64 = seen(analysis).map(|seen| seen.machine.statistics.restarts()).sum();
    capped(found.collect(), |_| format!("There were {} restarts in all.", count(all)))
}

fn restart_one(seen: &Seen<'_>, restart: &Restart) -> Finding {
    let how = if restart.was_stopped { "stopped" } else { "killed" };
    let sentence = format!(
        "Machine {} was {how} after tick {} and down for {} s. That cost it{}; it went on from its \
         log{}.",
        seen.machine.machine,
        restart.before.map_or(0, |event| event.tick),
        figure(restart.seconds_down),
        lost_ticks(seen, restart),
        match restart.queue {
            0 => String::new(),
            queue => format!(", and its {} came again", counted(queue, "queued message")),
        },
    );
    finding("restart", "clocks", sentence, restart.before.into_iter().chain(restart.after))
}

fn lost_ticks(seen: &Seen<'_>, restart: &Restart) -> String {
    match seen.machine.rate.and_then(journal::Rate::per_second) {
        Some(rate) => {
            let ticks = (rate * restart.seconds_down).round() as u64;
            format!(" about {}", counted(ticks, "tick"))
        }
        None => " that time".to_owned(),
    }
}

/// A machine that stood still between two events.
pub(super) fn pause(analysis: &Analysis) -> Vec<Finding> {
    let paused = seen(analysis).filter_map(|seen| Some((seen, *seen.incidents.pauses.first()?)));
    let found = paused.map(|(seen, longest)| {
        let others = match seen.incidents.pause_count {
            0 | 1 => String::new(),
            more => format!(" It stood still {} times.", count(more)),
        };
        let sentence = format!(
            "Machine {} stood still for {} s between its ticks {} and {}.{others}",
            seen.machine.machine,
            figure(longest.seconds),
            count(longest.before.tick),
            count(longest.after.tick),
        );
        finding("pause", "clocks", sentence, [longest.before, longest.after])
    });
    capped(found.collect(), |others| format!("{others} more machines stood still for a time."))
}

/// Slots that were reached too late to tick.
pub(super) fn missed_slots(analysis: &Analysis) -> Vec<Finding> {
    let late = seen(analysis).filter(|seen| seen.machine.statistics.missed >= MISSED_MIN);
    let found = late.map(|seen| {
        let statistics = &seen.machine.statistics;
        let slots = statistics.missed.saturating_add(statistics.ticks);
        let sentence = format!(
            "Machine {} missed {} of {}, reached too late to tick: no burst makes up for a stall, \
             so its clock lost as much.",
            seen.machine.machine,
            counted(statistics.missed, "slot"),
            count(slots),
        );
        let stalls = seen.incidents.pauses.iter().flat_map(|pause| [pause.before, pause.after]);
        finding("missed_slots", "clocks", sentence, stalls)
    });
    capped(found.collect(), |others| format!("{others} more machines missed slots."))
}

/// Messages that were not known to have arrived.
pub(super) fn in_flight_at_end(analysis: &Analysis) -> Vec<Finding> {
    let left = |seen: &Seen<'_>| seen.machine.statistics.in_flight.unwrap_or(0) >= IN_FLIGHT_MIN;
    let found = seen(analysis).filter(left).map(|seen| {
        let sentence = format!(
            "Machine {} stopped with {} in flight: nobody confirmed that they arrived.",
            seen.machine.machine,
            counted(seen.machine.statistics.in_flight.unwrap_or(0), "message"),
        );
        finding("in_flight_at_end", "diagram", sentence, seen.last_event())
    });
    capped(found.collect(), |others| format!("{others} more machines stopped so."))
}
