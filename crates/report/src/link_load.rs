//! What each link carried, and how old it was when it was read.

use std::collections::{BTreeMap, VecDeque};

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
    /// Of each message in flight, by its number: the ticks that the recipient had
    /// done when it was sent.
    ticks_then: VecDeque<(u64, u64)>,
}

impl Loads {
    /// Takes the next step into account; `ticks` says how many ticks a machine has
    /// done. Of a receive, gives the ticks that the machine had done when its
    /// message was sent.
    pub(crate) fn push(&mut self, step: &Step, ticks: impl Fn(u32) -> u64) -> Option<u64> {
        match &step.record {
            Record::Send(send) => {
                for (message, &to) in (step.message..).zip(&send.to) {
                    let load = self.links.entry((step.machine, to)).or_default();
                    load.sent += 1;
                    load.ticks_then.push_back((message, ticks(to)));
                }
                None
            }
            Record::Receive(receive) => {
                let sent = step.cause?;
                let load = self.links.get_mut(&(receive.from, step.machine))?;
                load.received += 1;
                load.seconds += receive.time.seconds_since(sent.time);
                let place = load.ticks_then.iter().position(|(it, _)| *it == sent.message)?;
                load.ticks_then.remove(place).map(|(_, ticks)| ticks)
            }
            _ => None,
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
