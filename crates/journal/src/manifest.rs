//! What a run was: the content of `run.toml`.

use serde::{Deserialize, Serialize};

use crate::terms::{Pacing, Phase, Rate, StampRule, Topology};
use crate::timespan::Timespan;

/// A run with everything decided that an experiment may leave open. Written by
/// whoever started the machines; the start records must agree with it.
///
/// Its keys are those of an experiment file, so that a run's manifest is an
/// experiment that repeats it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The run's id.
    pub run: String,
    /// How many machines there are.
    pub machines: u32,
    /// The rate of each machine, in order.
    pub rates: Vec<Rate>,
    /// Draws are uniform in 1..=draw_max.
    pub draw_max: u64,
    /// Who is connected to whom.
    pub topology: Topology,
    /// How ticks are spread over a second.
    pub pacing: Pacing,
    /// Where phases come from.
    pub phase: Phase,
    /// Which clock value messages carry.
    pub stamp: StampRule,
    /// The seed of rates, phases and draws.
    pub seed: u64,
    /// How long the run is meant to last; none if until a signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Timespan>,
}
