//! Feeds an outgoing connection: takes committed messages off the link and hands
//! them on as bytes, a bounded number of batches at a time.

use bytes::{Bytes, BytesMut};
use machine::Outgoing;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::codec::Encoder as _;
use wire::{Frame, FrameCodec};

use crate::dial::BATCHES_MAX;
use crate::pulse::Pulse;

/// Bytes at which a batch is full.
const BATCH_BYTES: usize = 1 << 15;

/// The way to the writer of one connection.
#[derive(Debug)]
pub(crate) struct Feed {
    outbox: mpsc::Sender<Bytes>,
    codec: FrameCodec,
    /// Batches that the writer has room for.
    room: usize,
    /// Whether messages were handed on since a heartbeat was.
    is_unasked: bool,
    pulse: Pulse,
}

impl Feed {
    pub(crate) fn new(outbox: mpsc::Sender<Bytes>) -> Self {
        Self {
            outbox,
            codec: FrameCodec::new(),
            room: BATCHES_MAX,
            is_unasked: false,
            pulse: Pulse::at(Instant::now()),
        }
    }

    /// The writer has written a batch.
    pub(crate) fn written(&mut self) {
        self.room = (self.room + 1).min(BATCHES_MAX);
    }

    /// Hands on at `now` what `link` has to transmit, as far as there is room. What does
    /// not get through is transmitted again on the next connection.
    pub(crate) fn fill(&mut self, link: &mut Outgoing, now: Instant) {
        while self.room > 0 {
            let Some(first) = link.transmit() else { return };
            let batch = self.batch(first, link);
            self.hand_on(batch);
            self.is_unasked = true;
            self.pulse = Pulse::at(now);
        }
    }

    /// Says a heartbeat at `now` if messages were handed on since the last, which the peer
    /// answers by how far it has come.
    pub(crate) fn ask(&mut self, now: Instant) {
        if self.is_unasked && self.room > 0 {
            self.say_heartbeat();
            self.pulse = Pulse::at(now);
        }
    }

    /// Says a heartbeat at `now` if one is due by `horizon`. When the next one is.
    pub(crate) fn keep_alive(&mut self, now: Instant, horizon: Instant) -> Instant {
        if self.pulse.due() <= horizon {
            // While a batch is being written, that is sign enough.
            if self.room == BATCHES_MAX {
                self.say_heartbeat();
            }
            self.pulse = Pulse::at(now);
        }
        self.pulse.due()
    }

    fn hand_on(&mut self, batch: Bytes) {
        self.room -= 1;
        // A closed outbox is a lost connection, of which an event tells.
        let _ = self.outbox.try_send(batch);
    }

    fn say_heartbeat(&mut self) {
        let mut bytes = BytesMut::new();
        self.codec.encode(Frame::Heartbeat, &mut bytes).expect("a heartbeat takes 6 bytes");
        self.hand_on(bytes.freeze());
        self.is_unasked = false;
    }

    fn batch(&mut self, first: (u64, u64), link: &mut Outgoing) -> Bytes {
        let mut bytes = BytesMut::new();
        let mut next = Some(first);
        while let Some((seq, stamp)) = next {
            self.codec
                .encode(Frame::Message { seq, stamp }, &mut bytes)
                .expect("a message takes at most 22 bytes");
            next = if bytes.len() < BATCH_BYTES { link.transmit() } else { None };
        }
        bytes.freeze()
    }
}

#[cfg(test)]
mod tests {
    use std::iter;

    use machine::{Endpoint, Progress, StampRule, Topology};
    use tokio_util::codec::Decoder as _;

    use super::*;
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
    fn so_many_batches_are_handed_on_and_one_more_for_each_that_was_written() {
        let mut endpoint = sender();
        let link = endpoint.outgoing(PEER).unwrap();
        let (outbox, mut batches) = mpsc::channel(2 * BATCHES_MAX);
        let mut feed = Feed::new(outbox);
        let mut last = 0;
        for (written, handed_on) in
            [(0, BATCHES_MAX), (1, 1), (0, 0), (2 * BATCHES_MAX, BATCHES_MAX)]
        {
            (0..written).for_each(|_| feed.written());
            feed.fill(link, Instant::now());
            assert_eq!(batches.len(), handed_on);
            while let Ok(batch) = batches.try_recv() {
                let numbers = numbers(&batch);
                assert_eq!(numbers.first(), Some(&(last + 1)), "none is left out");
                last += numbers.len() as u64;
            }
        }
    }

    #[test]
    fn a_peer_is_asked_once_after_messages_as_soon_as_there_is_room() {
        let mut endpoint = sender();
        let link = endpoint.outgoing(PEER).unwrap();
        let (outbox, mut batches) = mpsc::channel(2 * BATCHES_MAX);
        let (mut feed, now) = (Feed::new(outbox), Instant::now());
        feed.ask(now);
        assert!(batches.try_recv().is_err(), "nothing was sent");
        feed.fill(link, now);
        feed.ask(now);
        assert_eq!(batches.len(), BATCHES_MAX, "there is no room");
        feed.written();
        feed.ask(now);
        feed.written();
        feed.ask(now);
        let last = iter::from_fn(|| batches.try_recv().ok()).skip(BATCHES_MAX);
        assert_eq!(last.collect::<Vec<_>>(), [bytes_of(Frame::Heartbeat)]);
    }

    #[test]
    fn a_batch_is_full_with_the_message_that_reaches_its_bytes() {
        let mut endpoint = sender();
        let (outbox, _batches) = mpsc::channel(BATCHES_MAX);
        let link = endpoint.outgoing(PEER).unwrap();
        let first = link.transmit().unwrap();
        let batch = Feed::new(outbox).batch(first, link);
        let last = *numbers(&batch).last().unwrap();
        let without_last = batch.len() - bytes_of(Frame::Message { seq: last, stamp: last }).len();
        assert!(without_last < BATCH_BYTES && BATCH_BYTES <= batch.len(), "{without_last}");
    }
}
