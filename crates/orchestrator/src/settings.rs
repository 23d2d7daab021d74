//! What can be said about an experiment, on the command line and in a file alike.

use std::str::FromStr;

use clap::Args;
use journal::{Pacing, Phase, StampRule, Timespan, Topology};
use node::ConfigFile;
use serde::Deserialize;
use sim::{Crash, Cut, Latency, On, Pause, Probability};

use crate::ports::{PortWord, Ports};
use crate::rates::Rates;
use crate::words::words;

/// What the help says above the options of network and faults.
const NETWORK: &str = "Network and faults";

/// Where faults come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Faults {
    /// The seed.
    Random,
}

impl FromStr for Faults {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word {
            "random" => Ok(Self::Random),
            _ => Err(format!("\"{word}\" is no source of faults: say random")),
        }
    }
}

/// The settings of an experiment; what is left out has a default.
#[derive(Clone, Debug, Default, PartialEq, Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    /// How long to run, as 90s or 5m [default: 60s]
    #[arg(
        long,
        value_name = "TIME",
        env = "OFFBEAT_DURATION",
        hide_env = true,
        allow_hyphen_values = true
    )]
    pub(crate) duration: Option<Timespan>,

    /// Fixes rates, phases and draws [default: from entropy]
    #[arg(
        long,
        value_name = "N",
        env = "OFFBEAT_SEED",
        hide_env = true,
        allow_negative_numbers = true
    )]
    pub(crate) seed: Option<u64>,

    /// How many machines [default: 3, or as many as there are rates]
    #[arg(
        long,
        value_name = "N",
        env = "OFFBEAT_MACHINES",
        hide_env = true,
        allow_negative_numbers = true
    )]
    pub(crate) machines: Option<u32>,

    /// Ticks per second: one for each machine (repeated for more machines), or a range to
    /// draw from, as 1,3,6 or 1..=6 or 1.0..6.0; max for no pacing [default: 1..=6]
    #[arg(
        long,
        value_name = "RATES",
        env = "OFFBEAT_RATES",
        hide_env = true,
        allow_hyphen_values = true
    )]
    pub(crate) rates: Option<Rates>,

    /// Draws are uniform in 1..=N; 1 to 3 send, more are internal [default: 10]
    #[arg(
        long,
        value_name = "N",
        env = "OFFBEAT_DRAW_MAX",
        hide_env = true,
        allow_negative_numbers = true
    )]
    pub(crate) draw_max: Option<u64>,

    /// Who is connected to whom: full or ring [default: full]
    #[arg(long, value_name = "TOPOLOGY", env = "OFFBEAT_TOPOLOGY", hide_env = true)]
    pub(crate) topology: Option<Topology>,

    /// How ticks are spread over a second: even or burst [default: even]
    #[arg(long, value_name = "PACING", env = "OFFBEAT_PACING", hide_env = true)]
    pub(crate) pacing: Option<Pacing>,

    /// When in its period a machine ticks: random or aligned [default: random]
    #[arg(long, value_name = "PHASE", env = "OFFBEAT_PHASE", hide_env = true)]
    pub(crate) phase: Option<Phase>,

    /// Which clock value messages carry: after the send's increment, or before it, which
    /// breaks the clock condition [default: after]
    #[arg(long, value_name = "RULE", env = "OFFBEAT_STAMP", hide_env = true)]
    pub(crate) stamp: Option<StampRule>,

    /// The host that nodes listen on [default: 127.0.0.1]
    #[arg(long, value_name = "HOST", env = "OFFBEAT_HOST", hide_env = true)]
    pub(crate) host: Option<String>,

    /// The ports that nodes listen on, one for each, or auto
    /// [default: 5555 6666 7777, or free ones if one of them is taken]
    #[arg(long = "ports", value_name = "PORT", num_args = 1.., env = "OFFBEAT_PORTS", hide_env = true, value_delimiter = ',', allow_negative_numbers = true)]
    #[serde(skip)]
    pub(crate) port_words: Option<Vec<PortWord>>,

    #[arg(skip)]
    pub(crate) ports: Option<Ports>,

    /// How long frames are under way: 5ms, uniform:1ms..20ms or exp:10ms; on some links
    /// only, 2-3=5ms, or one way, 2>3=5ms [default: 0s]
    #[arg(long, value_name = "[LINKS=]TIME", env = "OFFBEAT_LATENCY", hide_env = true, help_heading = NETWORK)]
    #[serde(default, deserialize_with = "words")]
    pub(crate) latency: Option<Vec<On<Latency>>>,

    /// How probably a frame is lost, from 0 to 1; over TCP, its connection with it
    #[arg(long, value_name = "[LINKS=]P", env = "OFFBEAT_LOSS", hide_env = true, help_heading = NETWORK, allow_negative_numbers = true)]
    #[serde(default, deserialize_with = "words")]
    pub(crate) loss: Option<Vec<On<Probability>>>,

    /// How probably a frame comes twice, from 0 to 1; in virtual time only
    #[arg(long, value_name = "[LINKS=]P", env = "OFFBEAT_DUPLICATE", hide_env = true, help_heading = NETWORK, allow_negative_numbers = true)]
    #[serde(default, deserialize_with = "words")]
    pub(crate) duplicate: Option<Vec<On<Probability>>>,

    /// Links that carry nothing for a time: 2-3@10s..20s, one way 2>3@…, all links of a
    /// machine 2@…, or all@…
    #[arg(long, value_name = "LINKS@TIME", env = "OFFBEAT_CUT", hide_env = true, help_heading = NETWORK)]
    #[serde(default, deserialize_with = "words")]
    pub(crate) cut: Option<Vec<Cut>>,

    /// Machines that are killed, and started again: 1@15s..18s, or all@…; in virtual time
    /// in the middle of a write, too: torn:1@15s..18s
    #[arg(long, value_name = "MACHINE@TIME", env = "OFFBEAT_CRASH", hide_env = true, help_heading = NETWORK)]
    #[serde(default, deserialize_with = "words")]
    pub(crate) crash: Option<Vec<Crash>>,

    /// Machines that stand still: 3@20s..21s, or all@…
    #[arg(long, value_name = "MACHINE@TIME", env = "OFFBEAT_PAUSE", hide_env = true, help_heading = NETWORK)]
    #[serde(default, deserialize_with = "words")]
    pub(crate) pause: Option<Vec<Pause>>,

    /// All crashes strike in the middle of a write and tear the last record; in virtual time only
    #[arg(long, num_args = 0, default_missing_value = "true", env = "OFFBEAT_TORN", hide_env = true, help_heading = NETWORK)]
    pub(crate) torn: Option<bool>,

    /// Faults that the seed draws, beside those given: random
    #[arg(long, value_name = "random", env = "OFFBEAT_FAULTS", hide_env = true, help_heading = NETWORK)]
    pub(crate) faults: Option<Faults>,

    /// The name of the run, which its id begins with [default: that of the file]
    #[arg(skip)]
    pub(crate) name: Option<String>,

    /// The id of a past run: a run's run.toml is an experiment that repeats it.
    #[arg(skip)]
    pub(crate) run: Option<String>,
}

impl ConfigFile for Settings {
    const WHAT: &'static str = "an experiment";
    const SAMPLE: &'static str = "config/baseline.toml";
    const EXAMPLES: &'static [(&'static str, &'static str)] = &[
        ("machines", "3"),
        ("seed", "5"),
        ("draw_max", "10"),
        ("topology", "\"full\""),
        ("phase", "\"random\""),
        ("pacing", "\"even\""),
        ("stamp", "\"after\""),
        ("host", "\"127.0.0.1\""),
        ("latency", "\"5ms\""),
        ("loss", "0.05"),
        ("duplicate", "0.01"),
        ("cut", "\"2-3@10s..20s\""),
        ("crash", "[\"1@15s..18s\"]"),
        ("pause", "\"3@20s..21s\""),
        ("torn", "true"),
        ("faults", "\"random\""),
        ("name", "\"slow\""),
    ];
}

impl Settings {
    /// What these say, and what `other` says of the rest.
    pub(crate) fn or(self, other: Self) -> Self {
        let said = self.port_words.as_deref().map(Ports::of_words);
        Self {
            duration: self.duration.or(other.duration),
            seed: self.seed.or(other.seed),
            machines: self.machines.or(other.machines),
            rates: self.rates.or(other.rates),
            draw_max: self.draw_max.or(other.draw_max),
            topology: self.topology.or(other.topology),
            pacing: self.pacing.or(other.pacing),
            phase: self.phase.or(other.phase),
            stamp: self.stamp.or(other.stamp),
            host: self.host.or(other.host),
            ports: said.or(self.ports).or(other.ports),
            port_words: None,
            latency: self.latency.or(other.latency),
            loss: self.loss.or(other.loss),
            duplicate: self.duplicate.or(other.duplicate),
            cut: self.cut.or(other.cut),
            crash: self.crash.or(other.crash),
            pause: self.pause.or(other.pause),
            torn: self.torn.or(other.torn),
            faults: self.faults.or(other.faults),
            name: self.name.or(other.name),
            run: self.run.or(other.run),
        }
    }

    /// How many machines there are.
    pub(crate) fn machine_count(&self) -> u32 {
        match (self.machines, &self.rates) {
            (Some(machines), _) => machines,
            (None, Some(Rates::Given(rates))) if rates.len() > 1 => rates.len() as u32,
            _ => 3,
        }
    }

    /// Whether the seed draws the rates.
    pub(crate) fn rates_are_drawn(&self) -> bool {
        matches!(self.rates, None | Some(Rates::Drawn(_)))
    }
}
