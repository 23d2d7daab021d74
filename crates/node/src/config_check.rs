//! From a config as it is written to one that can be run.

use std::path::Path;

use journal::Folder;
use machine::MachineId;

use crate::config::{Config, NodeConfig, TlsConfig};
use crate::config_source::Problem;
use crate::hint::command;
use crate::naming::{check_address, check_run_name, is_loopback};

/// The most machines that a run may have.
const MACHINES_MAX: u32 = 10_000;

impl NodeConfig {
    /// Validates the config; a relative log is below `folder`.
    ///
    /// # Errors
    /// The first [`Problem`].
    pub fn validate(self, folder: &Path) -> Result<Config, Problem> {
        check_run_name(&self.run).map_err(|message| Problem::said("run", &message))?;
        self.check_machines()?;
        self.check_peers()?;
        check_address(&self.listen).map_err(|message| Problem::said("listen", &message))?;
        if self.draw_max == 0 {
            return Err(Problem::at(
                "draw_max",
                "nothing can be drawn from 1..=0",
                "say 10 for the classic experiment; the smaller, the more is sent",
            ));
        }
        if self.duration.is_some_and(|duration| duration.0.is_zero()) {
            return Err(Problem::at(
                "duration",
                "the run would last no time",
                "say 60s, or leave it out to run until Ctrl-C",
            ));
        }
        let neighbours = self.neighbours()?;
        self.check_secrecy()?;
        let log = match &self.log {
            Some(log) => folder.join(log),
            None => Path::new("runs").join(&self.run).join(Folder::log_name(self.machine)),
        };
        Ok(Config {
            run: self.run,
            machine: MachineId::new(self.machine),
            machines: self.machines,
            topology: self.topology,
            rate: self.rate,
            draw_max: self.draw_max,
            seed: self.seed,
            phase: self.phase,
            pacing: self.pacing,
            stamp: self.stamp,
            duration: self.duration.map(|duration| duration.0),
            listen: self.listen,
            log,
            sync: self.sync,
            tls: self.tls.map(|tls| tls.below(folder)),
            neighbours,
        })
    }

    /// Nothing is said in plain text where others may listen, unless it is so
    /// wanted.
    fn check_secrecy(&self) -> Result<(), Problem> {
        match (&self.tls, self.plain) {
            (Some(_), true) => Err(Problem::at(
                "plain",
                "with [tls], nothing is said in plain text",
                "keep one of them, `plain = true` or [tls]",
            )),
            (None, false) => self.check_is_local(),
            _ => Ok(()),
        }
    }

    fn check_is_local(&self) -> Result<(), Problem> {
        let listen = [("listen".to_owned(), &self.listen)].into_iter();
        let peers = self.peers.iter().enumerate();
        let peers = peers.map(|(index, peer)| (format!("peers.{index}.address"), &peer.address));
        match listen.chain(peers).find(|(_, address)| !is_loopback(address)) {
            None => Ok(()),
            Some((key, address)) => Err(Problem::at(
                &key,
                format!(
                    "{address} is not on this computer alone: in plain text, others could read \
                     and forge what is said there"
                ),
                format!(
                    "mint certificates with {} and name them in [tls], or say `plain = true`",
                    command(&format!("certs --machines {}", self.machines))
                ),
            )),
        }
    }

    fn check_machines(&self) -> Result<(), Problem> {
        if !(2..=MACHINES_MAX).contains(&self.machines) {
            return Err(Problem::at(
                "machines",
                format!("there cannot be {} machines", self.machines),
                format!("say a number from 2 to {MACHINES_MAX}"),
            ));
        }
        self.check_id("machine", self.machine)
    }

    fn check_id(&self, key: &str, id: u32) -> Result<(), Problem> {
        if (1..=self.machines).contains(&id) {
            return Ok(());
        }
        Err(Problem::at(
            key,
            format!("there is no machine {id}"),
            format!("with machines = {}, say a number from 1 to {0}", self.machines),
        ))
    }

    fn check_peers(&self) -> Result<(), Problem> {
        for (index, peer) in self.peers.iter().enumerate() {
            let key = format!("peers.{index}.machine");
            self.check_id(&key, peer.machine)?;
            if peer.machine == self.machine {
                return Err(Problem::at(
                    &key,
                    format!("machine {} is this machine itself", peer.machine),
                    "list only the other machines",
                ));
            }
            if self.peers[..index].iter().any(|earlier| earlier.machine == peer.machine) {
                return Err(Problem::at(
                    &key,
                    format!("machine {} is listed twice", peer.machine),
                    "list every machine once",
                ));
            }
            check_address(&peer.address)
                .map_err(|message| Problem::said(&format!("peers.{index}.address"), &message))?;
        }
        Ok(())
    }

    fn neighbours(&self) -> Result<Vec<(MachineId, String)>, Problem> {
        let topology = machine::Topology::from(self.topology);
        let address_of = |id: MachineId| {
            self.peers
                .iter()
                .find(|peer| peer.machine == id.get())
                .map(|peer| (id, peer.address.clone()))
                .ok_or_else(|| {
                    Problem::at(
                        "peers",
                        format!("machine {id} is a neighbour, but is not among the peers"),
                        format!("add {{ machine = {id}, address = \"host:port\" }}"),
                    )
                })
        };
        topology.neighbours(MachineId::new(self.machine), self.machines).map(address_of).collect()
    }
}

impl TlsConfig {
    /// The same, relative to where `folder` is.
    fn below(self, folder: &Path) -> Self {
        let Self { authority, certificate, key } = self;
        Self {
            authority: folder.join(authority),
            certificate: folder.join(certificate),
            key: folder.join(key),
        }
    }
}
