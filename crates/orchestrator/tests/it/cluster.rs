//! Three nodes started by hand, each with its own config.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use node::NodeConfig;
use orchestrator::free_ports;
use tempfile::TempDir;

use crate::deadline::{wait_for, wait_until};
use crate::offbeat::{offbeat, stop, ticks};

/// The rates of machines 1, 2 and 3.
const RATES: [u32; 3] = [2, 4, 6];

/// Nodes by hand. What still runs when it is dropped is ended.
pub(crate) struct Cluster {
    folder: TempDir,
    nodes: [Option<Child>; 3],
}

/// Where each machine listens, and where the others are told that it does.
pub(crate) struct Ports {
    pub(crate) listen: Vec<u16>,
    pub(crate) dial: Vec<u16>,
}

impl Ports {
    /// Free ones, dialled as they are.
    pub(crate) fn free() -> Self {
        let listen = free_ports("127.0.0.1", 3);
        Self { dial: listen.clone(), listen }
    }
}

impl Cluster {
    /// Writes the configs of a run without an end.
    pub(crate) fn new(ports: &Ports) -> Self {
        let folder = TempDir::new().unwrap();
        for machine in 1..=3 {
            fs::write(config(folder.path(), machine), node_config(machine, ports)).unwrap();
        }
        Self { folder, nodes: [None, None, None] }
    }

    /// Changes the config of one.
    pub(crate) fn configure(&self, machine: u32, change: impl FnOnce(&mut NodeConfig)) {
        let path = config(self.folder(), machine);
        let mut config = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        change(&mut config);
        fs::write(path, toml::to_string(&config).unwrap()).unwrap();
    }

    /// Starts all three and waits until all tick.
    pub(crate) fn started(ports: &Ports) -> Self {
        let mut cluster = Self::new(ports);
        (1..=3).for_each(|machine| cluster.start(machine));
        cluster.wait_for_ticks(1);
        cluster
    }

    /// Starts one.
    pub(crate) fn start(&mut self, machine: u32) {
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.folder().join(format!("machine-{machine}.out")))
            .unwrap();
        let node = offbeat()
            .args(["node", "--config"])
            .arg(config(self.folder(), machine))
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.nodes[machine as usize - 1] = Some(node);
    }

    /// Ends one as a power cut would.
    pub(crate) fn kill(&mut self, machine: u32) {
        self.signal(machine, Signal::SIGKILL);
        self.wait(machine);
    }

    /// Stops all in good order, and asserts that they did.
    pub(crate) fn stop(&mut self) {
        (1..=3).for_each(|machine| self.signal(machine, Signal::SIGINT));
        for machine in 1..=3 {
            let status = self.wait(machine);
            assert!(status.success(), "machine {machine}: {status}\n{}", self.said(machine));
            assert_eq!(stop(self.folder(), machine).unwrap().in_flight, 0);
        }
    }

    /// Waits until each has ticked `count` times more.
    pub(crate) fn wait_for_ticks(&self, count: u64) {
        for machine in 1..=3 {
            self.wait_for_ticks_of(machine, count);
        }
    }

    /// Waits until one has ticked `count` times more.
    pub(crate) fn wait_for_ticks_of(&self, machine: u32, count: u64) {
        let goal = ticks(self.folder(), machine) + count;
        wait_until(&format!("machine {machine} ticks"), || ticks(self.folder(), machine) >= goal);
    }

    /// Where the logs are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The diagnostics of one.
    pub(crate) fn said(&self, machine: u32) -> String {
        fs::read_to_string(self.folder().join(format!("machine-{machine}.out"))).unwrap()
    }

    fn signal(&self, machine: u32, signal: Signal) {
        let node = self.nodes[machine as usize - 1].as_ref().unwrap();
        kill(Pid::from_raw(node.id() as i32), signal).unwrap();
    }

    fn wait(&mut self, machine: u32) -> ExitStatus {
        let mut node = self.nodes[machine as usize - 1].take().unwrap();
        wait_for("a node ends", || node.try_wait().unwrap())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for node in self.nodes.iter_mut().flatten() {
            let _ = node.kill();
            let _ = node.wait();
        }
    }
}

fn config(folder: &Path, machine: u32) -> PathBuf {
    folder.join(format!("node-{machine}.toml"))
}

fn node_config(machine: u32, ports: &Ports) -> String {
    let index = machine as usize - 1;
    let peers: Vec<_> = (1..=3_u32)
        .filter(|peer| *peer != machine)
        .map(|peer| {
            let port = ports.dial[peer as usize - 1];
            format!("[[peers]]\nmachine = {peer}\naddress = \"127.0.0.1:{port}\"\n")
        })
        .collect();
    format!(
        "run = \"test\"\nmachine = {machine}\nmachines = 3\nrate = {}\nseed = 11\ndraw_max = 5\n\
         listen = \"127.0.0.1:{}\"\nlog = \"machine-{machine}.jsonl\"\n\n{}",
        RATES[index],
        ports.listen[index],
        peers.join("\n")
    )
}
