//! How an incarnation begins: what every driver of a machine derives alike from a
//! run and its log.

use std::time::Duration;

use machine::{MachineId, Slots, draw, nanos};

use crate::record::Start;
use crate::recover::Recovered;
use crate::terms::{Phase, Rate};
use crate::time::Time;

impl Start {
    /// When the first slot of a machine's first incarnation is due after its
    /// start, in seconds.
    #[must_use]
    pub fn first_phase(phase: Phase, rate: Rate, seed: u64, machine: MachineId) -> f64 {
        match (phase, rate) {
            (Phase::Random, Rate::PerSecond(rate)) => draw::phase(seed, machine, rate),
            _ => 0.0,
        }
    }

    /// The start record of the incarnation that follows what a log held, but for
    /// its time. Its first slot is due a whole period after the start, so that
    /// restarting buys no ticks.
    #[must_use]
    pub fn resumed(self, recovered: &Recovered) -> Self {
        self.after(recovered.incarnations, recovered.endpoint.machine().clock())
    }

    /// As [`resumed`](Self::resumed), after so many incarnations, with this clock.
    pub(crate) fn after(self, incarnations: u32, clock: u64) -> Self {
        let phase = self.rate.per_second().map_or(0.0, |rate| 1.0 / rate);
        Self { incarnation: incarnations + 1, clock, phase, ..self }
    }

    /// The slots of the incarnation, which ends `end` after its start; none if it
    /// is not paced.
    #[must_use]
    pub fn slots(&self, end: Option<Duration>) -> Option<Slots> {
        let rate = self.rate.per_second()?;
        let phase = Duration::try_from_secs_f64(self.phase).unwrap_or(Duration::MAX);
        Some(Slots::new(rate, nanos(phase), self.pacing.into(), end.map(nanos)))
    }
}

/// How long an incarnation that starts at `now` may last, of a run that began at
/// `began`, if it has, and lasts `duration`; none if for ever.
#[must_use]
pub fn time_left(began: Option<Time>, duration: Option<Duration>, now: Time) -> Option<Duration> {
    let duration = duration?;
    let Some(began) = began else {
        return Some(duration);
    };
    let left = began.after(duration).as_micros().saturating_sub(now.as_micros());
    Some(Duration::from_micros(left.max(0) as u64))
}
