//! Virtual time.

use std::fmt;
use std::time::Duration;

use journal::Time;
use machine::{Nanos, nanos};

/// Where virtual time begins: 2000-01-01T00:00:00Z, in microseconds since 1970.
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// A moment of virtual time: nanoseconds since the epoch of the run. It ends
/// after 584 years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

impl Moment {
    /// The epoch.
    pub const EPOCH: Self = Self(0);

    /// Later than anything that happens.
    pub(crate) const NEVER: Self = Self(u64::MAX);

    /// The moment so long after the epoch.
    #[must_use]
    pub fn at(since_epoch: Duration) -> Self {
        Self::EPOCH.after(since_epoch)
    }

    /// The moment `by` later; the last one if there is none.
    #[must_use]
    pub fn after(self, by: Duration) -> Self {
        self.after_nanos(nanos(by))
    }

    /// The moment so many nanoseconds later; the last one if there is none.
    pub(crate) fn after_nanos(self, nanos: Nanos) -> Self {
        Self(self.0.saturating_add(nanos))
    }

    /// How long after `earlier` this is; zero if it is not.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_nanos(self.nanos_since(earlier))
    }

    /// The same, in nanoseconds.
    pub(crate) fn nanos_since(self, earlier: Self) -> Nanos {
        self.0.saturating_sub(earlier.0)
    }

    /// Nanoseconds since the epoch.
    pub(crate) fn nanos(self) -> Nanos {
        self.0
    }

    /// The moment as logs write it.
    #[must_use]
    pub fn time(self) -> Time {
        Time::from_micros(EPOCH_MICROS + (self.0 / 1000) as i64)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0 as f64 / 1e9)
    }
}
