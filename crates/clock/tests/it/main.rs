//! The clock condition, on examples and on arbitrary histories.

mod lamport;
