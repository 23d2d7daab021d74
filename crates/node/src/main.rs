//! `offbeat-node`: one machine as a daemon.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    node::main(&node::Args::parse()).into()
}
