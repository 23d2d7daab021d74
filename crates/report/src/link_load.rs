//! What each link carried, and how old it was when it was read.

use std::collections::BTreeMap;

use journal::Record;
use serde::Serialize;

use crate::merge::Step;

/// The messages of one link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LinkLoad {
    /// The sender.
    pub from: u32,
    /// The recipient.
    pub to: u32,
    /// Messages sent.
    pub sent: u64,
    /// Messages received.
    pub received: u64,
    /// From send to receive, in seconds, on average; none if none was received.
    pub latency_seconds_mean: Option<f64>,
}

/// Counts while records come. Links without a message are not in it.
#[derive(Debug, Default)]
pub(crate) struct Loads {
    links: BTreeMap<(u32, u32), Load>,
}

#[derive(Debug, Default)]
struct Load {
    sent: u64,
    received: u64,
    seconds: f64,
}

impl Loads {
    /// Takes the next step into account.
    pub(crate) fn push(&mut self, step: &Step) {
        match &step.record {
            Record::Send(send) => {
                for &to in &send.to {
                    self.links.entry((step.machine, to)).or_default().sent += 1;
                }
            }
            Record::Receive(receive) => {
                if let Some(sent) = step.cause {
                    let load = self.links.entry((receive.from, step.machine)).or_default();
                    load.received += 1;
                    load.seconds += receive.time.seconds_since(sent.time);
                }
            }
            _ => {}
        }
    }

    pub(crate) fn finish(self) -> Vec<LinkLoad> {
        let link = |((from, to), load): ((u32, u32), Load)| LinkLoad {
            from,
            to,
            sent: load.sent,
            received: load.received,
            latency_seconds_mean: (load.received > 0).then(|| load.seconds / load.received as f64),
        };
        self.links.into_iter().map(link).collect()
    }
}
