//! What the network does to frames.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use machine::{MachineId, Topology};

use crate::latency::Latency;
use crate::place::Links;

/// A network. Of several words about one direction the last one counts.
///
/// Frames of one connection never overtake each other, whatever their latencies,
/// for a connection is a stream; but some may be missing, or come twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Network {
    /// How long frames are under way.
    pub latency: Vec<On<Latency>>,
    /// How probably a frame is lost.
    pub loss: Vec<On<Probability>>,
    /// How probably a frame comes twice.
    pub duplicate: Vec<On<Probability>>,
}

/// Something that holds on some links, as `2-3=5ms`; on all, as `5ms`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct On<T> {
    /// Which links.
    pub links: Links,
    /// What.
    pub what: T,
}

/// A probability, from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Probability(f64);

/// What the network does to frames of one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// How long they are under way.
    pub latency: Latency,
    /// How probably one is lost.
    pub loss: f64,
    /// How probably one comes twice.
    pub duplicate: f64,
}

impl Network {
    /// Whether all links that it speaks of are there.
    ///
    /// # Errors
    /// What is not.
    pub fn check(&self, machines: u32, topology: Topology) -> Result<(), String> {
        let latency = self.latency.iter().map(|word| word.links);
        let chances = self.loss.iter().chain(&self.duplicate).map(|word| word.links);
        latency.chain(chances).try_for_each(|links| links.check(machines, topology))
    }

    /// What it does to frames `from` one machine `to` another.
    #[must_use]
    pub fn conditions(&self, from: MachineId, to: MachineId) -> Conditions {
        Conditions {
            latency: last(&self.latency, from, to),
            loss: last(&self.loss, from, to).0,
            duplicate: last(&self.duplicate, from, to).0,
        }
    }

    /// The longest mean latency of any direction.
    pub(crate) fn latency_mean_max(&self) -> Duration {
        self.latency.iter().map(|word| word.what.mean()).max().unwrap_or_default()
    }
}

fn last<T: Copy + Default>(words: &[On<T>], from: MachineId, to: MachineId) -> T {
    let word = words.iter().rev().find(|word| word.links.cover(from, to));
    word.map_or_else(T::default, |word| word.what)
}

impl Conditions {
    /// Whether chance has a part in it.
    pub(crate) fn are_random(self) -> bool {
        self.latency.is_random() || self.loss > 0.0 || self.duplicate > 0.0
    }
}

impl Probability {
    /// A probability, if `value` is one.
    #[must_use]
    pub fn new(value: f64) -> Option<Self> {
        (0.0..=1.0).contains(&value).then_some(Self(value))
    }
}

impl FromStr for Probability {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        text.trim()
            .parse()
            .ok()
            .and_then(Self::new)
            .ok_or_else(|| format!("\"{text}\" is no probability: say a number from 0 to 1"))
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: FromStr<Err = String>> FromStr for On<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (links, what) = match text.split_once('=') {
            Some((links, what)) => (links.trim().parse()?, what),
            None => (Links::All, text),
        };
        Ok(Self { links, what: what.parse()? })
    }
}

impl<T: fmt::Display> fmt::Display for On<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.links {
            Links::All => self.what.fmt(f),
            links => write!(f, "{links}={}", self.what),
        }
    }
}
