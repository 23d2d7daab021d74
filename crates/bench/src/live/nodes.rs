//! Node processes, started as `offbeat run` starts them.

use std::fs;
use std::io;
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
        Self::start_each(count, |folder, machine| {
            let config = folder.join(format!("machine-{machine}.toml"));
            fs::write(&config, config_of(machine, addresses, settings))?;
            daemon.start(&config)
        })
    }

    /// Starts so many processes, each by its number, in one folder.
    pub(crate) fn start_each(
        count: usize,
        start: impl Fn(&Path, usize) -> io::Result<Child>,
    ) -> Result<Self, Failure> {
        let mut nodes = Self { folder: TempDir::new()?, processes: Vec::new() };
        for machine in 1..=count {
            nodes.processes.push(start(nodes.folder.path(), machine)?);
        }
        Ok(nodes)
    }

    /// Where the logs are.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// What has ended, or logged nothing, was not measured.
    pub(crate) fn check_that_all_live(&mut self) -> Result<(), Failure> {
        for (process, machine) in self.processes.iter_mut().zip(1..) {
            let log = self.folder.path().join(format!("machine-{machine}.jsonl"));
            if let Some(status) = process.try_wait()? {
                return Err(format!("machine {machine} has ended: {status}").into());
            }
            if fs::metadata(log).map_or(0, |log| log.len()) == 0 {
                return Err(format!("machine {machine} has logged nothing").into());
            }
        }
        Ok(())
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

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn what_has_ended_or_logged_nothing_is_not_measured() {
        for (lives, logs, fault) in [
            (false, true, Some("machine 2 has ended: exit status: 0")),
            (true, false, Some("machine 2 has logged nothing")),
            (true, true, None),
        ] {
            let start = |folder: &Path, machine| {
                let is_good = machine != 2;
                fs::write(
                    folder.join(format!("machine-{machine}.jsonl")),
                    if logs || is_good { "a line\n" } else { "" },
                )?;
                let mut process = Command::new(if lives || is_good { "cat" } else { "true" });
                process.stdin(Stdio::piped()).spawn()
            };
            let mut nodes = Nodes::start_each(3, start).unwrap();
            if !lives {
                while nodes.processes[1].try_wait().unwrap().is_none() {
                    std::thread::yield_now();
                }
            }
            let said = nodes.check_that_all_live().err().map(|fault| fault.to_string());
            assert_eq!(said.as_deref(), fault);
        }
    }
}
