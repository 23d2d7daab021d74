//! T1 and T2: how often a machine ticks.

use std::collections::VecDeque;
use std::time::Duration;

use journal::{Pacing, Start, Stop, Time};

use crate::findings::{At, Findings, Place, Proof};
use crate::rule::Rule;

const SECOND_MICROS: i64 = 1_000_000;

/// How late a slot may run at least, in microseconds.
const LATENESS_MICROS: i128 = 50_000;

/// Ticks per second above which the microseconds of a log cannot tell them apart.
const RATE_RESOLVED_MAX: f64 = 1e6;

/// How well the times of a log tell when ticking began and ended, in seconds:
/// what lies between two readings of the clock.
const CLOCK_RESOLUTION: f64 = 1e-3;

/// What floating point may make of a count of ticks.
const ROUNDING: f64 = 1e-6;

/// What the judge remembers of the ticks of one incarnation.
#[derive(Debug, Default)]
pub(crate) struct Timing {
    started: Option<Started>,
    /// When the run ends, if its first start record says.
    run_end: Option<Time>,
    ticks: u64,
    /// The ticks of the last second, oldest first, and no more than are allowed.
    recent: VecDeque<Tick>,
}

#[derive(Clone, Copy, Debug)]
struct Started {
    time: Time,
    place: Place,
    pacing: Pacing,
    /// Ticks per second; none if it has no bound.
    rate: Option<f64>,
}

#[derive(Clone, Copy, Debug)]
struct Tick {
    micros: i64,
    line: u64,
}

impl Timing {
    pub(crate) fn start(&mut self, at: At<'_>, start: &Start) {
        self.ticks = 0;
        self.recent.clear();
        let end = |seconds| Some(start.time.after(Duration::try_from_secs_f64(seconds).ok()?));
        self.run_end = self.run_end.or_else(|| start.duration.and_then(end));
        self.started = Some(Started {
            time: start.time,
            place: at.place,
            pacing: start.pacing,
            rate: start.rate.per_second(),
        });
    }

    /// T1: the ticks of a second. A second is half open, so that a machine that
    /// ticks once a second, on the second, ticks once in each.
    pub(crate) fn tick(&mut self, at: At<'_>, findings: &mut Findings) {
        self.ticks += 1;
        let Some(allowed) = self.started.as_ref().and_then(Started::ticks_per_second_max) else {
            return;
        };
        self.enter(Tick { micros: at.record.time().as_micros(), line: at.place.line });
        let count = self.recent.len();
        findings.judge(Rule::T1, count <= allowed, || {
            let micros = |tick: Option<&Tick>| tick.map_or(0, |tick| tick.micros);
            let span = micros(self.recent.back()) - micros(self.recent.front());
            let first = self.recent.front().map(|tick| Place { line: tick.line, ..at.place });
            Proof::new(
                first.map(Into::into).into_iter().chain([at.into()]),
                format!("at most {allowed} ticks in a second"),
                format!("{count} ticks in {} s", span as f64 / 1e6),
            )
        });
        if count > allowed {
            self.recent.pop_front();
        }
    }

    /// Keeps the ticks of the second that ends with the latest one. A tick that is
    /// logged out of turn takes its place among them: it would otherwise hold back
    /// older ones, and be blamed for a second that was none.
    fn enter(&mut self, tick: Tick) {
        let place = self.recent.partition_point(|other| other.micros <= tick.micros);
        self.recent.insert(place, tick);
        let latest = self.recent.back().map_or(tick.micros, |tick| tick.micros);
        let began = latest.saturating_sub(SECOND_MICROS);
        while self.recent.pop_front_if(|tick| tick.micros <= began).is_some() {}
    }

    /// T2: the ticks of the incarnation.
    pub(crate) fn stop(&mut self, at: At<'_>, stop: &Stop, findings: &mut Findings) {
        let Some((started, rate)) = self.started.take().and_then(|it| Some((it, it.rate?))) else {
            return;
        };
        let micros = |time: Time| i128::from(time.as_micros());
        // A slot that was due before the end of the run may run after it, and then the
        // machine stops later; but no slot need have been due in that time.
        let beyond = self.run_end.map_or(0, |end| micros(stop.time) - micros(end));
        let late = beyond.clamp(0, lateness_max(started.pacing, rate));
        let elapsed = micros(stop.time) - micros(started.time);
        let seconds = elapsed as f64 / 1e6;
        let slots = self.ticks as f64 + stop.missed as f64;
        let tolerance = tolerance(started.pacing, rate);
        let more = slots - rate * seconds;
        let holds = more <= tolerance && more >= -tolerance - rate * late as f64 / 1e6;
        findings.judge(Rule::T2, holds, || {
            Proof::new(
                [started.place.into(), at.into()],
                format!(
                    "{rate} x {seconds} s = {:.3} ticks, {tolerance:.3} more or less",
                    rate * seconds
                ),
                format!("{} ticks and {} missed", self.ticks, stop.missed),
            )
        });
    }
}

impl Started {
    /// None where T1 is not judged.
    fn ticks_per_second_max(&self) -> Option<usize> {
        let rate = self.rate.filter(|&rate| rate <= RATE_RESOLVED_MAX)?;
        (self.pacing == Pacing::Even).then(|| (1.05 * rate).ceil() as usize + 1)
    }
}

/// How late a slot may run, in microseconds.
fn lateness_max(pacing: Pacing, rate: f64) -> i128 {
    match pacing {
        Pacing::Even => LATENESS_MICROS.max((0.5e6 / rate) as i128),
        Pacing::Burst => i128::from(SECOND_MICROS),
    }
}

/// By how much ticks and missed slots may differ from rate times time: the phase
/// is within a period, and the slots of a burst are all due at once.
fn tolerance(pacing: Pacing, rate: f64) -> f64 {
    let phase = match pacing {
        Pacing::Even => 1.0,
        Pacing::Burst => 1.0 + rate,
    };
    phase + CLOCK_RESOLUTION * rate + ROUNDING
}
