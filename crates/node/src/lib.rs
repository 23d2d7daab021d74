//! The daemon: one model machine on real TCP, paced by real time, with its log.
//!
//! [`run`] drives one `machine::Endpoint`. One task owns it; the tasks around it
//! only move bytes: one for each link out (`dial`), one for each connection in
//! (`listen`). This crate decides nothing about clocks, queues or the order of
//! messages: that is `machine`. It decides nothing about what a log says: that is
//! `journal`.

mod alarm;
mod board;
mod bounds;
mod cli;
mod config;
mod config_check;
mod config_source;
mod config_wording;
mod connection;
mod diagnostics;
mod dial;
mod event_line;
mod exit;
mod failure;
mod feed;
mod healthcheck;
mod hint;
mod identity;
mod input;
mod ledger;
mod line_limit;
mod listen;
mod naming;
mod owner;
mod pace;
mod patience;
mod peer;
mod people;
#[cfg(test)]
mod played;
mod proof;
mod pulse;
mod reactions;
mod resume;
mod tls_wording;
mod transport;
mod usage;
mod wall_clock;

pub use cli::{Args, main};
pub use config::{Config, NodeConfig, PeerConfig, TlsConfig};
pub use config_source::{ConfigError, ConfigFile, Problem, load};
pub use event_line::event_line;
pub use exit::Exit;
pub use failure::Failure;
pub use identity::{IdentityError, check_certificates};
pub use ledger::Observer;
pub use naming::{check_host, check_run_name, is_loopback};
pub use owner::{Ending, run};
pub use resume::{Resumed, resume};
pub use transport::Transport;
pub use usage::{explain, origin};
