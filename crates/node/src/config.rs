//! What a node is told: its config file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use journal::{Pacing, Phase, Rate, StampRule, Sync, Timespan, Topology};
use machine::MachineId;
use serde::{Deserialize, Serialize};

use crate::config_source::{ConfigError, ConfigFile, load};
use crate::hint::command;

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
    /// Whether what is said to other computers may be in plain text. Between
    /// machines on one computer it may be anyway.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain: bool,
    /// What this machine proves itself with. Left out: all is in plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsConfig>,
    /// The other machines; every neighbour must be among them.
    pub peers: Vec<PeerConfig>,
}

impl ConfigFile for NodeConfig {
    const WHAT: &'static str = "the config of a node";
    const SAMPLE: &'static str = "config/node-1.toml";
    const EXAMPLES: &'static [(&'static str, &'static str)] = &[
        ("machines", "3"),
        ("machine", "2"),
        ("run", "\"by-hand\""),
        ("seed", "5"),
        ("draw_max", "10"),
        ("topology", "\"full\""),
        ("phase", "\"random\""),
        ("pacing", "\"even\""),
        ("stamp", "\"after\""),
        ("sync", "\"always\""),
        ("listen", "\"127.0.0.1:5555\""),
        ("plain", "true"),
        (
            "tls",
            "{ authority = \"authority.pem\", certificate = \"certificate.pem\", key = \"key.pem\" }",
        ),
        ("authority", "\"authority.pem\""),
        ("certificate", "\"certificate.pem\""),
        ("key", "\"key.pem\""),
        ("address", "\"127.0.0.1:6666\""),
        ("peers", "[{ machine = 2, address = \"127.0.0.1:6666\" }]"),
    ];
}

/// The files that `offbeat certs` makes for a machine, in PEM, relative to the
/// folder of the config.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// The certificate of the authority that minted those of all machines.
    pub authority: PathBuf,
    /// The certificate of this machine.
    pub certificate: PathBuf,
    /// The key of this machine, which nobody else may read.
    pub key: PathBuf,
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
    /// What this machine proves itself with; none if all is in plain text.
    pub tls: Option<TlsConfig>,
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
        .map_err(|error| match is_experiment(&error.keys()) {
            true => error.misplaced(
                "this is an experiment, not the config of a node",
                format!("run it with {} {}", command("run"), path.display()),
            ),
            false => error,
        })
    }

    /// The file beside the log that diagnostics go to.
    #[must_use]
    pub fn diagnostics_file(&self) -> PathBuf {
        self.log.with_extension("diag.log")
    }
}

/// Whether a file with these keys, which is no node's config, was meant as an
/// experiment.
fn is_experiment(keys: &[String]) -> bool {
    let is_of_node = |key: &String| ["machine", "listen", "peers"].contains(&key.as_str());
    !keys.iter().any(is_of_node) && keys.iter().any(|key| key != "run")
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
        writeln!(f, "  speaks    {}", if self.tls.is_some() { "TLS" } else { "plain text" })?;
        write!(f, "  logs to   {}", self.log.display())
    }
}
