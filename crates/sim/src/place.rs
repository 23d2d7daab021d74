//! Where something happens: on which links, to which machines.

use std::fmt;
use std::str::FromStr;

use machine::{MachineId, Topology};

/// Directions between machines: `all`, `2`, `2-3` or `2>3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links {
    /// All.
    All,
    /// All to and from one machine.
    Of(MachineId),
    /// Both ways between two.
    Between(MachineId, MachineId),
    /// What travels from the one to the other, and not what travels back.
    OneWay(MachineId, MachineId),
}

impl Links {
    /// Whether what travels `from` one machine `to` another is meant.
    #[must_use]
    pub fn cover(self, from: MachineId, to: MachineId) -> bool {
        match self {
            Self::All => true,
            Self::Of(machine) => from == machine || to == machine,
            Self::Between(one, other) => [(one, other), (other, one)].contains(&(from, to)),
            Self::OneWay(one, other) => (one, other) == (from, to),
        }
    }

    /// Whether there are such links among `machines` machines.
    ///
    /// # Errors
    /// What there is not.
    pub fn check(self, machines: u32, topology: Topology) -> Result<(), String> {
        match self {
            Self::All => Ok(()),
            Self::Of(machine) => exists(machine, machines),
            Self::Between(one, other) | Self::OneWay(one, other) => {
                exists(one, machines)?;
                exists(other, machines)?;
                match topology.position(one, machines, other) {
                    Some(_) => Ok(()),
                    None => Err(format!("no link joins machine {one} and machine {other}")),
                }
            }
        }
    }
}

/// Whether there is a machine of this number.
fn exists(machine: MachineId, machines: u32) -> Result<(), String> {
    match machine.get() <= machines {
        true => Ok(()),
        false => Err(format!("there is no machine {machine} among {machines}")),
    }
}

impl FromStr for Links {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pair = |(one, other): (&str, &str)| Some((id(one)?, id(other)?));
        let links = match (text.split_once('-'), text.split_once('>')) {
            _ if text == "all" => Some(Self::All),
            (Some(ends), _) => pair(ends).map(|(one, other)| Self::Between(one, other)),
            (None, Some(ends)) => pair(ends).map(|(one, other)| Self::OneWay(one, other)),
            (None, None) => id(text).map(Self::Of),
        };
        links.ok_or_else(|| {
            format!(
                "\"{text}\" is no link: say 2-3, 2>3 for one way, 2 for all of machine 2, or all"
            )
        })
    }
}

impl fmt::Display for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Of(machine) => machine.fmt(f),
            Self::Between(one, other) => write!(f, "{one}-{other}"),
            Self::OneWay(one, other) => write!(f, "{one}>{other}"),
        }
    }
}

/// Machines: `all`, or one by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Machines {
    /// All.
    All,
    /// One.
    One(MachineId),
}

impl Machines {
    /// Whether `machine` is meant.
    #[must_use]
    pub fn cover(self, machine: MachineId) -> bool {
        self == Self::All || self == Self::One(machine)
    }

    /// Whether they are among `machines` machines.
    ///
    /// # Errors
    /// What there is not.
    pub fn check(self, machines: u32) -> Result<(), String> {
        match self {
            Self::All => Ok(()),
            Self::One(machine) => exists(machine, machines),
        }
    }
}

impl FromStr for Machines {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self::All),
            _ => id(text)
                .map(Self::One)
                .ok_or_else(|| format!("\"{text}\" is no machine: say its number, or all")),
        }
    }
}

impl fmt::Display for Machines {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::One(machine) => machine.fmt(f),
        }
    }
}

fn id(text: &str) -> Option<MachineId> {
    match text.trim().parse::<u32>() {
        Ok(id) if id > 0 => Some(MachineId::new(id)),
        _ => None,
    }
}
