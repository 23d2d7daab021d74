//! Logical clocks, as the papers define them.
//!
//! This crate knows no machine, no message queue, no network and no time of
//! day: a logical clock is a counter and two rules. It has no dependencies and
//! needs no standard library.
//!
//! The source is Leslie Lamport, *Time, Clocks, and the Ordering of Events in a
//! Distributed System*, Communications of the ACM 21(7), July 1978: the relation
//! "happened before" is its first section, the clock condition and the
//! implementation rules IR1 and IR2 are its second, "Logical Clocks".

#![no_std]

mod lamport;

pub use lamport::{LamportClock, Overflow};
