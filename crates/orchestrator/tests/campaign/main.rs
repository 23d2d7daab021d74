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
mod disk;
mod every_byte;
mod every_call;
mod nodes;
mod random_faults;
mod scale;
mod soak;
mod stops;
mod strace;

#[allow(dead_code, reason = "of what the other tests share, these need a part")]
#[path = "../it/deadline.rs"]
mod deadline;
#[allow(dead_code, reason = "of what the other tests share, these need a part")]
#[path = "../it/offbeat.rs"]
mod offbeat;
#[allow(dead_code, reason = "of what the other tests share, these need a part")]
#[path = "../it/running.rs"]
mod running;
