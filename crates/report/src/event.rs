//! The last event of a machine, as a live view shows it.

use std::fmt;

use journal::{Record, Time};

/// Recipients up to this many are named one by one.
const RECIPIENTS_NAMED_MAX: usize = 3;

/// What a tick did, and to the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An internal event.
    Internal,
    /// A send.
    Send {
        /// To whom.
        to: Recipients,
    },
    /// A receive.
    Receive {
        /// The sender.
        from: u32,
        /// The stamp that the message carries.
        stamp: u64,
    },
}

/// To whom a send goes: how many they are, and while they are few, who.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Recipients {
    /// The first of them, in neighbour order.
    first: [u32; RECIPIENTS_NAMED_MAX],
    count: u32,
}

impl FromIterator<u32> for Recipients {
    #[inline]
    fn from_iter<I: IntoIterator<Item = u32>>(machines: I) -> Self {
        let mut all = Self::default();
        for machine in machines {
            if let Some(place) = all.first.get_mut(all.count as usize) {
                *place = machine;
            }
            all.count += 1;
        }
        all
    }
}

impl Action {
    /// That of a record; none if it is no event but a start or a stop.
    #[must_use]
    pub fn of(record: &Record) -> Option<Self> {
        match record {
            Record::Internal(_) => Some(Self::Internal),
            Record::Send(send) => Some(Self::Send { to: send.to.iter().copied().collect() }),
            Record::Receive(receive) => {
                Some(Self::Receive { from: receive.from, stamp: receive.stamp })
            }
            Record::Start(_) | Record::Stop(_) => None,
        }
    }
}

impl Event {
    /// That of a record before which the machine's clock was `before`; none for a start
    /// or a stop.
    #[must_use]
    pub fn of(record: &Record, before: u64) -> Option<Self> {
        let (time, tick, after) = (record.time(), record.tick()?, record.clock());
        Some(Self { time, tick, action: Action::of(record)?, before, after })
    }

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
            Self::Send { to } => match to.first.get(..to.count as usize) {
                Some(all) => {
                    let names: Vec<_> = all.iter().map(u32::to_string).collect();
                    format!("send to {}", names.join(", "))
                }
                None => format!("send to {} machines", to.count),
            },
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
