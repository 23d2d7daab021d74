//! The node over real TCP, its peers played by hand, frame by frame: what good
//! peers see of it, and what bad ones cannot do to it.
//!
//! Each test has a thread, a runtime and a diagnostics sink of its own. None
//! sleeps in order to be in time; all wait for what must come, for as long as any
//! stall of the computer may last.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

mod back_pressure;
mod connection;
mod door;
mod first_contact;
mod foreign_log;
mod handshake;
mod honest;
mod hostile;
mod hostile_cases;
mod hostile_floods;
mod lab;
mod links_in;
mod live;
mod metronome;
mod node;
mod papers;
mod process;
mod replacement;
mod resuming;
mod silence;
mod stopping;
mod tls_files;
mod tls_in;
mod tls_out;
