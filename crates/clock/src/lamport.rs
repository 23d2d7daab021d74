//! The Lamport clock: implementation rules IR1 and IR2.
//!
//! Lamport asks for a function C that gives every event a number such that
//!
//! > *Clock condition.* For any events a, b: if a happened before b, then
//! > C(a) < C(b).
//!
//! and shows (section "Logical Clocks") that two rules are enough:
//!
//! - **IR1.** Each process increments its clock between any two successive
//!   events.
//! - **IR2.** (a) If event a is the sending of a message by a process, then the
//!   message carries the timestamp C(a). (b) Upon receiving it, the process sets
//!   its clock greater than or equal to its present value and greater than the
//!   timestamp.
//!
//! Here, as in most implementations, both parts of a receive are one step:
//! `max(clock, stamp) + 1`.

use core::fmt;

/// A Lamport clock: the number of the last event of one process, 0 before the
/// first.
///
/// It never falls and never wraps: a step that would pass [`u64::MAX`] is refused
/// with [`Overflow`] and leaves the clock as it was.
///
/// ```
/// use clock::LamportClock;
///
/// let (mut alice, mut bob) = (LamportClock::new(), LamportClock::new());
/// let stamp = alice.event()?; // Alice sends, bob receives:
/// assert!(bob.receive(stamp)? > stamp);
/// # Ok::<(), clock::Overflow>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LamportClock {
    time: u64,
}

impl LamportClock {
    /// A clock before its first event: it reads 0.
    #[must_use]
    pub const fn new() -> Self {
        Self { time: 0 }
    }

    /// A clock that goes on from `time`, where another one stood.
    #[must_use]
    pub const fn at(time: u64) -> Self {
        Self { time }
    }

    /// The logical time of the last event, 0 before the first.
    #[must_use]
    pub const fn time(self) -> u64 {
        self.time
    }

    /// IR1: takes the clock to the next event of its own process, a send
    /// included, and returns the new time. A message sent by that event carries
    /// the returned time as its stamp (IR2a).
    ///
    /// # Errors
    /// [`Overflow`] if the clock stands at [`u64::MAX`].
    pub const fn event(&mut self) -> Result<u64, Overflow> {
        self.advance_past(self.time)
    }

    /// IR2b: takes the clock to the receipt of a message stamped `stamp`, that is
    /// to `max(clock, stamp) + 1`, and returns the new time.
    ///
    /// # Errors
    /// [`Overflow`] if the clock or the stamp stands at [`u64::MAX`].
    pub const fn receive(&mut self, stamp: u64) -> Result<u64, Overflow> {
        self.advance_past(if stamp > self.time { stamp } else { self.time })
    }

    const fn advance_past(&mut self, time: u64) -> Result<u64, Overflow> {
        match time.checked_add(1) {
            Some(next) => {
                self.time = next;
                Ok(next)
            }
            None => Err(Overflow),
        }
    }
}

/// A step would have taken a clock past [`u64::MAX`]; the clock did not move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overflow;

impl fmt::Display for Overflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the logical clock stands at its largest value and cannot advance")
    }
}

impl core::error::Error for Overflow {}
