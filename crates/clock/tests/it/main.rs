//! The clock condition, on examples and on arbitrary histories.

#![allow(clippy::unwrap_used)]

mod lamport;
mod vector;
