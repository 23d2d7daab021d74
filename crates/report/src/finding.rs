//! What a run shows, in one sentence each, with its figures and its events.
use serde::Serialize;

/// An event, by its machine and the number of its tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EventRef {
    /// The machine.
    pub machine: u32,
    /// The tick.
    pub tick: u64,
}

/// One thing that a run shows.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// Its kind, stable: `drowning_inbox`.
    pub kind: &'static str,
    /// What it says, one or two plain sentences.
    pub sentence: String,
    /// The chart that shows it: clocks, drift, queues, jumps, mix, diagram.
    pub chart: &'static str,
    /// The events that prove it, at most ten.
    pub events: Vec<EventRef>,
}
