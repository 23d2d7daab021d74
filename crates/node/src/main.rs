//! `offbeat-node`: one machine as a daemon.

use std::process::ExitCode;

fn main() -> ExitCode {
    node::Args::from_command_line().map_or_else(Into::into, |args| node::main(&args).into())
}
