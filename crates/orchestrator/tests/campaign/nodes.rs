//! Nodes started by hand, each with its own config, that signals are sent to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

use journal::{Folder, Record, Stop, Sync};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use node::Exit;
use orchestrator::free_ports;
use tempfile::TempDir;

use crate::deadline::{wait_for, wait_until};
use crate::offbeat::{offbeat, records, stderr, ticks};

/// Nodes in a folder of their own. What still runs when it is dropped is ended.
pub(crate) struct Nodes {
    folder: TempDir,
    pub(crate) ports: Vec<u16>,
    running: Vec<Option<Child>>,
    /// The records in the log of each when it was started last.
    found: Vec<usize>,
}

/// What the nodes of a run have in common.
#[derive(Clone, Copy)]
pub(crate) struct Setup {
    pub(crate) machines: u32,
    pub(crate) rate: f64,
    pub(crate) draw_max: u64,
    pub(crate) sync: Sync,
    /// How long a run lasts, as a config has it; none if until a signal.
    pub(crate) duration: Option<&'static str>,
}

impl Nodes {
    /// None runs yet, and they have no configs.
    pub(crate) fn new(machines: u32) -> Self {
        let ports = free_ports("127.0.0.1", machines as usize);
        let running = (0..machines).map(|_| None).collect();
        let found = vec![0; machines as usize];
        Self { folder: TempDir::new().unwrap(), ports, running, found }
    }

    /// Where `machine` listens.
    pub(crate) fn address(&self, machine: u32) -> String {
        format!("127.0.0.1:{}", self.ports[machine as usize - 1])
    }

    /// Writes the config of a machine that dials `dial(peer)`.
    pub(crate) fn configure(
        &self,
        machine: u32,
        run: &str,
        setup: Setup,
        dial: impl Fn(u32) -> String,
    ) {
        let Setup { machines, rate, draw_max, sync, duration } = setup;
        let sync = match sync {
            Sync::Never => "never",
            Sync::Always => "always",
        };
        let mut text = format!(
            "run = \"{run}\"\nmachine = {machine}\nmachines = {machines}\nrate = {rate}\n\
             seed = 11\ndraw_max = {draw_max}\nsync = \"{sync}\"\nlisten = \"{}\"\n\
             log = \"machine-{machine}.jsonl\"\n",
            self.address(machine)
        );
        if let Some(duration) = duration {
            text += &format!("duration = \"{duration}\"\n");
        }
        for peer in (1..=machines).filter(|peer| *peer != machine) {
            text += &format!("[[peers]]\nmachine = {peer}\naddress = \"{}\"\n", dial(peer));
        }
        fs::write(config(self.folder(), machine), text).unwrap();
    }

    pub(crate) fn start(&mut self, machine: u32) {
        self.start_with(machine, &[]);
    }

    /// Starts a machine with more in its environment.
    pub(crate) fn start_with(&mut self, machine: u32, environment: &[(&str, &Path)]) {
        self.found[machine as usize - 1] = records(self.folder(), machine).len();
        let mut node = command(self.folder(), machine);
        node.envs(environment.iter().copied());
        self.running[machine as usize - 1] = Some(node.spawn().unwrap());
    }

    /// Starts a machine under strace with these arguments. The tracer is no parent of
    /// it (-D), so that it is waited for like any other.
    pub(crate) fn start_traced(&mut self, machine: u32, args: &[&str]) {
        self.found[machine as usize - 1] = records(self.folder(), machine).len();
        let node = command(self.folder(), machine);
        let mut strace = Command::new("strace");
        strace.args(["-D", "-qq"]).args(args);
        strace.arg(node.get_program()).args(node.get_args());
        for (name, _) in node.get_envs().filter(|(_, value)| value.is_none()) {
            strace.env_remove(name);
        }
        strace.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.running[machine as usize - 1] = Some(strace.spawn().unwrap());
    }

    /// The records that a machine found in its log when it was started.
    fn found(&self, machine: u32) -> usize {
        self.found[machine as usize - 1]
    }

    pub(crate) fn start_all(&mut self) {
        self.all().for_each(|machine| self.start(machine));
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = u32> + use<> {
        1..=self.running.len() as u32
    }

    pub(crate) fn signal(&self, machine: u32, signal: Signal) {
        let node = self.running[machine as usize - 1].as_ref().unwrap();
        kill(Pid::from_raw(node.id() as i32), signal).unwrap();
    }

    pub(crate) fn wait(&mut self, machine: u32) -> ExitStatus {
        let mut node = self.running[machine as usize - 1].take().unwrap();
        wait_for("a node ends", || node.try_wait().unwrap())
    }

    /// Waits until each has ticked `count` times more.
    pub(crate) fn wait_for_ticks(&self, count: u64) {
        for machine in self.all() {
            let goal = ticks(self.folder(), machine) + count;
            wait_until("all tick", || ticks(self.folder(), machine) >= goal);
        }
    }

    /// Stops all in good order, asserts that they did, and tells how many messages
    /// are in flight.
    pub(crate) fn stop_all(&mut self) -> u64 {
        self.all().for_each(|machine| self.signal(machine, Signal::SIGTERM));
        self.all().map(|machine| self.stopped(machine).unwrap().in_flight).sum()
    }

    /// Waits until a machine has stopped, and holds its log against its exit code.
    /// None if it was stopped before it began: then nothing is written.
    pub(crate) fn stopped(&mut self, machine: u32) -> Option<Stop> {
        let code = self.wait(machine).code();
        let log = fs::read(self.folder().join(Folder::log_name(machine))).unwrap_or_default();
        assert!(log.is_empty() || log.ends_with(b"\n"), "machine {machine}: a torn record");
        let (found, records) = (self.found(machine), records(self.folder(), machine));
        assert!(records.len() >= found, "machine {machine}: lost records");
        if records.len() == found {
            // It waited for its links, or was no further than its first milliseconds.
            assert!([None, Some(Exit::Done as i32)].contains(&code), "machine {machine}: {code:?}");
            return None;
        }
        let Some(Record::Stop(stop)) = records.last() else {
            let said = self.said(machine);
            panic!("machine {machine} ended as {code:?} with {:?}\n{said}", records.last());
        };
        let expected = if stop.in_flight == 0 { Exit::Done } else { Exit::InFlight };
        assert_eq!(code, Some(expected as i32), "machine {machine}: {stop:?}");
        Some(stop.clone())
    }

    /// What starts a machine, for a test that looks after it by itself.
    pub(crate) fn command(&self, machine: u32) -> Command {
        command(self.folder(), machine)
    }

    /// What the health check of one comes to: its exit code, and what it says.
    pub(crate) fn health(&self, machine: u32) -> (Option<i32>, String) {
        let mut check = self.command(machine);
        let output = check.arg("--healthcheck").stderr(Stdio::piped()).output().unwrap();
        (output.status.code(), stderr(&output))
    }

    /// The log of one.
    pub(crate) fn log(&self, machine: u32) -> PathBuf {
        self.folder().join(Folder::log_name(machine))
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The id of the process of one.
    pub(crate) fn process(&self, machine: u32) -> u32 {
        self.running[machine as usize - 1].as_ref().unwrap().id()
    }

    /// The diagnostics of one.
    pub(crate) fn said(&self, machine: u32) -> String {
        fs::read_to_string(self.folder().join(format!("machine-{machine}.diag.log"))).unwrap()
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for node in self.running.iter_mut().flatten() {
            let _ = node.kill();
            let _ = node.wait();
        }
    }
}

/// Whether a health check says that the log cannot be written.
pub(crate) fn is_unwritable((code, said): &(Option<i32>, String)) -> bool {
    *code == Some(Exit::Violated as i32) && said.contains("cannot write its log")
}

fn command(folder: &Path, machine: u32) -> Command {
    let mut command = offbeat();
    command.args(["node", "--config"]).arg(config(folder, machine));
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn config(folder: &Path, machine: u32) -> PathBuf {
    folder.join(format!("node-{machine}.toml"))
}
