//! The command line of one node: `offbeat-node`, and `offbeat node`.

use std::io::{self, Read as _};
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use clap::{CommandFactory as _, Parser};
use journal::{Record, StopReason};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tracing::{error, info};

use crate::config::Config;
use crate::diagnostics::{self, FILE_ONLY};
use crate::event_line::event_line;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::healthcheck::check_health;
use crate::ledger::Observer;
use crate::naming::check_run_name;
use crate::owner::{Ending, run};
use crate::people::{complain, say};
use crate::resume::resume;
use crate::transport::Transport;
use crate::usage::explain;

/// Run one machine of a model as a daemon
#[derive(Clone, Debug, Parser)]
#[command(name = "offbeat-node", version)]
pub struct Args {
    /// The node's config file
    #[arg(long, value_name = "FILE", env = "OFFBEAT_CONFIG", hide_env = true)]
    pub config: PathBuf,

    /// Take part in the run of this name instead of the config's, and log to runs/NAME/
    #[arg(long, value_name = "NAME", env = "OFFBEAT_RUN", hide_env = true, value_parser = run_name)]
    pub run: Option<String>,

    /// Only say whether the config is good, and what it means
    #[arg(long)]
    pub check_config: bool,

    /// Print no events, and stop when standard input is closed
    #[arg(long, hide = true)]
    pub supervised: bool,

    /// Tell whether the node of this config, already running, is alive and ticks or waits
    #[arg(long, hide = true, conflicts_with = "supervised")]
    pub healthcheck: bool,
}

impl Args {
    /// What the command line of `offbeat-node` says.
    ///
    /// # Errors
    /// The exit code if it is wrong, which has been told.
    pub fn from_command_line() -> Result<Self, Exit> {
        Self::try_parse().map_err(|error| {
            match explain(&error, &Self::command(), "offbeat-node") {
                Some(message) => complain(&message),
                None => error.exit(),
            }
            Exit::Usage
        })
    }
}

fn run_name(name: &str) -> Result<String, String> {
    check_run_name(name).map(|()| name.to_owned())
}

/// Runs the node that `args` describe until it ends.
#[must_use]
pub fn main(args: &Args) -> Exit {
    if args.healthcheck {
        return tell_health(args);
    }
    if args.check_config {
        return tell_config(args);
    }
    match start(args) {
        Ok(Ending { in_flight: 0, .. }) => Exit::Done,
        Ok(ending) => {
            complain(&left_in_flight(ending));
            Exit::InFlight
        }
        Err(failure) => {
            complain(&failure);
            failure.exit()
        }
    }
}

fn left_in_flight(Ending { reason, in_flight }: Ending) -> String {
    let remedy = match reason {
        StopReason::Duration => "the run is over: they stay in its log as sent and not received",
        _ => "start this node again to deliver them",
    };
    format!(
        "stopped with {in_flight} messages in flight: their receivers did not take them within \
         5 s\nhelp: {remedy}"
    )
}

fn tell_health(args: &Args) -> Exit {
    let health = Config::load(&args.config, args.run.as_deref())
        .map_err(|error| error.to_string())
        .and_then(|config| check_health(&config).map_err(|sickness| sickness.to_string()));
    match health {
        Ok(health) => {
            say(&health.to_string());
            Exit::Done
        }
        Err(reason) => {
            complain(&reason);
            Exit::Violated
        }
    }
}

fn tell_config(args: &Args) -> Exit {
    let config = Config::load(&args.config, args.run.as_deref()).map_err(Failure::from);
    match config.and_then(|config| Transport::load(&config).map(|_| config).map_err(Into::into)) {
        Ok(config) => {
            say(&format!("{} is good.\n{config}", args.config.display()));
            Exit::Done
        }
        Err(failure) => {
            complain(&failure);
            failure.exit()
        }
    }
}

fn start(args: &Args) -> Result<Ending, Failure> {
    let config = Config::load(&args.config, args.run.as_deref())?;
    let transport = Transport::load(&config)?;
    let _guard = diagnostics::start(&config.diagnostics_file())?;
    let ending = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(as_task(run_config(config, transport, args.supervised)));
    if let Err(failure) = &ending {
        error!(target: FILE_ONLY, "{failure}");
    }
    ending
}

/// Runs the node as a task like any other. Whatever wakes the future that a runtime is
/// started with makes it look at all connections once more before that goes on.
async fn as_task<T: Send + 'static>(node: impl Future<Output = T> + Send + 'static) -> T {
    match tokio::spawn(node).await {
        Ok(ending) => ending,
        Err(panic) => resume_unwind(panic.into_panic()),
    }
}

async fn run_config(
    config: Config,
    transport: Transport,
    supervised: bool,
) -> Result<Ending, Failure> {
    let resumed = resume(&config)?;
    let shutdown = CancellationToken::new();
    stop_on_signals(&shutdown)?;
    if supervised {
        stop_on_end_of_input(&shutdown)?;
    }
    let listener = TcpListener::bind(&config.listen)
        .await
        .map_err(|source| Failure::Listen { address: config.listen.clone(), source })?;
    info!(machine = %config.machine, run = config.run, address = config.listen, %transport, "listening");
    let observer = (!supervised).then(|| printer(resumed.clock()));
    run(&config, transport, resumed, listener, shutdown, observer).await
}

/// A node that was stopped by a signal when its parent was killed could not hear
/// that its input has ended. To one that runs the signal means nothing.
#[cfg(target_os = "linux")]
fn go_on_without_parent() -> io::Result<()> {
    Ok(nix::sys::prctl::set_pdeathsig(nix::sys::signal::Signal::SIGCONT)?)
}

/// Elsewhere it is left to the kernel, which wakes process groups that have lost
/// their parents, but not in every session.
#[cfg(not(target_os = "linux"))]
fn go_on_without_parent() -> io::Result<()> {
    Ok(())
}

fn printer(mut clock: u64) -> Observer {
    Box::new(move |record: &Record| {
        say(&event_line(record, clock));
        clock = record.clock();
    })
}

fn stop_on_signals(shutdown: &CancellationToken) -> io::Result<()> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let mut signals = signal(kind)?;
        let shutdown = shutdown.clone();
        tokio::spawn(async move {
            signals.recv().await;
            shutdown.cancel();
        });
    }
    Ok(())
}

/// Whoever started this node holds the other end of its standard input, and
/// nothing that can happen to it leaves that open.
fn stop_on_end_of_input(shutdown: &CancellationToken) -> io::Result<()> {
    go_on_without_parent()?;
    let shutdown = shutdown.clone();
    thread::Builder::new().stack_size(64 << 10).spawn(move || {
        let mut byte = [0];
        while io::stdin().read(&mut byte).is_ok_and(|count| count > 0) {}
        shutdown.cancel();
    })?;
    Ok(())
}
