//! A test's runtime, what is said on it, and waiting.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep, timeout};

/// How long anything may take before a test gives up: far more than a stall of
/// the computer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Runs a test on this thread alone, and gives it the diagnostics that are
/// written meanwhile.
pub(crate) fn live(test: impl AsyncFnOnce(Said)) {
    let said = Said::default();
    let sink = said.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .with_writer(move || sink.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    LocalSet::new().block_on(&runtime, test(said));
}

/// Waits for something that must come.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    timeout(PATIENCE, future).await.unwrap_or_else(|_| panic!("waited in vain: {what}"))
}

/// Waits until `holds`.
pub(crate) async fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// The diagnostics of a test.
#[derive(Clone, Default)]
pub(crate) struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    /// All of it so far.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }

    /// How often `what` was said.
    pub(crate) fn count(&self, what: &str) -> usize {
        self.text().matches(what).count()
    }

    /// Waits until `what` is said.
    pub(crate) async fn wait_for(&self, what: &str) {
        self.wait_for_count(what, 1).await;
    }

    /// Waits until `what` has been said `count` times.
    pub(crate) async fn wait_for_count(&self, what: &str, count: usize) {
        let begun = Instant::now();
        while self.count(what) < count {
            assert!(begun.elapsed() < PATIENCE, "never said: {what}\nbut:\n{}", self.text());
            sleep(Duration::from_millis(5)).await;
        }
    }
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
