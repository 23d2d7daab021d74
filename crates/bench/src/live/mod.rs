//! Items of live runs: real processes, real TCP, real time.

mod nodes;

pub(crate) mod link;
pub(crate) mod ping_pong;
