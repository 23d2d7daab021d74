//! The machine's tests: examples for each part, laws for what must hold on any
//! history, and a small laboratory of faults for the links.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod chacha8;
mod draw;
mod endpoint;
mod faults;
mod incoming;
mod model;
mod outgoing;
mod outgoing_faults;
mod packing;
mod pair;
mod slots;
mod slots_laws;
mod topology;
