//! `offbeat`: the command.

use std::process::ExitCode;

fn main() -> ExitCode {
    orchestrator::main().into()
}
