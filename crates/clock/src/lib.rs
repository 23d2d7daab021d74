//! Logical clocks, as the papers define them.
//!
//! This crate knows no machine, no message queue, no network and no time of
//! day: a logical clock is a counter, or a vector of them, and two rules. It has
//! no dependencies and needs no standard library, only an allocator for vectors.
//!
//! - [`LamportClock`]: Leslie Lamport, *Time, Clocks, and the Ordering of Events
//!   in a Distributed System*, Communications of the ACM 21(7), July 1978: the
//!   relation "happened before" is its first section, the clock condition and the
//!   implementation rules IR1 and IR2 are its second, "Logical Clocks".
//! - [`VectorClock`]: Fidge 1988 and Mattern 1989. It tells what Lamport's clock
//!   cannot: whether two events are concurrent.

#![no_std]

extern crate alloc;

mod lamport;
mod vector;

pub use lamport::{LamportClock, Overflow};
pub use vector::{CausalOrder, VectorClock};
