//! The command, tried as a person would: real processes, real TCP, free ports.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod broken;
mod cluster;
mod commands;
mod configs;
mod deadline;
mod faults;
mod imports;
mod offbeat;
mod proxy;
mod readme;
mod replay;
mod report;
mod run;
mod schema;
mod simulate;
