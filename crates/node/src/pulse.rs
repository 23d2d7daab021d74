//! When a connection has to say that it lives.
//!
//! No connection has a timer for that. The machine wakes for its slots and for what comes
//! in, and to wake costs more than all that it does then. So a heartbeat is said early if
//! otherwise it would be what the machine wakes for next.

use std::time::Duration;

use tokio::time::Instant;

/// When nothing else was said for so long, a heartbeat is.
pub(crate) const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

/// So much earlier at most.
const HEARTBEAT_EARLY_MAX: Duration = Duration::from_secs(1);

/// When something was said last on a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pulse {
    said_at: Instant,
}

impl Pulse {
    /// Of a connection that says something at `said_at`.
    pub(crate) fn at(said_at: Instant) -> Self {
        Self { said_at }
    }

    /// When a heartbeat is due.
    pub(crate) fn due(self) -> Instant {
        self.said_at + HEARTBEAT_EVERY
    }
}

/// Heartbeats that are due by then are said at `now`, by a machine that wakes next at
/// `wake_at`, or when something comes in.
pub(crate) fn horizon(now: Instant, wake_at: Option<Instant>) -> Instant {
    let latest = now + HEARTBEAT_EARLY_MAX;
    wake_at.map_or(latest, |at| at.min(latest))
}
