//! The floor of pacing: a thread that sleeps to each deadline, and does nothing else.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

/// A deadline that was slept to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Waking {
    pub(crate) at: SystemTime,
    /// In microseconds.
    pub(crate) lateness: f64,
}

/// Sleeps to one deadline after the other, `period` apart, until it is over.
pub(crate) fn sleep_on(period: Duration, is_over: &AtomicBool) -> Vec<Waking> {
    let mut wakings = Vec::new();
    let mut due = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        due += period;
        sleep(due.saturating_duration_since(Instant::now()));
        let lateness = due.elapsed().as_secs_f64() * 1e6;
        wakings.push(Waking { at: SystemTime::now(), lateness });
    }
    wakings
}
