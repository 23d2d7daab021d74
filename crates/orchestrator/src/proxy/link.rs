//! One link of the proxy: where it listens, whom it reaches, what it has carried.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use wire::Frame;

use super::Relayed;
use super::way::Way;

/// A link from one machine to another, with the proxy in it.
#[derive(Debug)]
pub(crate) struct Link {
    /// Where the proxy listens.
    pub(crate) address: String,
    /// Where the receiver does.
    pub(crate) target: String,
    /// The way that messages travel.
    pub(crate) forward: Arc<Way>,
    /// The way that acknowledgements travel.
    pub(crate) back: Arc<Way>,
    pub(crate) traffic: Traffic,
}

/// What has travelled on a link.
#[derive(Debug, Default)]
pub(crate) struct Traffic {
    pub(crate) connections: AtomicU64,
    pub(crate) lost: AtomicU64,
    pub(crate) reset: AtomicU64,
    pub(crate) broken: AtomicU64,
    frames: AtomicU64,
    resent: AtomicU64,
    repeated: AtomicU64,
    /// The last message that its sender sent.
    sent: AtomicU64,
    /// The last one that was passed on to its receiver.
    delivered: AtomicU64,
}

/// One more.
pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Relaxed);
}

impl Traffic {
    /// The sender has sent `frame`.
    pub(crate) fn sent(&self, frame: &Frame) {
        if let Frame::Message { seq, .. } = frame
            && self.sent.fetch_max(*seq, Relaxed) >= *seq
        {
            count(&self.resent);
        }
    }

    /// `frame` was passed on.
    pub(crate) fn passed(&self, frame: &Frame) {
        count(&self.frames);
        if let Frame::Message { seq, .. } = frame
            && self.delivered.fetch_max(*seq, Relaxed) >= *seq
        {
            count(&self.repeated);
        }
    }

    pub(crate) fn delivered(&self) -> u64 {
        self.delivered.load(Relaxed)
    }

    pub(crate) fn add_to(&self, relayed: &mut Relayed) {
        relayed.connections += self.connections.load(Relaxed);
        relayed.frames += self.frames.load(Relaxed);
        relayed.lost += self.lost.load(Relaxed);
        relayed.reset += self.reset.load(Relaxed);
        relayed.broken += self.broken.load(Relaxed);
        relayed.resent += self.resent.load(Relaxed);
        relayed.repeated += self.repeated.load(Relaxed);
    }
}
