//! How people name an event: by its machine and its clock, or its tick.

use std::fmt;
use std::str::FromStr;

/// An event, as `1:57` (machine 1, the event whose clock is 57) or `1:tick:12`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventName {
    /// The machine.
    pub machine: u32,
    /// Which of its events.
    pub which: Which,
}

/// What tells an event of one machine from the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The clock after it.
    Clock(u64),
    /// The number of its tick.
    Tick(u64),
}

impl FromStr for EventName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<_> = text.split(':').collect();
        let name = match parts[..] {
            [machine, clock] | [machine, "clock", clock] => {
                machine.parse().ok().zip(clock.parse().ok().map(Which::Clock))
            }
            [machine, "tick", tick] => machine.parse().ok().zip(tick.parse().ok().map(Which::Tick)),
            _ => None,
        };
        name.map(|(machine, which)| Self { machine, which }).ok_or_else(|| {
            format!(
                "\"{text}\" is no event: say machine and clock, as 1:57, or machine and tick, as \
                 1:tick:12"
            )
        })
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.which {
            Which::Clock(clock) => write!(f, "{}:{clock}", self.machine),
            Which::Tick(tick) => write!(f, "{}:tick:{tick}", self.machine),
        }
    }
}
