//! A long run under way, to be interrupted.

use std::path::PathBuf;
use std::process::{Child, Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::deadline::wait_until;
use crate::node_processes::nodes_of;
use crate::offbeat::{offbeat, ticks};

/// A long run under way, all its machines ticking.
pub(crate) struct Running {
    pub(crate) temp: TempDir,
    command: Option<Child>,
}

impl Running {
    /// Starts one of ten minutes, with these arguments, too.
    pub(crate) fn start(args: &str) -> Self {
        let temp = TempDir::new().unwrap();
        let command = offbeat()
            .current_dir(temp.path())
            .args("--duration 10m --rates 4,5,6 --ports auto --out out".split_whitespace())
            .args(args.split_whitespace())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let running = Self { temp, command: Some(command) };
        for machine in 1..=3 {
            wait_until("all machines tick", || ticks(&running.folder(), machine) > 2);
        }
        running
    }

    /// Where its logs are.
    pub(crate) fn folder(&self) -> PathBuf {
        self.temp.path().join("out")
    }

    /// Sends a signal to the command.
    pub(crate) fn signal(&self, signal: Signal) {
        kill(Pid::from_raw(self.command.as_ref().unwrap().id() as i32), signal).unwrap();
    }

    /// The process ids of its nodes, by the configs on their command lines.
    pub(crate) fn nodes(&self) -> Vec<i32> {
        nodes_of(self.temp.path())
    }

    /// Waits until the command ends.
    pub(crate) fn end(&mut self) -> Output {
        self.command.take().unwrap().wait_with_output().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(command) = &mut self.command {
            let _ = command.kill();
            let _ = command.wait();
        }
    }
}
