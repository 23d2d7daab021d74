//! Items of live runs: real processes, real TCP, real time.

mod nodes;

pub(crate) mod link;
