//! The command line.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use node::Exit;

use crate::certs_command::{self, CertsArgs};
use crate::complaint::Complaint;
use crate::explain_command::ExplainArgs;
use crate::export_command::ExportArgs;
use crate::hint::Program;
use crate::manual::{self, CompletionsArgs, ManArgs};
use crate::prepare_command::{self, PrepareArgs};
use crate::quiz_command::{self, QuizArgs};
use crate::report_command::ReportArgs;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::study_command::StudyArgs;
use crate::{
    check_command, explain_command, export_command, log_command, replay_command, report_command,
    run_command, simulate_command, study_command, terminal,
};

/// A laboratory for logical clocks: machines that tick at their own rates send each other
/// Lamport timestamps over TCP. Without a command: run.
#[derive(Debug, Parser)]
#[command(
    name = "offbeat",
    version,
    args_conflicts_with_subcommands = true,
    max_term_width = 100,
    after_help = "Each option can also be given by the environment, as OFFBEAT_SEED=7, or in an \
                  experiment file."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,

    #[command(flatten)]
    run: RunOptions,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the machines as processes, watch them, and judge what they logged
    Run(Box<RunArgs>),
    /// Run the machines in virtual time: a minute takes a moment, and repeats exactly
    Simulate(Box<SimulateArgs>),
    /// Run several settings under many seeds, live or in virtual time: means, intervals, what differs
    Study(StudyArgs),
    /// Run one machine as a daemon
    Node(node::Args),
    /// Show the events of all machines in order
    Log(LogArgs),
    /// Judge the logs of a run
    Check(CheckArgs),
    /// Re-drive the machine code with what the logs say came in: every record must come out again
    Replay(ReplayArgs),
    /// Show what a run amounted to, and what it shows; of several runs, what differs
    Report(ReportArgs),
    /// Mint certificates for machines on several computers
    Certs(CertsArgs),
    /// Explain an event: why its clock is what it is, and what has to do with it
    Explain(ExplainArgs),
    /// Ask about your own run, and explain each answer: what a clock becomes, what came before what
    Quiz(QuizArgs),
    /// Write events or figures in the formats of other tools
    Export(ExportArgs),
    /// Print the completions of a shell, to be sourced by it
    Completions(CompletionsArgs),
    /// Write man pages
    Man(ManArgs),
    /// Make the folder of logs ready for nodes in containers
    #[command(hide = true)]
    Prepare(PrepareArgs),
}

#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// An experiment: a TOML file with the same settings as the options
    #[arg(value_name = "EXPERIMENT.toml")]
    pub(crate) experiment: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) options: RunOptions,
}

#[derive(Debug, Args)]
pub(crate) struct RunOptions {
    #[command(flatten)]
    pub(crate) settings: Settings,

    /// Where the results go: a folder that is absent or empty [default: runs/DATE-TIME]
    #[arg(long, value_name = "DIR", env = "OFFBEAT_OUT", hide_env = true)]
    pub(crate) out: Option<PathBuf>,

    /// Only say what would be run
    #[arg(long)]
    pub(crate) check_config: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SimulateArgs {
    /// An experiment: a TOML file with the same settings as the options
    #[arg(value_name = "EXPERIMENT.toml")]
    pub(crate) experiment: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) settings: Settings,

    /// Many runs, one for each of these seeds, as 1..1000: each is judged, and the logs of
    /// those that fail are kept
    #[arg(
        long,
        value_name = "FROM..TO",
        env = "OFFBEAT_SEEDS",
        hide_env = true,
        conflicts_with = "seed"
    )]
    pub(crate) seeds: Option<Seeds>,

    /// How many of many runs are simulated at once [default: as many as there are cores]
    #[arg(long, value_name = "N", env = "OFFBEAT_CORES", hide_env = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) cores: Option<u16>,

    /// Keep the logs, in a folder that is absent or empty [default: none are kept]
    #[arg(long, value_name = "DIR", env = "OFFBEAT_OUT", hide_env = true)]
    pub(crate) out: Option<PathBuf>,

    /// Print figures, verdict and what network and faults did as JSON
    #[arg(long)]
    pub(crate) json: bool,

    /// Only say what would be run
    #[arg(long)]
    pub(crate) check_config: bool,
}

/// The folder of a run.
#[derive(Debug, Args)]
pub(crate) struct FolderArg {
    /// The folder with the logs of a run
    #[arg(value_name = "DIR", default_value = "runs/latest")]
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) folder: FolderArg,

    /// Print the verdict as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    #[command(flatten)]
    pub(crate) folder: FolderArg,

    /// Print what came of it as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct LogArgs {
    #[command(flatten)]
    pub(crate) folder: FolderArg,

    /// Only the events of this machine
    #[arg(long, value_name = "N")]
    pub(crate) machine: Option<u32>,

    /// Go on with what is logged from now on, until Ctrl-C or all machines have stopped
    #[arg(long)]
    pub(crate) follow: bool,
}

/// Does what the command line says.
#[must_use]
pub fn main() -> Exit {
    if let Some(args) = node_alone() {
        return node::main(&args);
    }
    let Cli { command, run } = match command_line() {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    let command = command
        .unwrap_or_else(|| Command::Run(Box::new(RunArgs { experiment: None, options: run })));
    let done = match command {
        Command::Run(args) => run_command::run(*args),
        Command::Simulate(args) => simulate_command::run(*args),
        Command::Study(args) => study_command::run(&args),
        Command::Node(args) => Ok(node::main(&args)),
        Command::Log(args) => log_command::run(&args),
        Command::Check(args) => check_command::run(&args),
        Command::Replay(args) => replay_command::run(&args),
        Command::Report(args) => report_command::run(&args),
        Command::Certs(args) => certs_command::run(&args),
        Command::Explain(args) => explain_command::run(&args),
        Command::Quiz(args) => quiz_command::run(&args),
        Command::Export(args) => export_command::run(&args),
        Command::Completions(args) => Ok(manual::completions(&args)),
        Command::Man(args) => manual::man(&args),
        Command::Prepare(args) => prepare_command::run(&args),
    };
    done.unwrap_or_else(|Complaint { exit, message }| {
        terminal::complain(&message);
        exit
    })
}

/// What the command line says. One seed and many exclude each other: where the line says one
/// of them, the environment is not asked for the other.
fn command_line() -> clap::error::Result<Cli> {
    let says = |option: &str| {
        let mut words = std::env::args_os().take_while(|word| word != "--");
        words.any(|word| {
            word.as_encoded_bytes().split(|&byte| byte == b'=').next() == Some(option.as_bytes())
        })
    };
    let unasked = |command: clap::Command, option| command.mut_arg(option, |arg| arg.env(None));
    let command = Cli::command();
    let mut command = match (says("--seeds"), says("--seed")) {
        (true, false) => unasked(command, "seed")
            .mut_subcommand("simulate", |simulate| unasked(simulate, "seed")),
        (false, true) => command.mut_subcommand("simulate", |simulate| unasked(simulate, "seeds")),
        _ => command,
    };
    Cli::from_arg_matches_mut(&mut command.clone().try_get_matches()?)
        .map_err(|error| error.format(&mut command))
}

/// What a good command line of `offbeat node` says. A daemon keeps the pages of the
/// program that it has touched, so this does not touch those of all other commands.
fn node_alone() -> Option<node::Args> {
    let mut words = std::env::args_os().skip(1).peekable();
    words.next_if(|word| word == "node")?;
    node::Args::try_parse_from(std::iter::once("node".into()).chain(words)).ok()
}

/// Says what is wrong with the command line; help that was asked for, too.
fn refuse(error: &clap::Error) -> Exit {
    match node::explain(error, &Cli::command(), Program::as_started().name()) {
        Some(message) => terminal::complain(&message),
        None => error.exit(),
    }
    Exit::Usage
}
