//! Feeds an outgoing connection: takes committed messages off the link and hands
//! them on as bytes, a bounded number of batches at a time.

use bytes::{Bytes, BytesMut};
use machine::Outgoing;
use tokio::sync::mpsc;
use tokio_util::codec::Encoder as _;
use wire::{Frame, FrameCodec};

use crate::dial::BATCHES_MAX;

/// Bytes at which a batch is full.
const BATCH_BYTES: usize = 1 << 14;

/// The way to the writer of one connection.
#[derive(Debug)]
pub(crate) struct Feed {
    outbox: mpsc::Sender<Bytes>,
    codec: FrameCodec,
    /// Batches that the writer has room for.
    room: usize,
}

impl Feed {
    pub(crate) fn new(outbox: mpsc::Sender<Bytes>) -> Self {
        Self { outbox, codec: FrameCodec::new(), room: BATCHES_MAX }
    }

    /// The writer has written a batch.
    pub(crate) fn written(&mut self) {
        self.room = (self.room + 1).min(BATCHES_MAX);
    }

    /// Hands on what `link` has to transmit, as far as there is room. What does
    /// not get through is transmitted again on the next connection.
    pub(crate) fn fill(&mut self, link: &mut Outgoing) {
        while self.room > 0 {
            let batch = self.batch(link);
            if batch.is_empty() {
                return;
            }
            self.room -= 1;
            // A closed outbox is a lost connection, of which an event tells.
            let _ = self.outbox.try_send(batch);
        }
    }

    fn batch(&mut self, link: &mut Outgoing) -> Bytes {
        let mut bytes = BytesMut::new();
        while bytes.len() < BATCH_BYTES {
            let Some((seq, stamp)) = link.transmit() else {
                break;
            };
            self.codec
                .encode(Frame::Message { seq, stamp }, &mut bytes)
                .expect("a message takes at most 22 bytes");
        }
        bytes.freeze()
    }
}
