//! Waking at an instant.
//!
//! tokio counts time in whole milliseconds and rounds up, which makes every tick late
//! by one more than the computer does. A timer of the kernel's own does not, where it
//! can be waited for like a connection. In time that is paused only tokio's will do.

use std::future::pending;

use tokio::time::{Instant, sleep_until};

/// What wakes the owner.
#[derive(Debug)]
pub(crate) enum Alarm {
    /// tokio's timer.
    Coarse,
    /// The kernel's.
    #[cfg(target_os = "linux")]
    Fine(timer::Timer),
}

impl Alarm {
    /// The finest that there is.
    #[cfg(target_os = "linux")]
    pub(crate) fn finest() -> Self {
        timer::Timer::new().map_or(Self::Coarse, Self::Fine)
    }

    /// The finest that there is.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn finest() -> Self {
        Self::Coarse
    }

    /// Waits until the given instant, or for ever. Cancelling it loses nothing.
    pub(crate) async fn until(&mut self, at: Option<Instant>) {
        match (at, self) {
            (None, _) => pending().await,
            (Some(at), Self::Coarse) => sleep_until(at).await,
            #[cfg(target_os = "linux")]
            (Some(at), Self::Fine(timer)) => {
                if timer.until(at).await.is_err() {
                    sleep_until(at).await;
                }
            }
        }
    }
}

/// A timer that is a file: timerfd_create(2).
#[cfg(target_os = "linux")]
mod timer {
    use std::future::poll_fn;
    use std::io;
    use std::os::fd::{AsFd as _, AsRawFd, RawFd};

    use nix::sys::timerfd::{ClockId, Expiration, TimerFd, TimerFlags, TimerSetTimeFlags};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;
    use tokio::time::Instant;

    #[derive(Debug)]
    pub(crate) struct Timer {
        file: AsyncFd<File>,
        /// What it goes off at, if it is not known to have: a wait that was given up goes on.
        set_to: Option<Instant>,
    }

    #[derive(Debug)]
    struct File(TimerFd);

    impl AsRawFd for File {
        fn as_raw_fd(&self) -> RawFd {
            self.0.as_fd().as_raw_fd()
        }
    }

    impl Timer {
        #[allow(deprecated, reason = "what replaces with_interest is unsafe; this file is its own")]
        pub(super) fn new() -> io::Result<Self> {
            let flags = TimerFlags::TFD_NONBLOCK | TimerFlags::TFD_CLOEXEC;
            let file = File(TimerFd::new(ClockId::CLOCK_MONOTONIC, flags)?);
            let file = AsyncFd::with_interest(file, Interest::READABLE)?;
            Ok(Self { file, set_to: None })
        }

        pub(super) async fn until(&mut self, at: Instant) -> io::Result<()> {
            loop {
                // What moves on whenever something is said is looked at when it was due first.
                if self.set_to.is_none_or(|set_to| at < set_to) {
                    let left = at.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Ok(());
                    }
                    let once = Expiration::OneShot(left.into());
                    self.file.get_ref().0.set(once, TimerSetTimeFlags::empty())?;
                    self.set_to = Some(at);
                }
                // Nobody need read it: it is told of each expiry anew. This one may be of
                // what it was set to before. readable() would keep a list of who waits: one does.
                poll_fn(|context| self.file.poll_read_ready(context)).await?.clear_ready();
                self.set_to = None;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    fn milliseconds(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[tokio::test]
    async fn it_never_wakes_early_whatever_it_was_set_to_before() {
        let mut alarm = Alarm::finest();
        for round in 0..20 {
            let at = Instant::now() + milliseconds(5);
            // Each is given up: before it goes off, when it does, and after that.
            let given_up = timeout(milliseconds(round % 8), alarm.until(Some(at))).await;
            assert!(given_up.is_err() || Instant::now() >= at);
            let at = Instant::now() + milliseconds(3);
            alarm.until(Some(at)).await;
            assert!(Instant::now() >= at);
        }
    }

    #[tokio::test]
    async fn a_wait_that_was_given_up_can_be_taken_up_again() {
        let mut alarm = Alarm::finest();
        let at = Instant::now() + milliseconds(20);
        for _ in 0..3 {
            assert!(timeout(milliseconds(1), alarm.until(Some(at))).await.is_err());
        }
        alarm.until(Some(at)).await;
        assert!(Instant::now() >= at);
        // What has passed is not waited for, and nothing is for ever.
        alarm.until(Some(at)).await;
        assert!(timeout(milliseconds(1), alarm.until(None)).await.is_err());
    }

    /// The computer may be late with any of them, but not with each.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn it_is_finer_than_a_millisecond() {
        let mut alarm = Alarm::finest();
        let mut least = Duration::MAX;
        for _ in 0..50 {
            let at = Instant::now() + Duration::from_micros(2100);
            alarm.until(Some(at)).await;
            least = least.min(at.elapsed());
        }
        assert!(least < Duration::from_micros(500), "{least:?}");
    }
}
