//! How late this computer is with what is due, so that a node is not blamed for what
//! is the computer's doing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::{Duration, Instant};

/// As often as the nodes that it stands beside tick.
const EVERY: Duration = Duration::from_millis(50);

/// As late as a tick may be.
const LATE_MAX: Duration = Duration::from_millis(50);

/// A thread that wants to wake as often as a node, and does nothing else.
pub(crate) struct Metronome {
    late: Arc<AtomicU64>,
    is_over: Arc<AtomicBool>,
    beating: Option<JoinHandle<()>>,
}

impl Metronome {
    pub(crate) fn start() -> Self {
        let (late, is_over) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let beating = spawn({
            let (late, is_over) = (late.clone(), is_over.clone());
            move || beat(&late, &is_over)
        });
        Self { late, is_over, beating: Some(beating) }
    }

    /// How many beats came too late so far.
    pub(crate) fn late(&self) -> u64 {
        self.late.load(Ordering::Relaxed)
    }
}

fn beat(late: &AtomicU64, is_over: &AtomicBool) {
    let mut due = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        due += EVERY;
        sleep(due.saturating_duration_since(Instant::now()));
        if due.elapsed() > LATE_MAX {
            late.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Drop for Metronome {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        let _ = self.beating.take().map(JoinHandle::join);
    }
}
