//! Tests of what a run amounted to.

mod bands;
mod colours;
mod event;
mod fluid;
mod page;
mod reading;
mod sentences;
mod simulator;
mod statistics;
mod table;
