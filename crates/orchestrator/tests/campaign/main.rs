//! The live campaign: real processes and real TCP under many faults, each figure
//! printed. As part of all tests it takes about a minute; `just campaign-live` runs
//! it in full.

#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "clippy lets tests unwrap and print, but not the functions they share"
)]

mod absence;
mod chance;
mod clock_steps;
mod damage;
mod disk;
mod every_byte;
mod every_call;
mod limits;
mod nodes;
mod random_faults;
mod scale;
mod slow_peer;
mod soak;
mod stops;
mod strace;

#[path = "../it/deadline.rs"]
mod deadline;
#[path = "../it/node_processes.rs"]
mod node_processes;
#[path = "../it/offbeat.rs"]
mod offbeat;
