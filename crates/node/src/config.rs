//! What a node is told: its config file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use journal::{Folder, Pacing, Phase, Rate, StampRule, Sync, Timespan, Topology};
use machine::MachineId;
use serde::{Deserialize, Serialize};

use crate::config_source::{ConfigError, Problem, load};

/// The most machines that a run may have.
const MACHINES_MAX: u32 = 10_000;

/// The longest name of a run, in bytes: it goes into every Hello.
const RUN_NAME_BYTES_MAX: usize = 64;

/// The config file of one node, as it is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NodeConfig {
    /// The run's id: letters, digits, `-`, `_` and `.`. Machines of different runs
    /// refuse each other.
    pub run: String,
    /// The number of this machine, 1 to `machines`.
    pub machine: u32,
    /// How many machines there are, at least 2.
    pub machines: u32,
    /// Who is connected to whom: `full` (default) or `ring`.
    #[serde(default)]
    pub topology: Topology,
    /// Ticks per second, above 0, or `max`. Left out: the seed draws it from the
    /// integers 1 to 6.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Draws are uniform in 1..=draw_max (default 10).
    #[serde(default = "default_draw_max")]
    pub draw_max: u64,
    /// Fixes rate, phase and draws. Left out: drawn from entropy and logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Where the phase comes from: `random` (default; from the seed) or `aligned`
    /// (0).
    #[serde(default)]
    pub phase: Phase,
    /// How ticks are spread over a second: `even` (default) or `burst`.
    #[serde(default)]
    pub pacing: Pacing,
    /// Which clock value messages carry: `after` (default) or `before`.
    #[serde(default)]
    pub stamp: StampRule,
    /// How long the run lasts after the first start record, such as `60s`. Left
    /// out: until a signal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<Timespan>,
    /// The address to listen on, `host:port`.
    pub listen: String,
    /// The log, relative to the folder of this file. Left out:
    /// `runs/<run>/machine-<id>.jsonl` below the folder the node is started in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<PathBuf>,
    /// When a record counts as logged: `never` (default; not synchronised,
    /// survives the death of the process) or `always` (survives a power cut).
    #[serde(default)]
    pub sync: Sync,
    /// The other machines; every neighbour must be among them.
    pub peers: Vec<PeerConfig>,
}

/// Another machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeerConfig {
    /// Its number.
    pub machine: u32,
    /// Where it listens, `host:port`.
    pub address: String,
}

fn default_draw_max() -> u64 {
    10
}

/// The config of one node, validated.
#[derive(Clone, Debug)]
pub struct Config {
    /// The run's id.
    pub run: String,
    /// This machine.
    pub machine: MachineId,
    /// How many machines there are.
    pub machines: u32,
    /// Who is connected to whom.
    pub topology: Topology,
    /// Ticks per second; none if the seed draws it.
    pub rate: Option<Rate>,
    /// Draws are uniform in 1..=draw_max.
    pub draw_max: u64,
    /// The seed; none if it is drawn from entropy.
    pub seed: Option<u64>,
    /// Where the phase comes from.
    pub phase: Phase,
    /// How ticks are spread over a second.
    pub pacing: Pacing,
    /// Which clock value messages carry.
    pub stamp: StampRule,
    /// How long the run lasts; none if until a signal.
    pub duration: Option<Duration>,
    /// The address to listen on.
    pub listen: String,
    /// The log.
    pub log: PathBuf,
    /// When a record counts as logged.
    pub sync: Sync,
    /// The neighbours, in their order, each with its address.
    pub neighbours: Vec<(MachineId, String)>,
}

impl Config {
    /// Reads and validates the config file at `path`. With `run`, the node takes
    /// part in the run of that name instead and logs to `runs/<run>/`.
    ///
    /// # Errors
    /// [`ConfigError`], with the place in the file where there is one.
    pub fn load(path: &Path, run: Option<&str>) -> Result<Self, ConfigError> {
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        load(path, |mut raw: NodeConfig| {
            if let Some(run) = run {
                raw.run = run.to_owned();
                raw.log = None;
            }
            raw.validate(&folder)
        })
    }

    /// The file beside the log that diagnostics go to.
    #[must_use]
    pub fn diagnostics_file(&self) -> PathBuf {
        self.log.with_extension("diag.log")
    }
}

/// What the config means, for people.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { run, machine, machines, topology, draw_max, listen, .. } = self;
        let or = |value: Option<String>, otherwise: &str| value.unwrap_or(otherwise.to_owned());
        let rate = or(self.rate.map(|rate| rate.to_string()), "1 to 6 (the seed draws it)");
        let seed = or(self.seed.map(|seed| seed.to_string()), "from entropy");
        let duration = self.duration.map(|duration| format!("for {} s", duration.as_secs_f64()));
        let neighbours: Vec<_> = self
            .neighbours
            .iter()
            .map(|(machine, address)| format!("{machine} at {address}"))
            .collect();
        writeln!(f, "Machine {machine} of {machines} ({topology}), run {run}")?;
        writeln!(f, "  ticks     {rate} a second, {}", or(duration, "until a signal"))?;
        writeln!(f, "  draws     1 to {draw_max}, seed {seed}")?;
        writeln!(f, "  listens   on {listen}")?;
        writeln!(f, "  dials     {}", neighbours.join(", "))?;
        write!(f, "  logs to   {}", self.log.display())
    }
}

impl NodeConfig {
    /// Validates the config; a relative log is below `folder`.
    ///
    /// # Errors
    /// The first [`Problem`].
    pub fn validate(self, folder: &Path) -> Result<Config, Problem> {
        check_run_name(&self.run).map_err(|message| {
            Problem::at("run", message, "say letters, digits, '-', '_' and '.', at most 64")
        })?;
        self.check_machines()?;
        self.check_peers()?;
        check_address("listen", &self.listen)?;
        if self.draw_max == 0 {
            return Err(Problem::at(
                "draw_max",
                "draw_max is 0: nothing can be drawn",
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
            neighbours,
        })
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
            check_address(&format!("peers.{index}.address"), &peer.address)?;
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
        topology
            .neighbours(MachineId::new(self.machine), self.machines)
            .into_iter()
            .map(address_of)
            .collect()
    }
}

/// Whether `name` can be the name of a run: it goes into paths and into every
/// Hello.
///
/// # Errors
/// What is wrong with it.
pub fn check_run_name(name: &str) -> Result<(), String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if name.is_empty() || name.starts_with('.') || !name.chars().all(is_allowed) {
        return Err(format!("\"{name}\" cannot be the name of a run"));
    }
    if name.len() > RUN_NAME_BYTES_MAX {
        return Err(format!("the name of the run has {} characters", name.len()));
    }
    Ok(())
}

fn check_address(key: &str, address: &str) -> Result<(), Problem> {
    let is_good = address.rsplit_once(':').is_some_and(|(host, port)| {
        let is_bare_ipv6 = host.contains(':') && !host.starts_with('[');
        !host.is_empty() && !is_bare_ipv6 && port.parse::<u16>().is_ok_and(|port| port > 0)
    });
    if is_good {
        return Ok(());
    }
    Err(Problem::at(
        key,
        format!("\"{address}\" is not an address"),
        "say host:port, as 127.0.0.1:5555 or machine-2:5555",
    ))
}
