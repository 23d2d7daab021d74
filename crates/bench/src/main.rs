//! `bench`: measures all items, or those named, and prints the table.

use std::io::{self, Write as _};
use std::process::ExitCode;

use bench::{Failure, ITEMS, ONLY_WHEN_NAMED, Scale, floor_daemon, ring_bytes, table};
use clap::Parser;

/// Measures Offbeat against the floor: what a program by hand takes for the same.
#[derive(Debug, Parser)]
struct Args {
    /// Only these items
    items: Vec<String>,

    /// Print all repetitions as JSON
    #[arg(long)]
    json: bool,

    /// List the items
    #[arg(long)]
    list: bool,

    /// A moment each: whether all of it works
    #[arg(long)]
    tiny: bool,

    /// Print the bytes that a ring of so many machines takes
    #[arg(long, hide = true, value_name = "MACHINES")]
    memory_of: Option<u32>,

    /// Be the floor of a daemon: the machine's number, where it logs, where all listen
    #[arg(long, hide = true, num_args = 3.., value_names = ["MACHINE", "LOG", "ADDRESS"])]
    floor_daemon: Option<Vec<String>>,
}

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(code) => code,
        Err(failure) => {
            eprint(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<ExitCode, Failure> {
    if let Some(machines) = args.memory_of {
        print(&ring_bytes(machines)?.to_string());
        return Ok(ExitCode::SUCCESS);
    }
    if let Some([machine, log, addresses @ ..]) = args.floor_daemon.as_deref() {
        return Err(floor_daemon(machine.parse()?, log.as_ref(), addresses));
    }
    if args.list {
        print(&ITEMS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join("\n"));
        return Ok(ExitCode::SUCCESS);
    }
    let is_known = |name: &&String| ITEMS.iter().any(|(known, _)| known == *name);
    if let Some(unknown) = args.items.iter().find(|name| !is_known(name)) {
        return Err(format!("there is no item {unknown}: --list lists them").into());
    }
    let scale = if args.tiny { Scale::Tiny } else { Scale::Full };
    let wanted = |name: &str| match args.items.as_slice() {
        [] => args.tiny || !ONLY_WHEN_NAMED.contains(&name),
        named => named.iter().any(|it| it == name),
    };
    let mut code = ExitCode::SUCCESS;
    let mut items = Vec::new();
    for (name, measure) in ITEMS.iter().filter(|(name, _)| wanted(name)) {
        eprint(name);
        match measure(scale) {
            Ok(item) => items.push(item),
            Err(failure) => {
                eprint(&format!("{name} is not measured: {failure}"));
                code = ExitCode::FAILURE;
            }
        }
    }
    match args.json {
        true => print(&serde_json::to_string_pretty(&items)?),
        false => print(&table(&items)),
    }
    Ok(code)
}

/// Prints results. A reader that has seen enough, such as `head`, closes the pipe:
/// that ends the program quietly, as it ends the command.
fn print(text: &str) {
    if let Err(error) = writeln!(io::stdout(), "{text}") {
        let is_quiet = error.kind() == io::ErrorKind::BrokenPipe;
        std::process::exit(if is_quiet { 0 } else { 1 });
    }
}

/// Prints progress. If nobody can read it, so be it.
fn eprint(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
