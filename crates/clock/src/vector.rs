//! The vector clock: a number for every process instead of one for all.
//!
//! Lamport's clock condition cannot be turned round: C(a) < C(b) does not say
//! that a happened before b. Fidge and Mattern showed, independently, that a
//! vector does say it:
//!
//! > a happened before b if and only if V(a) < V(b),
//!
//! where V < W if no component of V is larger than that of W, and some is
//! smaller. Component i counts the events of process i in the causal past of an
//! event, the event itself included.
//!
//! - Colin J. Fidge, *Timestamps in Message-Passing Systems That Preserve the
//!   Partial Ordering*, Proceedings of the 11th Australian Computer Science
//!   Conference, 1988.
//! - Friedemann Mattern, *Virtual Time and Global States of Distributed Systems*,
//!   Parallel and Distributed Algorithms, 1989 (the workshop was in 1988).

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::lamport::Overflow;

/// A vector clock: how many events of each process are in the past of the last
/// event of one process.
///
/// Processes are counted from 0. How many there are need not be known: a process
/// without events has the component 0, written or not.
///
/// ```
/// use clock::{CausalOrder, VectorClock};
///
/// let (mut alice, mut bob) = (VectorClock::new(), VectorClock::new());
/// alice.event(0)?;
/// bob.event(1)?;
/// assert_eq!(alice.order(&bob), CausalOrder::Concurrent);
/// bob.receive(1, &alice)?;
/// assert_eq!(alice.order(&bob), CausalOrder::Before);
/// # Ok::<(), clock::Overflow>(())
/// ```
#[derive(Debug, Default, PartialEq, Eq, Hash)]
pub struct VectorClock {
    /// Without zeros at its end, so that equal clocks are written alike.
    times: Vec<u64>,
}

/// How two events lie to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CausalOrder {
    /// The first happened before the second.
    Before,
    /// The second happened before the first.
    After,
    /// Neither can have caused the other.
    Concurrent,
    /// They are the same.
    Equal,
}

impl VectorClock {
    /// A clock before the first event: all components are 0.
    #[must_use]
    pub const fn new() -> Self {
        Self { times: Vec::new() }
    }

    /// The component of `process`: how many of its events are in the past.
    #[must_use]
    pub fn time(&self, process: usize) -> u64 {
        self.times.get(process).copied().unwrap_or(0)
    }

    /// The components, from process 0 to the last that is not 0.
    #[must_use]
    pub fn times(&self) -> &[u64] {
        &self.times
    }

    /// Takes the clock to the next event of `process`, a send included, and
    /// returns its new component. A message sent by that event carries the whole
    /// clock.
    ///
    /// # Errors
    /// [`Overflow`] if the component stands at [`u64::MAX`]; the clock did not
    /// move.
    pub fn event(&mut self, process: usize) -> Result<u64, Overflow> {
        let next = self.time(process).checked_add(1).ok_or(Overflow)?;
        self.set(process, next);
        Ok(next)
    }

    /// Takes the clock of `process` to the receipt of a message that carries
    /// `stamp`: the larger of each two components, and one more of its own.
    /// Returns that one.
    ///
    /// # Errors
    /// [`Overflow`] if its own component stands at [`u64::MAX`], here or in the
    /// stamp; the clock did not move.
    pub fn receive(&mut self, process: usize, stamp: &Self) -> Result<u64, Overflow> {
        let larger = self.time(process).max(stamp.time(process));
        let next = larger.checked_add(1).ok_or(Overflow)?;
        if self.times.len() < stamp.times.len() {
            self.times.resize(stamp.times.len(), 0);
        }
        for (time, &stamped) in self.times.iter_mut().zip(&stamp.times) {
            *time = stamped.max(*time);
        }
        self.set(process, next);
        Ok(next)
    }

    /// How the event of this clock lies to that of the other.
    #[must_use]
    pub fn order(&self, other: &Self) -> CausalOrder {
        let processes = self.times.len().max(other.times.len());
        let mut order = CausalOrder::Equal;
        for process in 0..processes {
            order = match (self.time(process).cmp(&other.time(process)), order) {
                (Ordering::Equal, order) => order,
                (Ordering::Less, CausalOrder::Equal | CausalOrder::Before) => CausalOrder::Before,
                (Ordering::Greater, CausalOrder::Equal | CausalOrder::After) => CausalOrder::After,
                _ => return CausalOrder::Concurrent,
            };
        }
        order
    }

    fn set(&mut self, process: usize, time: u64) {
        if self.times.len() <= process {
            self.times.resize(process + 1, 0);
        }
        self.times[process] = time;
    }
}

/// `clone_from` needs no new memory where there is enough.
impl Clone for VectorClock {
    fn clone(&self) -> Self {
        Self { times: self.times.clone() }
    }

    fn clone_from(&mut self, other: &Self) {
        self.times.clone_from(&other.times);
    }
}

/// Happened before is less; concurrent clocks are not ordered.
impl PartialOrd for VectorClock {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match self.order(other) {
            CausalOrder::Before => Some(Ordering::Less),
            CausalOrder::After => Some(Ordering::Greater),
            CausalOrder::Equal => Some(Ordering::Equal),
            CausalOrder::Concurrent => None,
        }
    }
}

/// The clock with these components, as a message carries it.
impl From<Vec<u64>> for VectorClock {
    fn from(mut times: Vec<u64>) -> Self {
        let length = times.iter().rposition(|&time| time > 0).map_or(0, |last| last + 1);
        times.truncate(length);
        Self { times }
    }
}
