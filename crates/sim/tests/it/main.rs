//! The simulator's tests.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod faults;
mod run;
