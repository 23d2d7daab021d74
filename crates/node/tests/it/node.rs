//! The node under test.

use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use journal::Record;
use node::{Config, Ending, Failure, Transport, resume, run};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, spawn_local};
use tokio_util::sync::CancellationToken;

use crate::connection::Connection;
use crate::door::Door;
use crate::live::{Said, soon, until};
use crate::papers::Authority;

/// A running machine 1.
pub(crate) struct Node {
    pub(crate) address: SocketAddr,
    pub(crate) said: Said,
    pub(crate) door: Door,
    shutdown: CancellationToken,
    ticks: Arc<AtomicU64>,
    running: JoinHandle<Result<Ending, Failure>>,
}

impl Node {
    /// Starts it on a free port, not on that of its config.
    pub(crate) async fn start(
        config: Config,
        authority: Option<Rc<Authority>>,
        said: Said,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let resumed = resume(&config).unwrap();
        let transport = Transport::load(&config).unwrap();
        let (shutdown, ticks) = (CancellationToken::new(), Arc::new(AtomicU64::new(0)));
        let until = shutdown.clone();
        let seen = ticks.clone();
        let observer = Box::new(move |record: &Record| {
            if let Some(tick) = record.tick() {
                seen.store(tick, Ordering::Relaxed);
            }
        });
        let running = spawn_local(async move {
            run(&config, transport, resumed, listener, until, Some(observer)).await
        });
        Self { address, said, door: Door { address, authority }, shutdown, ticks, running }
    }

    /// A connection to it on which nothing has been said, from machine 2.
    pub(crate) async fn dial(&self) -> Connection {
        self.dial_as(2).await
    }

    /// The same from `machine`.
    pub(crate) async fn dial_as(&self, machine: u32) -> Connection {
        self.door.dial_as(machine).await
    }

    /// A good link in, from `machine` in its first incarnation.
    pub(crate) async fn link_from(&self, machine: u32) -> Connection {
        self.door.link_from(machine).await
    }

    /// Its ticks that are in the log.
    pub(crate) fn ticks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// Waits for `count` more ticks.
    pub(crate) async fn tick_on(&self, count: u64) {
        let goal = self.ticks() + count;
        until("the machine ticks on", || self.ticks() >= goal || self.running.is_finished()).await;
        assert!(self.ticks() >= goal, "the node has ended:\n{}", self.said.text());
    }

    /// Has it stop, as a signal does.
    pub(crate) fn shut_down(&self) {
        self.shutdown.cancel();
    }

    /// Whether it runs no more.
    pub(crate) fn has_ended(&self) -> bool {
        self.running.is_finished()
    }

    /// How it ends.
    pub(crate) async fn end(self) -> Result<Ending, Failure> {
        soon("the node ends", self.running).await.unwrap()
    }

    /// Has it stop, and end in good order.
    pub(crate) async fn stop(self) -> Ending {
        self.shut_down();
        self.end().await.unwrap()
    }

    /// Ends it where it is, as a crash does.
    pub(crate) async fn kill(self) {
        self.running.abort();
        assert!(soon("the node dies", self.running).await.unwrap_err().is_cancelled());
    }
}
