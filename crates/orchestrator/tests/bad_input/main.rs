//! Whatever is wrong with what the command is given, it says so once, at once, and
//! with a remedy, and leaves everything as it was.
//!
//! Each test is a table of commands that are tried as a person would, with what
//! each of them says and its exit code.

#![allow(clippy::unwrap_used)]

mod certs;
mod commands;
mod experiment_numbers;
mod experiment_rates;
mod experiment_words;
mod folders;
mod log_config;
mod logs;
mod node_keys;
mod node_peers;
mod node_secrecy;
mod node_values;
mod option_sources;
mod option_words;
mod options;
mod out;
mod place;
mod recorded;
mod taken;
mod virtual_time;
mod whole_files;
