//! How a command that takes long is told to stop: by Ctrl-C, or by whatever else asks a
//! process to end.

use std::panic::resume_unwind;
use std::process::exit;
use std::time::Duration;

use node::Exit;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::complaint::Complaint;
use crate::terminal;

/// Signals that come within this time are one: whoever passes a signal on, as timeout(1),
/// does so beside the group of processes that had it already.
const ONCE: Duration = Duration::from_millis(500);

/// The signals that ask a process to end.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
}

impl Signals {
    fn listen() -> Result<Self, Complaint> {
        Ok(Self {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

fn listen(kind: SignalKind) -> Result<Signal, Complaint> {
    signal(kind).map_err(|error| Complaint::failed(format!("cannot listen for signals: {error}")))
}

/// A token that the first such signal cancels, or the loss of the terminal, which is not
/// to leave processes behind.
///
/// # Errors
/// If signals cannot be listened for.
pub(crate) fn stop_on_signals() -> Result<CancellationToken, Complaint> {
    let (mut signals, mut hangup) = (Signals::listen()?, listen(SignalKind::hangup())?);
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            () = signals.next() => {}
            _ = hangup.recv() => {}
        }
        token.cancel();
    });
    Ok(stop)
}

/// Does `work` on another thread, while this one listens for signals. The first of them
/// cancels the token, so that the work ends early. Whoever cannot wait for that sends a
/// second one, which ends the process. The loss of the terminal is left as it is: it ends
/// the process, unless nohup(1) started it.
///
/// # Errors
/// If signals cannot be listened for.
pub(crate) async fn stoppable<T: Send + 'static>(
    work: impl FnOnce(&CancellationToken) -> T + Send + 'static,
) -> Result<T, Complaint> {
    let mut signals = Signals::listen()?;
    let stop = CancellationToken::new();
    let token = stop.clone();
    let work = spawn_blocking(move || work(&token));
    let told_twice = async {
        signals.next().await;
        stop.cancel();
        sleep(ONCE).await;
        Signals::listen()?.next().await;
        Ok(())
    };
    tokio::select! {
        biased;
        done = work => Ok(done.unwrap_or_else(|error| resume_unwind(error.into_panic()))),
        told = told_twice => told.map(|()| {
            terminal::complain("stopped at once");
            exit(Exit::Failed as i32)
        }),
    }
}

/// What listens, and drives live runs: one thread, for all of that only waits.
///
/// # Errors
/// If the operating system does not give what it needs.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Complaint> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Complaint::failed(format!("cannot start: {error}")))
}
