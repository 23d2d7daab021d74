//! What the machines of a run were set to do.

use journal::{Pacing, Start, Topology};

/// What figures need of a start record, beside its machine and rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// The run's id.
    pub run: String,
    /// How many machines there are.
    pub machines: u32,
    /// Who is connected to whom.
    pub topology: Topology,
    /// Draws are uniform in 1..=draw_max.
    pub draw_max: u64,
    /// How ticks are spread over a second.
    pub pacing: Pacing,
}

impl From<&Start> for Setup {
    fn from(start: &Start) -> Self {
        let &Start { machines, topology, draw_max, pacing, .. } = start;
        Self { run: start.run.clone(), machines, topology, draw_max, pacing }
    }
}
