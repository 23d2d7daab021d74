//! The node processes of a run.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, Command};
use tokio::sync::mpsc;

use crate::run_folder::RunFolder;

/// The last lines of diagnostics that are kept of each node.
const LAST_WORDS_MAX: usize = 8;

/// The nodes of a run, each a process of its own.
///
/// Each holds the end of a pipe whose other end is here: when that closes, for
/// whatever reason, the node stops. So none outlives this process.
#[derive(Debug)]
pub(crate) struct Fleet {
    folder: PathBuf,
    nodes: BTreeMap<u32, Node>,
    exits_in: mpsc::Sender<NodeExit>,
    exits: mpsc::Receiver<NodeExit>,
    running: usize,
}

/// A running node.
#[derive(Debug)]
struct Node {
    lifeline: Option<ChildStdin>,
    /// Signals go by way of the task that waits for the process, which alone knows
    /// whether its id is still its own.
    signals: mpsc::UnboundedSender<Signal>,
}

/// A node has ended.
#[derive(Debug)]
pub(crate) struct NodeExit {
    pub(crate) machine: u32,
    pub(crate) status: io::Result<ExitStatus>,
    /// Its last diagnostics.
    pub(crate) last_words: Vec<String>,
}

impl NodeExit {
    /// Its exit code; none if a signal ended it.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.as_ref().ok()?.code()
    }

    /// Whether `kill -9` ended it.
    pub(crate) fn was_killed(&self) -> bool {
        let signal = self.status.as_ref().ok().and_then(ExitStatus::signal);
        signal == Some(Signal::SIGKILL as i32)
    }
}

impl Fleet {
    /// Starts the nodes whose configs lie in `folder`.
    ///
    /// # Errors
    /// If the operating system does not start one; those that it started stop.
    pub(crate) fn launch(folder: &Path, machines: u32) -> io::Result<Self> {
        let (exits_in, exits) = mpsc::channel(machines as usize);
        let folder = folder.to_owned();
        let mut fleet = Self { folder, nodes: BTreeMap::new(), exits_in, exits, running: 0 };
        (1..=machines).try_for_each(|machine| fleet.start(machine))?;
        Ok(fleet)
    }

    /// Starts the node of one machine, for the first time or again.
    ///
    /// # Errors
    /// If the operating system does not.
    pub(crate) fn start(&mut self, machine: u32) -> io::Result<()> {
        let mut child = spawn(&self.folder, machine)?;
        let (signals, to_send) = mpsc::unbounded_channel();
        let lifeline = child.stdin.take();
        tokio::spawn(watch(machine, child, self.exits_in.clone(), to_send));
        self.nodes.insert(machine, Node { lifeline, signals });
        self.running += 1;
        Ok(())
    }

    /// Whether no node runs.
    pub(crate) fn is_empty(&self) -> bool {
        self.running == 0
    }

    /// The next node to end; waits for ever if none runs.
    pub(crate) async fn next_exit(&mut self) -> NodeExit {
        match self.exits.recv().await {
            Some(exit) => {
                self.running -= 1;
                exit
            }
            None => std::future::pending().await,
        }
    }

    /// Tells all nodes to stop in good order. One that stands still has to go on
    /// in order to hear it.
    pub(crate) fn stop(&mut self) {
        self.signal_all(Signal::SIGCONT);
        self.nodes.values_mut().for_each(|node| node.lifeline = None);
    }

    /// Ends all nodes at once.
    pub(crate) fn kill_all(&self) {
        self.signal_all(Signal::SIGKILL);
    }

    /// Ends one at once.
    pub(crate) fn kill(&self, machine: u32) {
        self.signal(machine, Signal::SIGKILL);
    }

    /// Has one stand still.
    pub(crate) fn halt(&self, machine: u32) {
        self.signal(machine, Signal::SIGSTOP);
    }

    /// Has one that stands still go on.
    pub(crate) fn go_on(&self, machine: u32) {
        self.signal(machine, Signal::SIGCONT);
    }

    fn signal_all(&self, signal: Signal) {
        self.nodes.keys().for_each(|machine| self.signal(*machine, signal));
    }

    fn signal(&self, machine: u32, signal: Signal) {
        if let Some(node) = self.nodes.get(&machine) {
            // A node that has ended needs no signal.
            let _ = node.signals.send(signal);
        }
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
    mut signals: mpsc::UnboundedReceiver<Signal>,
) {
    let stderr = child.stderr.take();
    let listening = tokio::spawn(last_words(stderr));
    let status = loop {
        tokio::select! {
            biased;
            Some(signal) = signals.recv() => send(&child, signal),
            status = child.wait() => break status,
        }
    };
    let last_words = listening.await.unwrap_or_default();
    // If nobody waits for it any more, nobody needs to know.
    let _ = exits.send(NodeExit { machine, status, last_words }).await;
}

/// Sends a signal, unless the process has been waited for: then its id may be
/// another's.
fn send(child: &Child, signal: Signal) {
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // It may have ended just now, which waiting tells.
        let _ = kill(Pid::from_raw(id), signal);
    }
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
