//! A run in virtual time, streamed as it comes to pass: into the judge and the figures,
//! or into the logs of a folder.
//!
//! The loop of the simulation is compiled for whoever observes it. Here are those for
//! whom it must be fast, in a crate of their own, so that the command around them need
//! not be compiled for speed.
//!
//! - [`simulate`], [`simulate_and_record`]: judged and measured, and no log is written.
//! - [`simulate_into`]: into logs.
//! - [`Figures`]: the statistics of all machines, for any simulation.

mod figures;
mod judged;
mod logged;

pub use figures::Figures;
pub use judged::{Records, Simulated, simulate, simulate_and_record};
pub use logged::{LogError, simulate_into};
