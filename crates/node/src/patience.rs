//! How long a connection may still say nothing whole.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep_until};

/// Its end, which each frame puts off.
///
/// tokio puts a timer off at no cost, but wakes when it was to go off at first. So a new one
/// replaces it now and then, long before that.
pub(crate) struct Patience {
    end: Pin<Box<Sleep>>,
    renewed_at: Instant,
}

impl Patience {
    /// It ends `within` that time from now.
    pub(crate) fn new(within: Duration) -> Self {
        let now = Instant::now();
        Self { end: Box::pin(sleep_until(now + within)), renewed_at: now }
    }

    /// Puts its end off: it is `within` that time from now.
    pub(crate) fn put_off(&mut self, within: Duration) {
        let now = Instant::now();
        if now - self.renewed_at < within / 8 {
            self.end.as_mut().reset(now + within);
        } else {
            self.end.set(sleep_until(now + within));
            self.renewed_at = now;
        }
    }
}

impl Future for Patience {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        self.end.as_mut().poll(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::sleep;

    use super::*;
    use crate::connection::SILENCE_MAX;

    /// Whether a timer was put off or replaced.
    #[tokio::test(start_paused = true)]
    async fn it_ends_so_long_after_it_was_put_off_last() {
        for every in [SILENCE_MAX / 100, SILENCE_MAX / 9, SILENCE_MAX / 8, SILENCE_MAX / 2] {
            let mut patience = Patience::new(SILENCE_MAX);
            let mut last = Instant::now();
            for _ in 0..300 {
                tokio::select! {
                    () = &mut patience => panic!("it ends though put off every {every:?}"),
                    () = sleep(every) => {}
                }
                patience.put_off(SILENCE_MAX);
                last = Instant::now();
            }
            patience.await;
            assert_eq!(last.elapsed(), SILENCE_MAX, "put off every {every:?}");
        }
    }
}
