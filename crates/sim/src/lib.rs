//! Virtual time: many machines, a network with delays and faults, one seed.
//!
//! [`Simulation`] drives the very machines and links that the daemon drives, with
//! an agenda instead of a clock and a network of its own instead of TCP. It is bit
//! for bit repeatable: all chance comes from the seed, and nothing depends on the
//! platform. This crate reads no clock and does no IO; a machine that is killed
//! comes back through the production recovery, from the bytes of its log.
//!
//! - [`Plan`]: the run, its [`Network`] and its [`Fault`]s.
//! - [`Observer`]: sees every record as it comes to pass.
//! - [`Tally`]: what network and faults did.

mod agenda;
mod calendar;
mod dice;
mod fault;
mod instant;
mod latency;
mod link;
mod lists;
mod moment;
mod network;
mod observer;
mod passage;
mod place;
mod plan;
mod process;
mod random;
mod simulation;
mod tally;
mod trouble;
mod turn;
mod window;

pub use dice::Dice;
pub use fault::{Crash, Cut, Fault, Pause};
pub use latency::Latency;
pub use moment::Moment;
pub use network::{Conditions, Network, On, Probability};
pub use observer::Observer;
pub use place::{Links, Machines};
pub use plan::{Plan, PlanError};
pub use simulation::{OPEN_MAX, Simulation};
pub use tally::{Effect, Tally};
pub use window::Window;
