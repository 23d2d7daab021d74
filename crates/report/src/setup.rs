//! What a machine was set to do.

use journal::{Pacing, Rate, Start, Topology};

/// What figures need of a start record. A summary holds one for every machine, of which
/// there may be a million.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The run's id.
    pub run: String,
    /// The number of the machine, from 1.
    pub machine: u32,
    /// How many machines there are.
    pub machines: u32,
    /// Who is connected to whom.
    pub topology: Topology,
    /// Ticks per second.
    pub rate: Rate,
    /// Draws are uniform in 1..=draw_max.
    pub draw_max: u64,
    /// How ticks are spread over a second.
    pub pacing: Pacing,
}

impl From<&Start> for Setup {
    fn from(start: &Start) -> Self {
        let &Start { machine, machines, topology, rate, draw_max, pacing, .. } = start;
        Self { run: start.run.clone(), machine, machines, topology, rate, draw_max, pacing }
    }
}
