//! What the tasks around the owner tell it.

use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;

use machine::{MachineId, Progress};
use tokio::sync::oneshot;
use wire::Hello;

use crate::board::{Hearer, Teller, board};
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
    pub(crate) feedback: Hearer<Option<Feedback>>,
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
    /// Messages, as number and stamp, and whether the peer asks how far its link has come,
    /// which it may do without any.
    Messages { peer: MachineId, connection: u64, messages: Vec<(u64, u64)>, is_asking: bool },
    /// The end of the connection.
    Closed { peer: MachineId, connection: u64, end: End },
}

/// What the owner has not heard yet. Arrivals are apart from events so that a machine whose
/// inbox is full can leave messages where they are and still hear all else.
#[derive(Debug, Default)]
pub(crate) struct Input {
    pub(crate) events: Vec<Event>,
    pub(crate) arrivals: Vec<Arrived>,
}

impl Input {
    /// Takes what there is: of arrivals those before the first message for which there is no
    /// `room`, though messages that came together may be more.
    pub(crate) fn take(&mut self, room: usize) -> Option<Self> {
        let mut left = room;
        let fitting = self.arrivals.iter().take_while(|arrived| {
            let fits = left > 0 || arrived.messages() == 0;
            left = left.saturating_sub(arrived.messages());
            fits
        });
        let fitting = fitting.count();
        if self.events.is_empty() && fitting == 0 {
            return None;
        }
        let rest = self.arrivals.split_off(fitting);
        let arrivals = mem::replace(&mut self.arrivals, rest);
        Some(Self { events: mem::take(&mut self.events), arrivals })
    }
}

impl Arrived {
    fn messages(&self) -> usize {
        match self {
            Self::Messages { messages, .. } => messages.len(),
            Self::Closed { .. } => 0,
        }
    }
}

/// The way to the owner.
#[derive(Clone, Debug)]
pub(crate) struct Inputs(Arc<Teller<Input>>);

/// Both ends of it.
pub(crate) fn inputs() -> (Inputs, Hearer<Input>) {
    let (teller, hearer) = board();
    (Inputs(Arc::new(teller)), hearer)
}

impl Inputs {
    /// Tells the owner of an event. If the owner is gone, nobody needs to know.
    pub(crate) async fn tell(&self, event: Event) {
        self.put(event, |input| (&mut input.events, EVENTS_MAX)).await;
    }

    /// Hands on what arrived; likewise.
    pub(crate) async fn hand_on(&self, arrived: Arrived) {
        self.put(arrived, |input| (&mut input.arrivals, BATCHES_MAX)).await;
    }

    async fn put<T>(&self, value: T, place: impl Fn(&mut Input) -> (&mut Vec<T>, usize)) {
        let mut value = Some(value);
        let put = |input: &mut Input| {
            let (values, values_max) = place(input);
            let has_room = values.len() < values_max;
            if has_room {
                values.extend(value.take());
            }
            has_room
        };
        self.0.tell_when(put).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::played::{JUST, PEER};

    #[tokio::test(start_paused = true)]
    async fn so_many_events_may_be_under_way_and_then_their_connections_wait() {
        let (inputs, mut owner) = inputs();
        let tell = || timeout(JUST, inputs.tell(Event::Taken { peer: PEER }));
        for number in 1..=EVENTS_MAX {
            assert!(tell().await.is_ok(), "event {number} waits");
        }
        assert!(tell().await.is_err());
        owner.hear(|input| input.events.pop()).await.unwrap();
        assert!(tell().await.is_ok());
    }

    #[test]
    fn messages_are_taken_while_there_is_room_and_what_is_no_message_before_them_always() {
        let question =
            || Arrived::Messages { peer: PEER, connection: 1, messages: vec![], is_asking: true };
        let messages = |count| Arrived::Messages {
            peer: PEER,
            connection: 1,
            messages: vec![(1, 1); count],
            is_asking: false,
        };
        for (room, taken) in [(0, 1), (1, 3), (2, 3), (3, 4), (9, 5)] {
            let arrivals = vec![question(), messages(2), question(), messages(1), messages(1)];
            let mut input = Input { events: Vec::new(), arrivals };
            assert_eq!(input.take(room).map(|input| input.arrivals.len()), Some(taken), "{room}");
            assert_eq!(input.arrivals.len(), 5 - taken);
        }
        let mut input = Input { events: Vec::new(), arrivals: vec![messages(1)] };
        assert!(input.take(0).is_none());
        input.events.push(Event::Shutdown);
        assert_eq!(input.take(0).map(|input| input.events.len()), Some(1));
        assert_eq!(input.arrivals.len(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_batches_may_be_under_way_and_then_reading_waits() {
        let (inputs, mut owner) = inputs();
        let batch = || Arrived::Closed { peer: PEER, connection: 1, end: End::Closed };
        let hand_on = || timeout(JUST, inputs.hand_on(batch()));
        for number in 1..=BATCHES_MAX {
            assert!(hand_on().await.is_ok(), "batch {number} waits");
        }
        assert!(hand_on().await.is_err());
        owner.hear(|input| input.arrivals.pop()).await.unwrap();
        assert!(hand_on().await.is_ok());
    }
}
