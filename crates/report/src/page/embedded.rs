//! What the page's script is given beside the events: who the machines are.

use journal::{Record, Time};
use serde::Serialize;

use super::absence::Absence;
use super::columns;
use super::tint::tint;
use super::trace::{Cut, Trace};
use crate::number::figure;

/// Events beyond this many are not embedded: a browser would be slow with them.
/// The page says so.
const EVENTS_MAX: usize = 1_000_000;

/// The data of a page.
pub(super) struct Embedded {
    /// JSON that may stand within a script element.
    pub(super) json: String,
    /// The events, coded as `columns` says.
    pub(super) events: String,
    /// When the embedded events end, in seconds, if that is before the run does.
    pub(super) end: Option<String>,
}

#[derive(Serialize)]
struct Run<'a> {
    seconds: f64,
    machines: Vec<Machine>,
    absences: &'a [Absence],
    cuts: &'a [Cut],
}

#[derive(Serialize)]
struct Machine {
    machine: u32,
    tint: usize,
    events: usize,
}

impl Embedded {
    pub(super) fn of(trace: &Trace, absences: &[Absence]) -> Self {
        Self::with_at_most(trace, absences, EVENTS_MAX)
    }

    fn with_at_most(trace: &Trace, absences: &[Absence], events_max: usize) -> Self {
        let end = end(trace, events_max);
        let seconds = end.map_or(trace.seconds, |end| trace.at(end));
        let run = Run { seconds, machines: machines(trace, end), absences, cuts: &trace.cuts };
        let json = serde_json::to_string(&run).expect("a run has finite numbers and string keys");
        Self {
            // Nothing within a script element may look like its end.
            json: json.replace('<', "\\u003c"),
            events: columns::base64(trace, end),
            end: end.map(|end| figure(trace.at(end))),
        }
    }
}

fn machines(trace: &Trace, end: Option<Time>) -> Vec<Machine> {
    let lanes = trace.lanes.iter().enumerate();
    lanes
        .map(|(index, lane)| Machine {
            machine: lane.machine,
            tint: tint(index),
            events: lane
                .events()
                .take_while(|event| end.is_none_or(|end| event.time() <= end))
                .count(),
        })
        .collect()
}

/// The time of the last event that is embedded; none if all are.
fn end(trace: &Trace, events_max: usize) -> Option<Time> {
    if trace.events() <= events_max {
        return None;
    }
    let mut times: Vec<_> =
        trace.lanes.iter().flat_map(|lane| lane.events().map(Record::time)).collect();
    let (_, end, _) = times.select_nth_unstable(events_max.saturating_sub(1));
    Some(*end)
}

#[cfg(test)]
mod tests {
    use journal::Internal;

    use super::*;

    #[test]
    fn what_is_too_much_ends_at_a_time() {
        let internal = |tick| {
            let time = Time::from_micros(1_000_000 * tick as i64);
            Record::Internal(Internal { time, tick, draw: 7, queue: 0, clock: tick })
        };
        let lane = || (1..=10).map(internal).collect();
        let trace = Trace::of([(1, lane()), (2, lane())]);
        let embedded = Embedded::with_at_most(&trace, &[], 8);
        assert_eq!(embedded.end.as_deref(), Some("3.00"));
        assert!(embedded.json.contains(r#""events":4"#), "{}", embedded.json);
        assert_eq!(Embedded::with_at_most(&trace, &[], 20).end, None);
    }
}
