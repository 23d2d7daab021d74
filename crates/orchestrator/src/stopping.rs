//! How a command that takes long is told to stop: by Ctrl-C, or by whatever else asks a
//! process to end.

use std::io;
use std::panic::resume_unwind;
use std::process::exit;
use std::time::Duration;

use node::Exit;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::task::spawn_blocking;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::complaint::Complaint;

/// Signals that come within this time are one: whoever passes a signal on, as timeout(1),
/// does so beside the group of processes that had it already.
const ONCE: Duration = Duration::from_millis(500);

/// The signals that ask a process to end.
struct Signals([Signal; 3]);

impl Signals {
    fn listen() -> Result<Self, Complaint> {
        let listen = |kind| {
            signal(kind).map_err(|error: io::Error| {
                Complaint::failed(format!("cannot listen for signals: {error}"))
            })
        };
        Ok(Self([
            listen(SignalKind::interrupt())?,
            listen(SignalKind::terminate())?,
            listen(SignalKind::hangup())?,
        ]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

/// A token that the first such signal cancels.
///
/// # Errors
/// If signals cannot be listened for.
pub(crate) fn stop_on_signals() -> Result<CancellationToken, Complaint> {
    let mut signals = Signals::listen()?;
    let stop = CancellationToken::new();
    let token = stop.clone();
    tokio::spawn(async move {
        signals.next().await;
        token.cancel();
    });
    Ok(stop)
}

/// Does `work` on another thread, while this one listens for signals. The first of them
/// cancels the token, so that the work ends early. Whoever cannot wait for that sends a
/// second one, which ends the process.
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
        done = work => Ok(done.unwrap_or_else(|error| resume_unwind(error.into_panic()))),
        told = told_twice => told.map(|()| exit(Exit::Failed as i32)),
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
