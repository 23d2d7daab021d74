//! When a machine ticks.
//!
//! Slot s = 0, 1, 2 … of an incarnation is due at a fixed time after its start,
//! so lateness never adds up. A slot that is reached too late is missed: no burst
//! makes up for a stall.

use std::time::Duration;

use shelf::Pass;

/// A span of time in nanoseconds, at most 584 years. A [`Duration`] is two numbers,
/// and a driver of many machines compares and adds times at every tick.
pub type Nanos = u64;

/// A duration in nanoseconds; the longest if it is longer than that.
#[must_use]
pub fn nanos(duration: Duration) -> Nanos {
    // Not by as_nanos, whose 128 bits cost more than all the rest.
    let seconds = duration.as_secs().saturating_mul(SECOND);
    seconds.saturating_add(duration.subsec_nanos().into())
}

/// The nanoseconds of a second.
const SECOND: Nanos = 1_000_000_000;

/// More slots than an incarnation can have: a million a second for 584 years are 2^54.
const SLOTS_MAX: u64 = 1 << 62;

/// How late the slot of a fast machine may still run.
const LATENESS_MIN: Nanos = SECOND / 20;

/// How the ticks of a second are spread over it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pacing {
    /// Evenly: slot s is due at phase + s / rate.
    #[default]
    Even,
    /// All at once: slot s is due at phase + floor(s / rate) seconds.
    Burst,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A slot is due: tick.
    Tick,
    /// Nothing is due before this time since the start.
    Wait(Nanos),
    /// The run is over.
    End,
}

/// The slots of one incarnation. All times are since its start.
#[derive(Clone, Debug, PartialEq)]
pub struct Slots {
    rate: f64,
    phase: Nanos,
    pacing: Pacing,
    end: Nanos,
    next: u64,
    /// When the next slot is due.
    next_due: Nanos,
    /// When the one after is due: worked out before anybody waits for it.
    after_due: Nanos,
    missed: u64,
}

impl Slots {
    /// Slots at `rate` per second, the first due at `phase`, those due before
    /// `end`; without an end they go on for ever.
    ///
    /// # Panics
    /// If `rate` is not a positive finite number.
    #[must_use]
    pub fn new(rate: f64, phase: Nanos, pacing: Pacing, end: Option<Nanos>) -> Self {
        assert!(rate > 0.0 && rate.is_finite(), "a rate is a positive number of ticks a second");
        let end = end.unwrap_or(Nanos::MAX);
        let mut slots =
            Self { rate, phase, pacing, end, next: 0, next_due: phase, after_due: 0, missed: 0 };
        slots.after_due = slots.due(1);
        slots
    }

    /// What to do at `now`. Slots that were reached too late count as missed on
    /// the way. A [`Next::Tick`] is answered by [`ticked`](Self::ticked), unless
    /// the machine cannot tick now: then the slot stays due until it is missed.
    #[inline]
    pub fn next(&mut self, now: Nanos) -> Next {
        // Most slots are reached in time: then nothing has to be worked out.
        if now > self.next_due {
            self.miss_before(now.saturating_sub(self.lateness_max()));
        }
        let due = self.next_due;
        match due < self.end {
            true if now < due => Next::Wait(due),
            true => Next::Tick,
            false if now < self.end => Next::Wait(self.end),
            false => Next::End,
        }
    }

    /// The slot that was due has run.
    #[inline]
    pub fn ticked(&mut self) {
        self.next += 1;
        self.next_due = self.after_due;
        self.after_due = self.due(self.next + 1);
    }

    /// Ticking ends at `now`: what was due by then and did not run is missed.
    pub fn stop(&mut self, now: Nanos) {
        self.miss_before(now.saturating_add(1));
    }

    /// Slots that were reached too late.
    #[inline]
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }

    /// When ticking ends.
    #[inline]
    #[must_use]
    pub fn end(&self) -> Nanos {
        self.end
    }

    /// When the next slot is due.
    #[inline]
    #[must_use]
    pub fn next_due(&self) -> Nanos {
        self.next_due
    }

    /// The slots from the next on that are due before `time` are missed. They are
    /// counted by bisection: however long a stall, getting over it takes no time.
    fn miss_before(&mut self, time: Nanos) {
        let time = time.min(self.end);
        if self.next_due >= time {
            return;
        }
        let (mut first, mut past) = (self.next, SLOTS_MAX);
        while first < past {
            let middle = first + (past - first) / 2;
            if self.due(middle) < time {
                first = middle + 1;
            } else {
                past = middle;
            }
        }
        self.missed += first - self.next;
        self.go_to(first);
    }

    fn go_to(&mut self, slot: u64) {
        self.next = slot;
        self.next_due = self.due(slot);
        self.after_due = self.due(slot + 1);
    }

    #[inline]
    fn due(&self, slot: u64) -> Nanos {
        // By way of i64, from which the processor has an instruction.
        let seconds = slot as i64 as f64 / self.rate;
        let after_phase = match self.pacing {
            Pacing::Even => whole_nanos(seconds),
            Pacing::Burst => (seconds as u64).saturating_mul(SECOND),
        };
        self.phase.saturating_add(after_phase)
    }

    /// All that these slots are, so that they can be put away and come back.
    pub fn pass<P: Pass>(&mut self, through: &mut P) {
        self.rate = through.real(self.rate);
        self.phase = through.large_number(self.phase);
        self.end = through.large_number(self.end);
        let is_burst = u64::from(self.pacing == Pacing::Burst);
        let [is_burst, missed, next] = through.numbers([is_burst, self.missed, self.next]);
        self.pacing = if is_burst == 0 { Pacing::Even } else { Pacing::Burst };
        self.missed = missed;
        if P::UNPACKS {
            self.go_to(next);
        }
    }

    fn lateness_max(&self) -> Nanos {
        match self.pacing {
            Pacing::Even => whole_nanos(0.5 / self.rate).max(LATENESS_MIN),
            Pacing::Burst => SECOND,
        }
    }
}

/// The nearest whole number of nanoseconds, the upper one of two; beyond 52 days, to
/// within one.
#[inline]
fn whole_nanos(seconds: f64) -> Nanos {
    (seconds * SECOND as f64 + 0.5) as Nanos
}
