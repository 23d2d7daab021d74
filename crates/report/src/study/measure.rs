//! What is measured of each run of a study.

use serde::{Deserialize, Serialize};

/// A measure, of a machine or of a whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// The clock at the end; of a run, the largest.
    ClockEnd,
    /// By how much the clock rose a second; of a run, the most.
    ClockPerSecond,
    /// By how much the clock was behind the largest at the end; of a run, the most.
    DriftEnd,
    /// By how much the distance to the machine that ends first grew a second, by
    /// least squares over time; of a run, the most.
    DriftPerSecond,
    /// By how much the clock rose from event to event; of a run, over all its events.
    JumpMean,
    /// 95 in 100 jumps are not larger; of a run, the largest of its machines.
    JumpP95,
    /// The largest jump.
    JumpMax,
    /// The share of clock values that were jumped over; of a run, over all its
    /// machines.
    SkippedShare,
    /// Seconds from event to event; of a run, over all its events.
    GapMean,
    /// The queue after a tick, on average; of a run, the largest of its machines.
    QueueMean,
    /// The longest queue.
    QueueMax,
    /// By how much the queue grew a second, by least squares over all ticks; of a
    /// run, the most.
    QueueGrowth,
    /// Seconds from send to receive, of the messages that were read; of a run, over
    /// all of them.
    LatencyMean,
}

impl Measure {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 13] = [
        Self::ClockEnd,
        Self::ClockPerSecond,
        Self::DriftEnd,
        Self::DriftPerSecond,
        Self::JumpMean,
        Self::JumpP95,
        Self::JumpMax,
        Self::SkippedShare,
        Self::GapMean,
        Self::QueueMean,
        Self::QueueMax,
        Self::QueueGrowth,
        Self::LatencyMean,
    ];

    /// What it is called.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::ClockEnd => "final clock",
            Self::ClockPerSecond => "clock rate",
            Self::DriftEnd => "drift at the end",
            Self::DriftPerSecond => "growth of the drift",
            Self::JumpMean => "mean jump",
            Self::JumpP95 => "95 % jump",
            Self::JumpMax => "largest jump",
            Self::SkippedShare => "clock values jumped over",
            Self::GapMean => "time between events",
            Self::QueueMean => "mean queue",
            Self::QueueMax => "longest queue",
            Self::QueueGrowth => "growth of the queue",
            Self::LatencyMean => "latency",
        }
    }

    /// The unit of its values; empty for those of a clock.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::ClockEnd | Self::DriftEnd | Self::JumpMean | Self::JumpP95 | Self::JumpMax => "",
            Self::ClockPerSecond | Self::DriftPerSecond => "a second",
            Self::SkippedShare => "of all",
            Self::GapMean | Self::LatencyMean => "s",
            Self::QueueMean | Self::QueueMax => "messages",
            Self::QueueGrowth => "messages a second",
        }
    }

    /// What it is of a whole run.
    #[must_use]
    pub fn of_run(self) -> &'static str {
        match self {
            Self::ClockEnd => "of the machine whose clock ended first",
            Self::ClockPerSecond => "of the machine whose clock rose fastest",
            Self::DriftEnd => "from the largest clock to the smallest",
            Self::DriftPerSecond => "of the machine that fell behind fastest",
            Self::JumpMean | Self::GapMean => "over all events",
            Self::JumpP95 | Self::JumpMax => "of the machine with the largest",
            Self::SkippedShare => "over all machines",
            Self::QueueMean | Self::QueueMax | Self::QueueGrowth => "of the worst inbox",
            Self::LatencyMean => "from send to receive, over all messages read",
        }
    }
}
