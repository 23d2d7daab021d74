//! Tests of what a run amounted to.

mod bands;
mod event;
mod fluid;
mod reading;
mod sentences;
mod simulator;
mod statistics;
mod table;
