//! The node processes of a run.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::run_folder::RunFolder;

/// The last lines of diagnostics that are kept of each node.
const LAST_WORDS_MAX: usize = 8;

/// The nodes of a run, each a process of its own.
///
/// Each holds the end of a pipe whose other end is here: when that closes, for
/// whatever reason, the node stops. So none outlives this process.
#[derive(Debug)]
pub(crate) struct Fleet {
    lifelines: Vec<ChildStdin>,
    exits: mpsc::Receiver<NodeExit>,
    running: usize,
    kill: CancellationToken,
}

/// A node has ended.
#[derive(Debug)]
pub(crate) struct NodeExit {
    pub(crate) machine: u32,
    pub(crate) status: io::Result<ExitStatus>,
    /// Its last diagnostics.
    pub(crate) last_words: Vec<String>,
}

impl Fleet {
    /// Starts the nodes whose configs lie in `folder`.
    ///
    /// # Errors
    /// If the operating system does not start one; those that it started stop.
    pub(crate) fn start(folder: &Path, machines: u32) -> io::Result<Self> {
        let (sender, exits) = mpsc::channel(machines as usize);
        let kill = CancellationToken::new();
        let mut lifelines = Vec::new();
        for machine in 1..=machines {
            let mut child = spawn(folder, machine)?;
            lifelines.extend(child.stdin.take());
            tokio::spawn(watch(machine, child, sender.clone(), kill.clone()));
        }
        Ok(Self { lifelines, exits, running: machines as usize, kill })
    }

    /// The next node to end; none if all have.
    pub(crate) async fn next_exit(&mut self) -> Option<NodeExit> {
        if self.running == 0 {
            return None;
        }
        let exit = self.exits.recv().await;
        self.running -= 1;
        exit
    }

    /// Tells all nodes to stop in good order.
    pub(crate) fn stop(&mut self) {
        self.lifelines.clear();
    }

    /// Ends all nodes at once.
    pub(crate) fn kill(&self) {
        self.kill.cancel();
    }
}

fn spawn(folder: &Path, machine: u32) -> io::Result<Child> {
    Command::new(own_executable()?)
        .arg0("offbeat")
        .args(["node", "--supervised", "--config"])
        .arg(folder.join(RunFolder::config_name(machine)))
        .env_remove("OFFBEAT_RUN")
        // Ctrl-C is for this process, which then stops the nodes.
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
}

/// This very program, even if its file has been replaced since it was started.
fn own_executable() -> io::Result<PathBuf> {
    let own = Path::new("/proc/self/exe");
    if own.exists() { Ok(own.to_owned()) } else { std::env::current_exe() }
}

async fn watch(
    machine: u32,
    mut child: Child,
    exits: mpsc::Sender<NodeExit>,
    kill: CancellationToken,
) {
    let stderr = child.stderr.take();
    let listening = tokio::spawn(last_words(stderr));
    let status = match kill.run_until_cancelled(child.wait()).await {
        Some(status) => status,
        None => {
            // It may have ended by itself just now; wait tells either way.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    let last_words = listening.await.unwrap_or_default();
    // If nobody waits for it any more, nobody needs to know.
    let _ = exits.send(NodeExit { machine, status, last_words }).await;
}

async fn last_words(stderr: Option<ChildStderr>) -> Vec<String> {
    let mut last = VecDeque::new();
    let Some(stderr) = stderr else {
        return Vec::new();
    };
    let mut lines = BufReader::new(stderr).lines();
    while let Ok(Some(line)) = lines.next_line().await {
        if last.len() == LAST_WORDS_MAX {
            last.pop_front();
        }
        last.push_back(line);
    }
    last.into()
}
