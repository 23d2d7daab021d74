//! The node under test as a process of its own, so that what it costs can be read
//! from the kernel.

use std::fs::{self, File};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::door::Door;
use crate::lab::Lab;
use crate::live::{PATIENCE, until};

/// A running machine 1. What still runs when it is dropped is ended.
pub(crate) struct Process<'a> {
    pub(crate) door: Door,
    lab: &'a Lab,
    child: Child,
    said: PathBuf,
}

impl<'a> Process<'a> {
    /// Starts it on a free port.
    pub(crate) async fn start(lab: &'a Lab) -> Self {
        loop {
            let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            let process = Self::start_at(lab, free);
            until("the node listens, or cannot", || {
                process.count("listening") + process.count("cannot listen") > 0
            })
            .await;
            if process.count("listening") > 0 {
                return process;
            }
        }
    }

    fn start_at(lab: &'a Lab, address: SocketAddr) -> Self {
        let config = lab.path("node.toml");
        let text = fs::read_to_string(&config).unwrap();
        let text = text.replace("127.0.0.1:5555", &address.to_string());
        fs::write(lab.path("process.toml"), text).unwrap();
        let said = lab.path("process.err");
        let child = Command::new(env!("CARGO_BIN_EXE_offbeat-node"))
            .arg("--config")
            .arg(lab.path("process.toml"))
            .env_remove("OFFBEAT_RUN")
            .env_remove("OFFBEAT_DIAGNOSTICS")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&said).unwrap())
            .spawn()
            .unwrap();
        let door = Door { address, authority: lab.authority.clone() };
        Self { door, lab, child, said }
    }

    /// Its diagnostics so far.
    pub(crate) fn text(&self) -> String {
        fs::read_to_string(&self.said).unwrap()
    }

    /// How often `what` is in them.
    pub(crate) fn count(&self, what: &str) -> usize {
        self.text().matches(what).count()
    }

    /// Waits until it has ticked `count` times more.
    pub(crate) async fn tick_on(&self, count: u64) {
        let goal = self.ticks() + count;
        self.until("the machine ticks on", || self.ticks() >= goal).await;
    }

    /// Waits until `holds`; if that is in vain, tells what the node said.
    pub(crate) async fn until(&self, what: &str, mut holds: impl FnMut() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}\n{}", self.text());
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// Connections that it said it refused before they were links.
    pub(crate) fn refusals(&self) -> usize {
        self.count("refused a connection: ")
    }

    /// Waits until there are so many of them.
    pub(crate) async fn wait_for_refusals(&self, count: usize) {
        self.until(&format!("{count} refusals"), || self.refusals() >= count).await;
    }

    /// Its ticks that are in the log.
    pub(crate) fn ticks(&self) -> u64 {
        self.lab.records().iter().rev().find_map(journal::Record::tick).unwrap_or_default()
    }

    /// Its resident memory, in bytes.
    pub(crate) fn resident_bytes(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
    }

    /// Its open descriptors.
    pub(crate) fn descriptors(&self) -> usize {
        fs::read_dir(format!("/proc/{}/fd", self.child.id())).unwrap().count()
    }

    /// Has it stop by SIGTERM, and gives back its exit code.
    pub(crate) async fn stop(&mut self) -> i32 {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").arg(pid).status().unwrap().success());
        self.end().await
    }

    /// Waits until it ends, and gives back its exit code.
    pub(crate) async fn end(&mut self) -> i32 {
        let mut status = None;
        until("the node ends", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        })
        .await;
        status.and_then(|status| status.code()).unwrap_or(-1)
    }
}

impl Drop for Process<'_> {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
