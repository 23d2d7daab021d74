//! What paces the machine: slots, or nothing at all.

use std::time::Duration;

use journal::Start;
use machine::{Next, Slots, nanos};

/// The pace of one incarnation. Times are since its start.
#[derive(Debug)]
pub(crate) enum Pace {
    /// Slots at a rate.
    Slots { slots: Slots, end: Option<Duration> },
    /// As fast as it goes, until the end.
    Unpaced { end: Option<Duration> },
}

impl Pace {
    /// The pace that `start` describes, until `end`.
    pub(crate) fn new(start: &Start, end: Option<Duration>) -> Self {
        match start.slots(end) {
            Some(slots) => Self::Slots { slots, end },
            None => Self::Unpaced { end },
        }
    }

    /// What to do at `now`.
    pub(crate) fn next(&mut self, now: Duration) -> Next {
        match self {
            Self::Slots { slots, .. } => slots.next(nanos(now)),
            Self::Unpaced { end } if end.is_some_and(|end| now >= end) => Next::End,
            Self::Unpaced { .. } => Next::Tick,
        }
    }

    /// Whether there is anything to do at `now`.
    pub(crate) fn is_due(&self, now: Duration) -> bool {
        match self {
            Self::Slots { slots, .. } => slots.next_due() <= nanos(now),
            Self::Unpaced { .. } => true,
        }
    }

    /// A tick was made.
    pub(crate) fn ticked(&mut self) {
        if let Self::Slots { slots, .. } = self {
            slots.ticked();
        }
    }

    /// Ticking ends at `now`.
    pub(crate) fn stop(&mut self, now: Duration) {
        if let Self::Slots { slots, .. } = self {
            slots.stop(nanos(now));
        }
    }

    /// When the run ends, if it does.
    pub(crate) fn end(&self) -> Option<Duration> {
        match self {
            Self::Slots { end, .. } | Self::Unpaced { end } => *end,
        }
    }

    /// Slots that were missed.
    pub(crate) fn missed(&self) -> u64 {
        match self {
            Self::Slots { slots, .. } => slots.missed(),
            Self::Unpaced { .. } => 0,
        }
    }
}
