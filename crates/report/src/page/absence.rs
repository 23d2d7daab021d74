//! When machines were not there: down between two incarnations, gone before the
//! end, or stalled, so that slots were missed.

use journal::{Pacing, Record, Time};
use serde::Serialize;

use super::trace::{Lane, Trace};
use crate::number::{counted, figure};

/// A slot is run if it is reached at most this late, in seconds, or half a period
/// if that is more.
const LATE_MAX: f64 = 0.05;

/// What ends sooner before the run's end than this, in seconds and in periods, is
/// not gone.
const GONE_MIN: f64 = 1.0;
const GONE_PERIODS_MIN: f64 = 2.0;

/// Absences nearer to each other than this share of the run are drawn as one.
const SHARE_MIN: f64 = 0.002;

/// Why a machine was absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Why {
    /// It was killed or stopped, and started again.
    Down,
    /// Its log ends.
    Gone,
    /// It was there, but reached slots too late.
    Stalled,
}

/// A time in which a machine did not tick although it should have.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Absence {
    pub(super) machine: u32,
    pub(super) why: Why,
    /// In seconds after the run's begin.
    pub(super) from: f64,
    pub(super) to: f64,
    /// Slots that passed, by the rate; those of all stalls drawn as one.
    #[serde(skip)]
    pub(super) slots: u64,
}

impl Absence {
    /// `Machine 1 was down from 15 s to 18.8 s.`
    pub(super) fn sentence(&self) -> String {
        let Self { machine, why, from, to, slots } = self;
        let (from, to) = (figure(*from), figure(*to));
        match why {
            Why::Down => format!("Machine {machine} was down from {from} s to {to} s."),
            Why::Gone => format!("Machine {machine}'s log ends at {from} s."),
            Why::Stalled => format!(
                "Machine {machine} ticked late or not at all from {from} s to {to} s: about {} passed.",
                counted(*slots, "slot")
            ),
        }
    }
}

/// The absences of all machines, by machine and time.
pub(super) fn absences(trace: &Trace) -> Vec<Absence> {
    trace.lanes.iter().flat_map(|lane| of_lane(trace, lane)).collect()
}

fn of_lane(trace: &Trace, lane: &Lane) -> Vec<Absence> {
    let mut found: Vec<Absence> = Vec::new();
    let pairs = lane.records.windows(2).filter_map(|pair| between(trace, lane, &pair[0], &pair[1]));
    for absence in pairs.chain(gone(trace, lane)) {
        match found.last_mut() {
            Some(last) if joins(trace, last, &absence) => {
                last.to = absence.to;
                last.slots += absence.slots;
            }
            _ => found.push(absence),
        }
    }
    found
}

fn joins(trace: &Trace, last: &Absence, next: &Absence) -> bool {
    last.why == next.why && next.from - last.to < SHARE_MIN * trace.seconds
}

fn between(trace: &Trace, lane: &Lane, before: &Record, after: &Record) -> Option<Absence> {
    let why = match after {
        Record::Start(_) => Why::Down,
        _ if is_stall(lane, before.time(), after.time()) => Why::Stalled,
        _ => return None,
    };
    Some(absence(trace, lane, why, before.time(), trace.at(after.time())))
}

fn is_stall(lane: &Lane, before: Time, after: Time) -> bool {
    let even = lane.setup().is_some_and(|setup| setup.pacing == Pacing::Even);
    lane.rate().is_some_and(|rate| {
        even && after.seconds_since(before) > 1.0 / rate + LATE_MAX.max(0.5 / rate)
    })
}

fn gone(trace: &Trace, lane: &Lane) -> Option<Absence> {
    let last = lane.records.last()?.time();
    let period = lane.rate().map_or(0.0, |rate| 1.0 / rate);
    let left = trace.seconds - trace.at(last);
    (left > GONE_MIN.max(GONE_PERIODS_MIN * period))
        .then(|| absence(trace, lane, Why::Gone, last, trace.seconds))
}

fn absence(trace: &Trace, lane: &Lane, why: Why, from: Time, to: f64) -> Absence {
    let from = trace.at(from);
    let slots = lane.rate().map_or(0.0, |rate| ((to - from) * rate).round() - 1.0);
    Absence { machine: lane.machine, why, from, to, slots: slots.max(0.0) as u64 }
}
