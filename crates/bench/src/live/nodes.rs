//! Node processes, started as `offbeat run` starts them.

use std::fs;
use std::path::Path;
use std::process::Child;

use tempfile::TempDir;

use crate::Failure;
use crate::live::daemon::Daemon;

/// The host that they listen on.
const HOST: &str = "127.0.0.1";

/// Where each of so many machines is to listen.
pub(crate) fn addresses(machines: usize) -> Vec<String> {
    let ports = orchestrator::free_ports(HOST, machines);
    ports.into_iter().map(|port| format!("{HOST}:{port}")).collect()
}

/// The nodes of a run, each a process. They end with this value.
#[derive(Debug)]
pub(crate) struct Nodes {
    folder: TempDir,
    pub(crate) processes: Vec<Child>,
}

impl Nodes {
    /// Starts the first `count` of the machines that listen on `addresses`;
    /// `settings` are lines of the config of each.
    pub(crate) fn start(
        addresses: &[String],
        count: usize,
        settings: &str,
    ) -> Result<Self, Failure> {
        Self::start_as(&Daemon::of_command()?, addresses, count, settings)
    }

    /// The same, each of them this daemon.
    pub(crate) fn start_as(
        daemon: &Daemon,
        addresses: &[String],
        count: usize,
        settings: &str,
    ) -> Result<Self, Failure> {
        let mut nodes = Self { folder: TempDir::new()?, processes: Vec::new() };
        for machine in 1..=count {
            let config = nodes.folder.path().join(format!("machine-{machine}.toml"));
            fs::write(&config, config_of(machine, addresses, settings))?;
            nodes.processes.push(daemon.start(&config)?);
        }
        Ok(nodes)
    }

    /// Where the logs are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until all have ended, as they must, in good order.
    pub(crate) fn wait(&mut self) -> Result<(), Failure> {
        for process in &mut self.processes {
            // Not by way of its standard input, whose end would have it stop now.
            let status = loop {
                match process.try_wait()? {
                    Some(status) => break status,
                    None => std::thread::sleep(std::time::Duration::from_millis(5)),
                }
            };
            if !status.success() {
                return Err(format!("offbeat node: {status}").into());
            }
        }
        Ok(())
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        for process in &mut self.processes {
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

fn config_of(machine: usize, addresses: &[String], settings: &str) -> String {
    let mut config = format!(
        "run = \"bench\"\nmachine = {machine}\nmachines = {}\nseed = 7\nlisten = \"{}\"\n\
         log = \"machine-{machine}.jsonl\"\n{settings}\n",
        addresses.len(),
        addresses[machine - 1],
    );
    for (peer, address) in (1..).zip(addresses).filter(|(peer, _)| *peer != machine) {
        config += &format!("[[peers]]\nmachine = {peer}\naddress = \"{address}\"\n");
    }
    config
}
