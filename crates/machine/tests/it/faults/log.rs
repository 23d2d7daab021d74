//! The log of a machine, and how the machine comes back from it.

use machine::{Endpoint, Event, MachineId, Message, Recipient, Step};

/// The steps of each incarnation.
pub(crate) type Log = Vec<Vec<Logged>>;

/// A step as the log keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) tick: u64,
    pub(crate) event: LoggedEvent,
    pub(crate) queue: u64,
    pub(crate) clock: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LoggedEvent {
    Receive(Message),
    Send { draw: u64, stamp: u64, recipients: Vec<Recipient> },
    Internal { draw: u64 },
}

impl From<Step<'_>> for Logged {
    fn from(step: Step<'_>) -> Self {
        let event = match step.event {
            Event::Receive(message) => LoggedEvent::Receive(message),
            Event::Send { draw, stamp, recipients } => {
                LoggedEvent::Send { draw, stamp, recipients: recipients.to_vec() }
            }
            Event::Internal { draw } => LoggedEvent::Internal { draw },
        };
        Self { tick: step.tick, event, queue: step.queue, clock: step.clock }
    }
}

impl Logged {
    pub(crate) fn receipt(&self) -> Option<Message> {
        match self.event {
            LoggedEvent::Receive(message) => Some(message),
            _ => None,
        }
    }

    /// The number and the stamp of the message that this step sent to `to`.
    pub(crate) fn sent_to(&self, to: MachineId) -> Option<(u64, u64)> {
        let LoggedEvent::Send { stamp, recipients, .. } = &self.event else {
            return None;
        };
        let recipient = recipients.iter().find(|recipient| recipient.to == to)?;
        Some((recipient.seq, *stamp))
    }

    /// The draw; a receive record has none, and none is looked at.
    fn draw(&self) -> u64 {
        match self.event {
            LoggedEvent::Send { draw, .. } | LoggedEvent::Internal { draw } => draw,
            LoggedEvent::Receive(_) => 1,
        }
    }
}

/// The messages that `log` sent to `to`, as numbers and stamps, in its order.
pub(crate) fn sent(log: &Log, to: MachineId) -> impl Iterator<Item = (u64, u64)> {
    log.iter().flatten().filter_map(move |step| step.sent_to(to))
}

/// The messages that `log` received from `from`, in its order.
pub(crate) fn received(log: &Log, from: MachineId) -> impl Iterator<Item = Message> {
    let receipts = log.iter().flatten().filter_map(Logged::receipt);
    receipts.filter(move |message| message.from == from)
}

/// Brings a `fresh` endpoint to where the log ends, and begins the next
/// incarnation. Every step must come out as it is in the log.
pub(crate) fn recover(mut fresh: Endpoint, log: &Log) -> Endpoint {
    for steps in log {
        fresh.begin_incarnation();
        replay(&mut fresh, steps);
    }
    fresh.begin_incarnation();
    fresh
}

/// A log fixes its machine's inputs: the first arrivals are its receipts, those
/// after them placeholders, and their number at any step is the receipts so far
/// and the queue.
fn replay(endpoint: &mut Endpoint, steps: &[Logged]) {
    let receipts: Vec<Message> = steps.iter().filter_map(Logged::receipt).collect();
    let placeholder = Message { from: endpoint.id(), seq: 0, stamp: 0 };
    let (mut received, mut arrived) = (0, 0);
    for step in steps {
        received += usize::from(step.receipt().is_some());
        let arrived_by_now = received + step.queue as usize;
        assert!(arrived_by_now >= arrived, "what has arrived stays arrived");
        for arrival in arrived..arrived_by_now {
            endpoint.deliver(receipts.get(arrival).copied().unwrap_or(placeholder));
        }
        arrived = arrived_by_now;
        assert_eq!(&Logged::from(endpoint.tick(step.draw()).unwrap()), step);
    }
}
