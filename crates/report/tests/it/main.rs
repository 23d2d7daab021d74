//! Tests of what a run amounted to.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod analysis;
mod bands;
mod colours;
mod comparison;
mod event;
mod explain;
mod exports;
mod findings;
mod fluid;
mod graph;
mod page;
mod picture;
mod quiz;
mod reading;
mod sentences;
mod simulator;
mod sketch;
mod statistics;
mod table;
mod virtual_run;
