//! What goes wrong, and when.

use std::fmt;
use std::str::FromStr;

use machine::Topology;

use crate::place::{Links, Machines};
use crate::window::Window;

/// A fault that has its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// What is sent on these links is lost.
    Cut(Cut),
    /// The process is killed, and started again from its log at the end.
    Crash(Crash),
    /// The process stands still, as after SIGSTOP.
    Pause(Pause),
}

/// Links that carry nothing for a time: `2-3@10s..20s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Which.
    pub links: Links,
    /// When.
    pub window: Window,
}

/// Processes that are killed: `1@15s..18s`; in the middle of a write,
/// `torn:1@15s..18s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Crash {
    /// Which.
    pub machines: Machines,
    /// When. Without an end, they stay dead.
    pub window: Window,
    /// Whether the first write in that time kills them, which leaves a part of
    /// the line, all of it or nothing in the log.
    pub torn: bool,
}

/// Processes that stand still: `3@20s..21s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Which.
    pub machines: Machines,
    /// When.
    pub window: Window,
}

impl Fault {
    /// When.
    #[must_use]
    pub fn window(self) -> Window {
        match self {
            Self::Cut(Cut { window, .. })
            | Self::Crash(Crash { window, .. })
            | Self::Pause(Pause { window, .. }) => window,
        }
    }

    /// Whether what it befalls is there.
    ///
    /// # Errors
    /// What is not.
    pub fn check(self, machines: u32, topology: Topology) -> Result<(), String> {
        match self {
            Self::Cut(cut) => cut.links.check(machines, topology),
            Self::Crash(crash) => crash.machines.check(machines),
            Self::Pause(pause) => pause.machines.check(machines),
        }
    }
}

impl FromStr for Cut {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (links, window) = placed(text, "2-3@10s..20s")?;
        Ok(Self { links, window })
    }
}

impl FromStr for Crash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (torn, place) = match text.strip_prefix("torn:") {
            Some(place) => (true, place),
            None => (false, text),
        };
        let (machines, window) = placed(place, "1@15s..18s")?;
        Ok(Self { machines, window, torn })
    }
}

impl FromStr for Pause {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (machines, window) = placed(text, "3@20s..21s")?;
        Ok(Self { machines, window })
    }
}

fn placed<P: FromStr<Err = String>>(text: &str, example: &str) -> Result<(P, Window), String> {
    match text.split_once('@') {
        Some((place, window)) => Ok((place.parse()?, window.parse()?)),
        None => Err(format!("\"{text}\" does not say where and when: say it as {example}")),
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.links, self.window)
    }
}

impl fmt::Display for Crash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let torn = if self.torn { "torn:" } else { "" };
        write!(f, "{torn}{}@{}", self.machines, self.window)
    }
}

impl fmt::Display for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.machines, self.window)
    }
}

/// The fault as an option of the command line names it.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cut(cut) => write!(f, "cut {cut}"),
            Self::Crash(crash) => write!(f, "crash {crash}"),
            Self::Pause(pause) => write!(f, "pause {pause}"),
        }
    }
}
