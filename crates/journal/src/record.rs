//! What a line of a log says: plain data in the order in which it is written.

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use crate::encode;
use crate::terms::{Pacing, Rate, StampRule, StopReason, Topology, number, number_or_null};
use crate::time::Time;
use crate::timestamp::Times;

/// The name of the format, which every start record carries. A key with a new
/// meaning is a new format.
pub const FORMAT: &str = "offbeat-log/1";

/// What a send has for each recipient. Three machines have two neighbours each, and
/// so has each machine of a ring: these need no memory of their own.
pub type Several<T> = SmallVec<[T; 2]>;

/// One line of a log. Keys that are not known are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub enum Record {
    /// An incarnation begins. It is far larger than the others, and far rarer.
    Start(Box<Start>),
    /// An internal event.
    Internal(Internal),
    /// A send, to one or several.
    Send(Send),
    /// A receive.
    Receive(Receive),
    /// An incarnation ends in good order.
    Stop(Stop),
}

/// An incarnation begins: the machine's waiting is over. All but time, phase,
/// incarnation and clock is the same in every incarnation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Start {
    /// The format, [`FORMAT`].
    pub log: String,
    /// When ticking began; slots count from here.
    pub time: Time,
    /// The run's id, the same for all its machines.
    pub run: String,
    /// The number of this machine, from 1.
    pub machine: u32,
    /// How many machines there are.
    pub machines: u32,
    /// Who is connected to whom.
    pub topology: Topology,
    /// Ticks per second.
    pub rate: Rate,
    /// Draws are uniform in 1..=draw_max.
    pub draw_max: u64,
    /// The seed of rates, phases and draws, if the generator has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The generator, if it is known: `chacha8`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generator: Option<String>,
    /// When the first slot is due after `time`, in seconds.
    #[serde(serialize_with = "number")]
    pub phase: f64,
    /// How ticks are spread over a second.
    pub pacing: Pacing,
    /// Which clock value messages carry.
    pub stamp: StampRule,
    /// How long the run is meant to last after the first start record, in
    /// seconds; none if until a signal.
    #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "number_or_null")]
    pub duration: Option<f64>,
    /// 1 for the first, one more with every restart.
    pub incarnation: u32,
    /// The clock it begins with.
    pub clock: u64,
}

/// An internal event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Internal {
    /// The system time.
    pub time: Time,
    /// The number of the tick, from 1.
    pub tick: u64,
    /// What was drawn.
    pub draw: u64,
    /// The messages in the inbox: none.
    pub queue: u64,
    /// The clock after the event.
    pub clock: u64,
}

/// A send: one event, however many it is sent to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Send {
    /// The system time.
    pub time: Time,
    /// The number of the tick, from 1.
    pub tick: u64,
    /// What was drawn.
    pub draw: u64,
    /// The recipients, in neighbour order.
    pub to: Several<u32>,
    /// The number of the message on the link to each of them, from 1.
    pub seq: Several<u64>,
    /// The messages in the inbox: none.
    pub queue: u64,
    /// The clock after the event.
    pub clock: u64,
}

/// A receive: one message was taken off the inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receive {
    /// The system time.
    pub time: Time,
    /// The number of the tick, from 1.
    pub tick: u64,
    /// The sender.
    pub from: u32,
    /// The number of the message on the link from it, from 1.
    pub seq: u64,
    /// The stamp it carries.
    pub stamp: u64,
    /// The messages left in the inbox.
    pub queue: u64,
    /// The clock after the event.
    pub clock: u64,
}

/// An incarnation ends in good order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stop {
    /// When ticking ended.
    pub time: Time,
    /// Why.
    pub reason: StopReason,
    /// The number of the last tick.
    pub ticks: u64,
    /// Slots of this incarnation that were reached too late.
    pub missed: u64,
    /// The messages in the inbox.
    pub queue: u64,
    /// Own messages not known to have arrived.
    pub in_flight: u64,
    /// The clock.
    pub clock: u64,
}

impl Stop {
    /// Whether it ends the run for its machine: a log that ends with it is complete, and
    /// no incarnation follows.
    #[must_use]
    pub fn is_of_the_run(&self) -> bool {
        self.reason == StopReason::Duration
    }
}

impl From<Start> for Record {
    fn from(start: Start) -> Self {
        Self::Start(Box::new(start))
    }
}

impl Record {
    /// The system time of the record.
    #[must_use]
    pub fn time(&self) -> Time {
        match self {
            Self::Start(record) => record.time,
            Self::Internal(record) => record.time,
            Self::Send(record) => record.time,
            Self::Receive(record) => record.time,
            Self::Stop(record) => record.time,
        }
    }

    /// The clock after the record.
    #[must_use]
    pub fn clock(&self) -> u64 {
        match self {
            Self::Start(record) => record.clock,
            Self::Internal(record) => record.clock,
            Self::Send(record) => record.clock,
            Self::Receive(record) => record.clock,
            Self::Stop(record) => record.clock,
        }
    }

    /// The number of the tick; none for start and stop.
    #[must_use]
    pub fn tick(&self) -> Option<u64> {
        match self {
            Self::Start(_) | Self::Stop(_) => None,
            Self::Internal(record) => Some(record.tick),
            Self::Send(record) => Some(record.tick),
            Self::Receive(record) => Some(record.tick),
        }
    }

    /// The messages in the inbox after the record; none known for start.
    #[must_use]
    pub fn queue(&self) -> Option<u64> {
        match self {
            Self::Start(_) => None,
            Self::Internal(record) => Some(record.queue),
            Self::Send(record) => Some(record.queue),
            Self::Receive(record) => Some(record.queue),
            Self::Stop(record) => Some(record.queue),
        }
    }

    /// The record of a step that a machine took at `time`.
    #[must_use]
    pub fn of_step(step: &machine::Step<'_>, time: Time) -> Self {
        let &machine::Step { tick, event, queue, clock } = step;
        match event {
            machine::Event::Receive(machine::Message { from, seq, stamp }) => {
                Self::Receive(Receive { time, tick, from: from.get(), seq, stamp, queue, clock })
            }
            machine::Event::Send { draw, recipients, .. } => Self::Send(Send {
                time,
                tick,
                draw,
                to: recipients.iter().map(|recipient| recipient.to.get()).collect(),
                seq: recipients.iter().map(|recipient| recipient.seq).collect(),
                queue,
                clock,
            }),
            machine::Event::Internal { draw } => {
                Self::Internal(Internal { time, tick, draw, queue, clock })
            }
        }
    }

    /// The line of the log, without its newline.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut line = Vec::new();
        encode::write(self, &mut line, &mut Times::default());
        String::from_utf8(line).expect("a line is text")
    }
}
