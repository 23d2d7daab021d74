//! The time of records: the system clock read once, carried on by the monotonic
//! clock, so that it never falls within an incarnation. Nor does it from one to the
//! next: one begins no earlier than its log ends, even if the system clock has been set
//! back since. So no run is longer than it was meant to be.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use journal::Time;
use tokio::time::Instant;

/// The clock of one incarnation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WallClock {
    start: Instant,
    start_time: Time,
}

impl WallClock {
    /// A clock that starts now, at `log_end` if the system clock is behind that.
    pub(crate) fn start(log_end: Option<Time>) -> Self {
        let now = system_time();
        Self { start: Instant::now(), start_time: log_end.map_or(now, |end| end.max(now)) }
    }

    /// When it started.
    pub(crate) fn start_time(&self) -> Time {
        self.start_time
    }

    /// How long it has run.
    pub(crate) fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// How long it had run at `now`.
    pub(crate) fn elapsed_at(&self, now: Instant) -> Duration {
        now.duration_since(self.start)
    }

    /// The system time `elapsed` after its start.
    pub(crate) fn time_at(&self, elapsed: Duration) -> Time {
        self.start_time.after(elapsed)
    }

    /// The instant `elapsed` after its start; none if that is beyond the end of
    /// time.
    pub(crate) fn instant_at(&self, elapsed: Duration) -> Option<Instant> {
        self.start.checked_add(elapsed)
    }
}

/// The system clock, now.
pub(crate) fn system_time() -> Time {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_micros(0).after(since_epoch)
}
