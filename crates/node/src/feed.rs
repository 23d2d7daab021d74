//! Feeds an outgoing connection: takes committed messages off the link and hands
//! them on as bytes, a bounded number at a time.

use std::mem;

use bytes::BytesMut;
use machine::Outgoing;
use tokio::time::Instant;
use tokio_util::codec::Encoder as _;
use wire::{Frame, FrameCodec};

use crate::board::Teller;
use crate::pulse::Pulse;

/// Bytes of messages at which what waits to be written is a full batch.
const BATCH_BYTES: usize = 1 << 15;

/// What waits for the writer of a connection, which takes it all at once.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) bytes: BytesMut,
    /// Whether the machine waits for it to be taken, and is to be told.
    pub(crate) is_full: bool,
}

impl Outbox {
    /// Takes what there is.
    pub(crate) fn take(&mut self) -> Option<Self> {
        (!self.bytes.is_empty()).then(|| mem::take(self))
    }

    fn push(&mut self, frame: Frame, codec: &mut FrameCodec) {
        codec.encode(frame, &mut self.bytes).expect("messages and heartbeats are short");
    }
}

/// The way to the writer of one connection.
#[derive(Debug)]
pub(crate) struct Feed {
    outbox: Teller<Outbox>,
    codec: FrameCodec,
    /// Whether what was handed on is a full batch that was not taken yet.
    is_full: bool,
    /// Whether messages were handed on since a heartbeat was.
    is_unasked: bool,
    pulse: Pulse,
}

impl Feed {
    pub(crate) fn new(outbox: Teller<Outbox>) -> Self {
        Self {
            outbox,
            codec: FrameCodec::new(),
            is_full: false,
            is_unasked: false,
            pulse: Pulse::at(Instant::now()),
        }
    }

    /// The writer has taken a full batch.
    pub(crate) fn taken(&mut self) {
        self.is_full = false;
    }

    /// Hands on at `now` what `link` has to transmit, as far as there is room. What does
    /// not get through is transmitted again on the next connection.
    pub(crate) fn fill(&mut self, link: &mut Outgoing, now: Instant) {
        if self.is_full {
            return;
        }
        // What waits is no full batch, so there is room for one more.
        let Some(first) = link.transmit() else { return };
        self.is_full = self.outbox.tell(|outbox| {
            let mut next = Some(first);
            while let Some((seq, stamp)) = next {
                outbox.push(Frame::Message { seq, stamp }, &mut self.codec);
                outbox.is_full = outbox.bytes.len() >= BATCH_BYTES;
                next = if outbox.is_full { None } else { link.transmit() };
            }
            outbox.is_full
        });
        self.is_unasked = true;
        self.pulse = Pulse::at(now);
    }

    /// Says a heartbeat at `now` if messages were handed on since the last, which the peer
    /// answers by how far it has come.
    pub(crate) fn ask(&mut self, now: Instant) {
        if self.is_unasked && !self.is_full {
            self.say_heartbeat(now);
        }
    }

    /// Says a heartbeat at `now` if one is due by `horizon`. When the next one is.
    pub(crate) fn keep_alive(&mut self, now: Instant, horizon: Instant) -> Instant {
        if self.pulse.due() <= horizon {
            // What waits to be written is sign enough.
            match self.outbox.look(|outbox| outbox.bytes.is_empty()) {
                true => self.say_heartbeat(now),
                false => self.pulse = Pulse::at(now),
            }
        }
        self.pulse.due()
    }

    fn say_heartbeat(&mut self, now: Instant) {
        self.outbox.tell(|outbox| outbox.push(Frame::Heartbeat, &mut self.codec));
        self.is_unasked = false;
        self.pulse = Pulse::at(now);
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use machine::{Endpoint, Progress, StampRule, Topology};
    use tokio_util::codec::Decoder as _;

    use super::*;
    use crate::board::board;
    use crate::played::{OURS, PEER, bytes_of};

    /// A machine with a link that is up and has much to transmit.
    fn sender() -> Endpoint {
        let mut endpoint = Endpoint::new(OURS, 2, Topology::Full, StampRule::After);
        for _ in 0..20_000 {
            endpoint.tick(1).unwrap();
        }
        endpoint.commit();
        endpoint.outgoing(PEER).unwrap().welcome(Progress::default()).unwrap();
        endpoint
    }

    /// The numbers of the messages in a batch.
    fn numbers(batch: &[u8]) -> Vec<u64> {
        let mut bytes = BytesMut::from(batch);
        let frames = iter::from_fn(|| FrameCodec::new().decode(&mut bytes).unwrap());
        let numbers = frames.map(|frame| match frame {
            Frame::Message { seq, .. } => seq,
            other => panic!("{other:?}"),
        });
        numbers.collect()
    }

    #[test]
    fn no_more_is_handed_on_than_a_full_batch_until_that_was_taken() {
        let mut endpoint = sender();
        let link = endpoint.outgoing(PEER).unwrap();
        let (outbox, mut writer) = board();
        let mut feed = Feed::new(outbox);
        let mut last = 0;
        for _ in 0..3 {
            for _ in 0..2 {
                feed.fill(link, Instant::now());
            }
            let Outbox { bytes, is_full } = writer.try_hear(Outbox::take).unwrap();
            assert!(is_full, "nobody is told that it was taken");
            let numbers = numbers(&bytes);
            assert_eq!(numbers.first(), Some(&(last + 1)), "none is left out");
            last += numbers.len() as u64;
            let longest = bytes_of(Frame::Message { seq: last, stamp: last }).len();
            let without_last = bytes.len() - longest;
            assert!(without_last < BATCH_BYTES && BATCH_BYTES <= bytes.len(), "{without_last}");
            // It was taken, but the machine does not know that yet.
            feed.fill(link, Instant::now());
            assert!(writer.try_hear(Outbox::take).is_none());
            feed.taken();
        }
    }

    #[test]
    fn what_is_no_full_batch_grows_until_it_is_taken() {
        let mut endpoint = Endpoint::new(OURS, 2, Topology::Full, StampRule::After);
        endpoint.outgoing(PEER).unwrap().welcome(Progress::default()).unwrap();
        let (outbox, mut writer) = board();
        let mut feed = Feed::new(outbox);
        for taken in [1..=1, 2..=4, 5..=7] {
            for _ in taken.clone() {
                endpoint.tick(1).unwrap();
                endpoint.commit();
                feed.fill(endpoint.outgoing(PEER).unwrap(), Instant::now());
            }
            let Outbox { bytes, is_full } = writer.try_hear(Outbox::take).unwrap();
            assert!(!is_full);
            assert_eq!(numbers(&bytes), taken.collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_peer_is_asked_once_after_messages_as_soon_as_there_is_room() {
        let mut endpoint = sender();
        let link = endpoint.outgoing(PEER).unwrap();
        let (outbox, mut writer) = board();
        let (mut feed, now) = (Feed::new(outbox), Instant::now());
        feed.ask(now);
        assert!(writer.try_hear(Outbox::take).is_none(), "nothing was sent");
        feed.fill(link, now);
        feed.ask(now);
        numbers(&writer.try_hear(Outbox::take).unwrap().bytes);
        feed.taken();
        feed.ask(now);
        feed.ask(now);
        assert_eq!(writer.try_hear(Outbox::take).unwrap().bytes, bytes_of(Frame::Heartbeat));
    }
}
