//! What the tasks around the owner tell it.

use std::net::SocketAddr;

use machine::{MachineId, Progress};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot};
use wire::Hello;

use crate::board::{Hearer, Teller};
use crate::connection::{End, Reason};
use crate::feed::Outbox;

/// Events under way to the owner at once; then their senders wait.
const EVENTS_MAX: usize = 256;

/// Batches of messages under way to the owner at once; then reading waits.
const BATCHES_MAX: usize = 16;

/// Something happened to a connection, or the machine is to stop.
#[derive(Debug)]
pub(crate) enum Event {
    /// A peer has dialled and introduced itself.
    Hello { hello: Hello, address: SocketAddr, reply: oneshot::Sender<Result<Admission, Reason>> },
    /// A connection ended before it introduced itself properly.
    Rejected { address: SocketAddr, reason: String },
    /// The connection to a peer is up.
    Linked { peer: MachineId, progress: Progress, outbox: Teller<Outbox> },
    /// The peer said how far it has come.
    Acked { peer: MachineId, progress: Progress },
    /// A full batch for the peer was taken, so that there is room for another.
    Taken { peer: MachineId },
    /// The connection to a peer is gone, or could not be made.
    Unlinked { peer: MachineId, end: End },
    /// The machine is to stop.
    Shutdown,
}

/// The leave to use an incoming connection.
#[derive(Debug)]
pub(crate) struct Admission {
    /// The number that the owner gave to the connection.
    pub(crate) connection: u64,
    /// What the Welcome says.
    pub(crate) welcome: Progress,
    /// What to tell the peer from then on.
    pub(crate) feedback: Hearer<Feedback>,
}

/// What an incoming connection tells its peer: always the latest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Feedback {
    pub(crate) progress: Progress,
    /// Why the connection is to be closed, if it is.
    pub(crate) refusal: Option<Reason>,
}

/// What came in on an admitted connection, in order.
#[derive(Debug)]
pub(crate) enum Arrived {
    /// Messages, as number and stamp, and whether the peer asks how far its link has come.
    Messages { peer: MachineId, connection: u64, messages: Vec<(u64, u64)>, is_asking: bool },
    /// The end of the connection.
    Closed { peer: MachineId, connection: u64, end: End },
}

/// The way to the owner.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) arrivals: mpsc::Sender<Arrived>,
}

/// The owner's end of it. Arrivals are apart from events so that a machine whose
/// inbox is full can stop reading messages and still hear all else.
#[derive(Debug)]
pub(crate) struct Outputs {
    pub(crate) events: mpsc::Receiver<Event>,
    pub(crate) arrivals: mpsc::Receiver<Arrived>,
}

pub(crate) fn channel() -> (Inputs, Outputs) {
    let (events_in, events) = mpsc::channel(EVENTS_MAX);
    let (arrivals_in, arrivals) = mpsc::channel(BATCHES_MAX);
    (Inputs { events: events_in, arrivals: arrivals_in }, Outputs { events, arrivals })
}

impl Inputs {
    /// Tells the owner of an event. If the owner is gone, nobody needs to know.
    pub(crate) async fn tell(&self, event: Event) {
        send(&self.events, event).await;
    }

    /// Hands on what arrived; likewise.
    pub(crate) async fn hand_on(&self, arrived: Arrived) {
        send(&self.arrivals, arrived).await;
    }
}

/// There is room but in a flood, and to wait for it would be prepared for in vain.
async fn send<T>(to: &mpsc::Sender<T>, told: T) {
    if let Err(TrySendError::Full(told)) = to.try_send(told) {
        let _ = to.send(told).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::played::{JUST, PEER};

    #[tokio::test(start_paused = true)]
    async fn so_many_events_may_be_under_way_and_then_their_connections_wait() {
        let (inputs, mut outputs) = channel();
        let tell = || timeout(JUST, inputs.tell(Event::Taken { peer: PEER }));
        for number in 1..=EVENTS_MAX {
            assert!(tell().await.is_ok(), "event {number} waits");
        }
        assert!(tell().await.is_err());
        outputs.events.recv().await.unwrap();
        assert!(tell().await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_batches_may_be_under_way_and_then_reading_waits() {
        let (inputs, mut outputs) = channel();
        let batch = || Arrived::Closed { peer: PEER, connection: 1, end: End::Closed };
        let hand_on = || timeout(JUST, inputs.hand_on(batch()));
        for number in 1..=BATCHES_MAX {
            assert!(hand_on().await.is_ok(), "batch {number} waits");
        }
        assert!(hand_on().await.is_err());
        outputs.arrivals.recv().await.unwrap();
        assert!(hand_on().await.is_ok());
    }
}
