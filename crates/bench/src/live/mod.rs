//! Items of live runs: real processes, real TCP, real time.

mod daemon;
mod nodes;
mod run;

pub(crate) mod cold_build;
pub(crate) mod footprint;
pub(crate) mod link;
pub(crate) mod mesh;
pub(crate) mod pacing;
pub(crate) mod ping_pong;
pub(crate) mod unpaced;
