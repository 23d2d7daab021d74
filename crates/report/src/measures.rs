//! What is measured of one machine beyond its [`Statistics`](crate::Statistics):
//! distributions and trends.

use journal::{Record, Time};
use serde::Serialize;

use crate::distribution::{Distribution, Spread};
use crate::extremes::{Extremes, LargeJump, OldMessage};
use crate::merge::Step;
use crate::prediction::Compared;
use crate::trend::Trend;

/// Distributions and trends of one machine.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Measures {
    /// The share of its ticks that found the inbox empty; none without a tick.
    pub idle_share: Option<f64>,
    /// By how much its clock rose a second; none of a log of one moment.
    pub clock_per_second: Option<f64>,
    /// By how much its clock rose from each event to the next: the difference
    /// between successive entries of its log.
    pub jumps: Spread,
    /// Each jump that came, and how often.
    pub jumps_histogram: Vec<(u64, u64)>,
    /// The largest jumps beyond 1, five at most, the largest first.
    pub jumps_largest: Vec<LargeJump>,
    /// The jumps of receives alone.
    pub jumps_receive: Spread,
    /// Values below its clock that it never showed: it jumped over them.
    pub clock_values_skipped: u64,
    /// Seconds from each event to the next, the time spent down left out.
    pub gaps_seconds: Spread,
    /// The queue after each tick.
    pub queue_length: Spread,
    /// The tick after which it was longest, the first of them; none if it was
    /// always empty.
    pub queue_max_tick: Option<u64>,
    /// By how much the queue grew a second, by least squares over all ticks.
    pub queue_growth_per_second: Option<f64>,
    /// From the send of each message that it received to the receive, in seconds.
    pub latency_seconds: Spread,
    /// The same in its own ticks: 1 if its next tick read the message.
    pub latency_ticks: Spread,
    /// The message that it read latest after it was sent.
    pub oldest_message: Option<OldMessage>,
    /// What the fluid limit says beside what was measured; none if it says nothing.
    pub compared: Option<Compared>,
}

/// Gathers while records come.
#[derive(Debug)]
pub(crate) struct Meter {
    clock: u64,
    ticks: u64,
    idle: u64,
    start: Option<Time>,
    end: Option<Time>,
    /// The last event of this incarnation.
    last: Option<Time>,
    jumps: Distribution,
    jumps_receive: Distribution,
    gaps: Distribution,
    queue: Distribution,
    growth: Trend,
    latency: Distribution,
    latency_ticks: Distribution,
    extremes: Extremes,
}

impl Meter {
    pub(crate) fn new() -> Self {
        Self {
            clock: 0,
            ticks: 0,
            idle: 0,
            start: None,
            end: None,
            last: None,
            jumps: Distribution::new(),
            jumps_receive: Distribution::new(),
            gaps: Distribution::new(),
            queue: Distribution::new(),
            growth: Trend::default(),
            latency: Distribution::new(),
            latency_ticks: Distribution::new(),
            extremes: Extremes::default(),
        }
    }

    /// Takes the next step of the machine into account.
    pub(crate) fn push(&mut self, step: &Step) {
        let time = step.record.time();
        let start = *self.start.get_or_insert(time);
        self.end = Some(time);
        if let Some(queue) = step.record.queue()
            && step.record.tick().is_some()
        {
            self.push_event(step, time);
            self.queue.push(queue);
            self.growth.push(time.seconds_since(start), queue as f64);
        } else {
            self.last = None;
        }
        if let Some(sent) = step.cause {
            self.latency.push_seconds(time.seconds_since(sent.time));
            self.latency_ticks.push(self.ticks.saturating_sub(sent.ticks_then));
        }
        self.clock = step.record.clock();
    }

    fn push_event(&mut self, step: &Step, time: Time) {
        let jump = step.record.clock().saturating_sub(self.clock);
        self.jumps.push(jump);
        self.extremes.push(step, self.clock);
        match step.record {
            Record::Receive(_) => self.jumps_receive.push(jump),
            _ => self.idle += 1,
        }
        if let Some(last) = self.last.replace(time) {
            self.gaps.push_seconds(time.seconds_since(last));
        }
        self.ticks += 1;
    }

    pub(crate) fn finish(self) -> Measures {
        let seconds = self.start.zip(self.end).map(|(start, end)| end.seconds_since(start));
        Measures {
            idle_share: (self.ticks > 0).then(|| self.idle as f64 / self.ticks as f64),
            clock_per_second: seconds.filter(|&it| it > 0.0).map(|it| self.clock as f64 / it),
            jumps: self.jumps.spread(1.0),
            jumps_histogram: self.jumps.histogram(),
            jumps_largest: self.extremes.jumps,
            jumps_receive: self.jumps_receive.spread(1.0),
            clock_values_skipped: self.clock.saturating_sub(self.ticks),
            gaps_seconds: self.gaps.spread(1e-6),
            queue_length: self.queue.spread(1.0),
            queue_max_tick: self.extremes.queue_max.map(|(_, tick)| tick),
            queue_growth_per_second: self.growth.slope(),
            latency_seconds: self.latency.spread(1e-6),
            latency_ticks: self.latency_ticks.spread(1.0),
            oldest_message: self.extremes.oldest,
            compared: None,
        }
    }
}
