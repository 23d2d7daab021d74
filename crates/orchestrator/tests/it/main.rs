//! The command, tried as a person would: real processes, real TCP, free ports.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

mod bounds;
mod broken;
mod certs;
mod cluster;
mod commands;
mod configs;
mod deadline;
mod faults;
mod imports;
mod live_faults;
mod node_processes;
mod offbeat;
mod proxy;
mod quiz;
mod readme;
mod relay;
mod replay;
mod report;
mod run;
mod running;
mod schema;
mod simulate;
mod study;
mod study_folder;
mod study_schema;
