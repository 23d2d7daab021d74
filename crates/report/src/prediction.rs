//! What the fluid limit says, beside what was measured.

use serde::Serialize;

use crate::fluid::Flow;
use crate::measures::Measures;
use crate::statistics::Statistics;

/// Each figure of a machine that the fluid limit speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// The share of ticks that find the inbox empty.
    pub idle_share: Figure,
    /// Messages that reach the machine, per second.
    pub arrivals_per_second: Figure,
    /// Messages that it receives, per second.
    pub receives_per_second: Figure,
    /// By how much its queue grows per second, from the first record to the last.
    pub queue_growth_per_second: Figure,
    /// The queue at the end.
    pub queue_end: Figure,
}

/// A figure, as it is and as it should be.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Figure {
    /// As it was measured.
    pub measured: f64,
    /// As the fluid limit has it.
    pub predicted: f64,
    /// The one minus the other.
    pub deviation: f64,
}

impl Figure {
    fn new(measured: f64, predicted: f64) -> Self {
        Self { measured, predicted, deviation: measured - predicted }
    }
}

impl Compared {
    /// None of a machine without a tick or a second.
    pub(crate) fn new(
        flow: &Flow,
        rate: f64,
        statistics: &Statistics,
        measures: &Measures,
    ) -> Option<Self> {
        let seconds = Some(statistics.seconds()).filter(|&seconds| seconds > 0.0)?;
        let per_second = |count: u64| count as f64 / seconds;
        let growth = flow.queue_growth_per_second;
        Some(Self {
            idle_share: Figure::new(measures.idle_share?, flow.idle_share),
            arrivals_per_second: Figure::new(
                per_second(statistics.arrived()),
                flow.arrivals_per_second,
            ),
            receives_per_second: Figure::new(
                per_second(statistics.receives),
                flow.arrivals_per_second.min(rate),
            ),
            queue_growth_per_second: Figure::new(per_second(statistics.queue), growth),
            queue_end: Figure::new(statistics.queue as f64, growth * seconds),
        })
    }
}
