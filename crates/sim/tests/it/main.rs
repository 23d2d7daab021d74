//! The simulator's tests: what it promises of time, chance, network and faults,
//! and that its runs agree with the published ones and with the fluid limit.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod bands;
mod campaign;
mod crashes;
mod cuts;
mod fluid;
mod golden;
mod instant;
mod network;
mod order;
mod pauses;
mod recovery;
mod run;
mod words;
