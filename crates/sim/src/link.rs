//! What the drivers at both ends of a link keep, and the network between them.

use machine::{MachineId, Progress};

use crate::dice::Dice;
use crate::moment::Moment;
use crate::network::Conditions;
use crate::plan::Plan;

/// A link: one ordered pair of machines.
#[derive(Debug)]
pub(crate) struct Link {
    /// The process that sends on it, by its index.
    pub(crate) from: usize,
    /// The process that receives on it.
    pub(crate) to: usize,
    /// The link that goes the other way.
    pub(crate) reverse: usize,
    pub(crate) sender: Sender,
    pub(crate) receiver: Receiver,
    /// None where frames arrive in the instant in which they are sent, and no fault
    /// strikes.
    pub(crate) direction: Option<Box<Direction>>,
}

/// What the sender's driver knows of its connection.
#[derive(Debug, Default)]
pub(crate) struct Sender {
    pub(crate) state: State,
    /// The number of the connection that it dialled last.
    pub(crate) connection: u32,
    /// Times it has dialled since it last was welcomed.
    pub(crate) attempts: u32,
    /// When it last was answered, or began to wait for an answer.
    pub(crate) heard: Moment,
    /// Whether it will look whether it is answered.
    pub(crate) is_watching: bool,
    /// Whether it has been welcomed in the process's present life.
    pub(crate) has_met: bool,
    /// The last message ever transmitted.
    pub(crate) transmitted: u64,
    /// When the last frame on this connection arrives.
    pub(crate) last_arrival: Moment,
}

/// How far the sender's driver is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum State {
    #[default]
    Idle,
    /// Its Hello is under way.
    Dialling,
    /// It was welcomed.
    Up,
}

/// What the receiver's driver knows of its connection.
#[derive(Debug, Default)]
pub(crate) struct Receiver {
    /// The connection that it answers on.
    pub(crate) connection: Option<u32>,
    /// Whether the sender has closed it in good order, and opened none since.
    pub(crate) has_ended: bool,
    /// What it last said on it.
    pub(crate) told: Progress,
    /// Whether a Hello came in the process's present life.
    pub(crate) has_met: bool,
    /// When its last answer arrives.
    pub(crate) last_arrival: Moment,
}

/// The network from one machine to another: it carries what the one sends on its
/// link, and what it answers on the link from the other.
#[derive(Debug)]
pub(crate) struct Direction {
    pub(crate) conditions: Conditions,
    /// None where chance has no part.
    pub(crate) dice: Option<Dice>,
    /// The cuts that are on it now, by their index.
    pub(crate) cuts: Vec<usize>,
}

impl Direction {
    /// The one from a machine to another, if there is anything to say of it.
    pub(crate) fn of(plan: &Plan, from: MachineId, to: MachineId) -> Option<Box<Self>> {
        let conditions = plan.network.conditions(from, to);
        if conditions == Conditions::default() && plan.faults.is_empty() {
            return None;
        }
        let seed = plan.manifest.seed;
        let dice = conditions.are_random().then(|| Dice::of_direction(seed, from, to));
        Some(Box::new(Self { conditions, dice, cuts: Vec::new() }))
    }
}
