//! The journal's tests: what a line says, to the byte; what becomes of a log that
//! is torn, damaged or still growing; and that a machine comes back from its log.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod agreement;
mod bad_records;
mod damage;
mod expected;
mod fleet;
mod folder;
mod full_disk;
mod growing;
mod manifest;
mod misfits;
mod reader;
mod records;
mod recover;
mod refusals;
mod replay;
mod sample;
mod terms;
mod time;
mod timespan;
mod writer;
