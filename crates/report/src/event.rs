//! The last event of a machine, as a live view shows it.

use std::fmt;

use journal::{Record, Several, Time};

/// Recipients up to this many are named one by one.
const RECIPIENTS_NAMED_MAX: usize = 3;

/// What a tick did, and to the clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// The system time.
    pub time: Time,
    /// The number of the tick, from 1.
    pub tick: u64,
    /// Which instruction it was.
    pub action: Action,
    /// The clock before the event.
    pub before: u64,
    /// The clock after it.
    pub after: u64,
}

/// The instruction that a tick carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// An internal event.
    Internal,
    /// A send.
    Send {
        /// To whom, in neighbour order.
        to: Several<u32>,
    },
    /// A receive.
    Receive {
        /// The sender.
        from: u32,
        /// The stamp that the message carries.
        stamp: u64,
    },
}

impl Action {
    /// That of a record; none if it is no event but a start or a stop.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        match record {
            Record::Internal(_) => Some(Self::Internal),
            Record::Send(send) => Some(Self::Send { to: send.to.clone() }),
            Record::Receive(receive) => {
                Some(Self::Receive { from: receive.from, stamp: receive.stamp })
            }
            Record::Start(_) | Record::Stop(_) => None,
        }
    }
}

impl Event {
    /// By how much the clock rose.
    #[must_use]
    pub fn jump(&self) -> u64 {
        self.after.saturating_sub(self.before)
    }
}

/// `receive from 3`, `send to 1, 2`, `internal`.
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Internal => "internal".to_owned(),
            Self::Send { to } if to.len() > RECIPIENTS_NAMED_MAX => {
                format!("send to {} machines", to.len())
            }
            Self::Send { to } => {
                let names: Vec<_> = to.iter().map(u32::to_string).collect();
                format!("send to {}", names.join(", "))
            }
            Self::Receive { from, .. } => format!("receive from {from}"),
        };
        f.pad(&text)
    }
}

/// `receive from 3  66 -> 79  +13`. A rise by 1 goes without saying.
impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  {} -> {}", self.action, self.before, self.after)?;
        match self.jump() {
            0 | 1 => Ok(()),
            jump => write!(f, "  +{jump}"),
        }
    }
}
