//! What did not go evenly: restarts, and pauses between events.

use journal::{Pacing, Record, Start, Time};
use serde::Serialize;

use crate::finding::EventRef;
use crate::merge::Step;

/// Incidents of each kind kept for a machine at most; all are counted.
const KEPT_MAX: usize = 10;

/// Periods between two events from which on it is a pause.
const PAUSE_PERIODS: f64 = 3.0;

/// Seconds below which it is none, whatever the rate.
const PAUSE_SECONDS_MIN: f64 = 0.5;

/// The same under burst pacing, where a second may pass between two events.
const PAUSE_SECONDS_MIN_BURST: f64 = 2.5;

/// What did not go evenly on one machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Incidents {
    /// Its restarts, the first ten.
    pub restarts: Vec<Restart>,
    /// The longest of its pauses, by length.
    pub pauses: Vec<Pause>,
    /// How many pauses there were.
    pub pause_count: u64,
}

/// A machine was started again.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Restart {
    /// Its last event before, if there was one.
    pub before: Option<EventRef>,
    /// Its first event after, if there was one.
    pub after: Option<EventRef>,
    /// From the last record before to the start, in seconds.
    pub seconds_down: f64,
    /// Whether it had stopped in good order.
    pub was_stopped: bool,
    /// The messages in its inbox at the last event before: they came again.
    pub queue: u64,
}

/// A long time passed from one event to the next.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pause {
    /// The one.
    pub before: EventRef,
    /// The next.
    pub after: EventRef,
    /// How long, in seconds.
    pub seconds: f64,
}

/// Looks for incidents while records come.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    incidents: Incidents,
    /// Seconds between events from which on it is a pause; none while there is no
    /// pace.
    pause_min: Option<f64>,
    last: Option<(EventRef, Time)>,
    end: Option<Time>,
    queue: u64,
    is_stopped: bool,
    is_restarted: bool,
}

impl Watch {
    pub(crate) fn push(&mut self, step: &Step) {
        match &step.record {
            Record::Start(start) => self.push_start(start),
            Record::Stop(_) => self.is_stopped = true,
            record => {
                let tick = record.tick().unwrap_or(0);
                self.push_event(EventRef { machine: step.machine, tick }, record.time());
                self.queue = record.queue().unwrap_or(0);
            }
        }
        self.end = Some(step.record.time());
    }

    fn push_start(&mut self, start: &Start) {
        let seconds_min = match start.pacing {
            Pacing::Even => PAUSE_SECONDS_MIN,
            Pacing::Burst => PAUSE_SECONDS_MIN_BURST,
        };
        let rate = start.rate.per_second();
        self.pause_min = rate.map(|rate| seconds_min.max(PAUSE_PERIODS / rate));
        let Some(end) = self.end else { return };
        self.is_restarted = true;
        if self.incidents.restarts.len() < KEPT_MAX {
            self.incidents.restarts.push(Restart {
                before: self.last.map(|(event, _)| event),
                after: None,
                seconds_down: start.time.seconds_since(end).max(0.0),
                was_stopped: std::mem::take(&mut self.is_stopped),
                queue: self.queue,
            });
        }
    }

    fn push_event(&mut self, event: EventRef, time: Time) {
        if std::mem::take(&mut self.is_restarted) {
            if let Some(restart) = self.incidents.restarts.last_mut() {
                restart.after.get_or_insert(event);
            }
        } else if let Some((before, then)) = self.last {
            let seconds = time.seconds_since(then);
            if self.pause_min.is_some_and(|min| seconds >= min) {
                self.pause(Pause { before, after: event, seconds });
            }
        }
        self.last = Some((event, time));
    }

    fn pause(&mut self, pause: Pause) {
        let pauses = &mut self.incidents.pauses;
        self.incidents.pause_count += 1;
        let place = pauses.partition_point(|other| other.seconds >= pause.seconds);
        pauses.insert(place, pause);
        pauses.truncate(KEPT_MAX);
    }

    pub(crate) fn finish(self) -> Incidents {
        self.incidents
    }
}
