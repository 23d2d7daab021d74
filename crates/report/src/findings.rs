//! What a run shows, found by itself: each finding has a threshold, a figure and
//! the events that prove it.
//!
//! A finding is said only if its figure passes a constant that stands beside it;
//! a run that is even in every respect shows little. Findings judge nothing:
//! whether a run is right is `check`'s business, though what plainly is not comes
//! first here too.

mod causality;
mod clocks;
mod jumps;
mod mishaps;
mod mix;
mod queues;

use crate::analysis::Analysis;
use crate::finding::{EventRef, Finding};
use crate::incident::Incidents;
use crate::measures::Measures;
use crate::summary::MachineSummary;

/// Events of a machine, or of all, below which its figures show nothing.
const EVENTS_MIN: u64 = 20;

/// Events that a finding refers to at most.
const REFERENCES_MAX: usize = 10;

/// Findings of one kind at most; a last one tells of the others.
const OF_A_KIND_MAX: usize = 5;

/// What the run shows, the most telling first.
#[must_use]
pub fn findings(analysis: &Analysis) -> Vec<Finding> {
    let detectors: [fn(&Analysis) -> Vec<Finding>; 28] = [
        causality::clock_condition_broken,
        causality::receive_without_send,
        mishaps::damaged_log,
        mishaps::no_stop,
        mishaps::restart,
        mishaps::pause,
        mishaps::missed_slots,
        queues::drowning_inbox,
        clocks::clock_far_behind,
        queues::prediction_missed,
        queues::prediction_held,
        clocks::lockstep,
        queues::old_messages,
        jumps::largest_jump,
        jumps::jumps_by_rate,
        clocks::steady_drift,
        clocks::clock_set_by_others,
        clocks::clock_set_by_none,
        mix::no_messages,
        mix::always_reading,
        mix::quiet_link,
        mix::never_received,
        queues::burst_pacing,
        queues::unread_at_end,
        mishaps::in_flight_at_end,
        causality::concurrency,
        causality::longest_chain,
        causality::vector_cost,
    ];
    detectors.iter().flat_map(|detect| detect(analysis)).collect()
}

/// All that is known of one machine.
#[derive(Clone, Copy)]
struct Seen<'a> {
    machine: &'a MachineSummary,
    measures: &'a Measures,
    incidents: &'a Incidents,
}

impl Seen<'_> {
    fn event(&self, tick: u64) -> EventRef {
        EventRef { machine: self.machine.machine, tick }
    }

    /// The last event, if there was one.
    fn last_event(&self) -> Option<EventRef> {
        let last = self.machine.statistics.last_tick;
        (last > 0).then(|| self.event(last))
    }

    /// Its figures show something.
    fn ticked(&self) -> bool {
        self.machine.statistics.ticks >= EVENTS_MIN
    }
}

fn seen(analysis: &Analysis) -> impl Iterator<Item = Seen<'_>> {
    let details = analysis.measures.iter().zip(&analysis.incidents);
    analysis.summary.machines.iter().zip(details).map(|(machine, (measures, incidents))| Seen {
        machine,
        measures,
        incidents,
    })
}

/// The leader, with all that is known of it.
fn leader(analysis: &Analysis) -> Option<Seen<'_>> {
    seen(analysis).find(|seen| Some(seen.machine.machine) == analysis.summary.leader)
}

fn finding(
    kind: &'static str,
    chart: &'static str,
    sentence: String,
    events: impl IntoIterator<Item = EventRef>,
) -> Finding {
    Finding { kind, sentence, chart, events: events.into_iter().take(REFERENCES_MAX).collect() }
}

/// The first few; if there are more, the last says of how many others the same is
/// true: `and_more` words it.
fn capped(mut found: Vec<Finding>, and_more: impl Fn(usize) -> String) -> Vec<Finding> {
    if found.len() > OF_A_KIND_MAX {
        let others = found.split_off(OF_A_KIND_MAX - 1);
        let events = others.iter().flat_map(|finding| finding.events.iter().copied().take(1));
        found.push(finding(others[0].kind, others[0].chart, and_more(others.len()), events));
    }
    found
}
