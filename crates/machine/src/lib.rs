//! One model machine, as pure state machines.
//!
//! Every input (a tick and its draw, an arriving message, a connection that
//! comes up or is lost) is an argument, every effect a returned value. This
//! crate reads no clock, does no IO and knows neither the network nor the log,
//! so the daemon, the simulator, the model check and the replay of a log all
//! drive the very same code.
//!
//! - [`Machine`]: the experiment itself. An inbox, a Lamport clock, one
//!   instruction a tick.
//! - [`Outgoing`], [`Incoming`]: the two ends of a link, which lose nothing,
//!   repeat nothing and keep the order across lost connections and crashes.
//! - [`Endpoint`]: a machine together with its links; what a driver drives.
//! - [`draw`]: what a seed fixes: rates, phases and draws.
//! - [`Slots`]: when a machine ticks.

pub mod draw;
mod endpoint;
mod link;
mod model;
mod slots;
mod topology;

pub use clock::Overflow;
pub use endpoint::{Arrival, Endpoint, MessageFault, Touched};
pub use link::{
    Incoming, LinkFault, Outgoing, Progress, StaleIncarnation, UNLOGGED_MESSAGES_MAX, WelcomeFault,
};
pub use model::{
    Event, INBOX_MESSAGES_MAX, Machine, Message, Recipient, STAMP_LEAD_MAX, StampRule, Step,
};
pub use slots::{Nanos, Next, Pacing, Slots, nanos};
pub use topology::{MachineId, Topology};
