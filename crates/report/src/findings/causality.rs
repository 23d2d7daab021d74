//! What the order of events shows: what Lamport's numbers say of it, and what
//! they cannot.

use super::{EVENTS_MIN, finding};
use crate::analysis::Analysis;
use crate::chain::Chain;
use crate::finding::Finding;
use crate::number::{count, counted, figure, list, percent};

/// The share of ordered pairs that are concurrent, from which on it is said.
const CONCURRENT_SHARE: f64 = 0.02;

/// Messages that a chain must run through to be worth a word.
const CHAIN_MESSAGES_MIN: u64 = 3;

/// How many times as many bytes a vector takes as a number, from which on it is
/// said.
const VECTOR_TIMES: f64 = 2.0;

/// A receive that is not after its send.
pub(super) fn clock_condition_broken(analysis: &Analysis) -> Vec<Finding> {
    let broken = analysis.causality.clock_condition_broken;
    let Some((send, receive)) = analysis.causality.broken.first() else { return Vec::new() };
    let received = analysis.summary.messages_received;
    let sentence = format!(
        "The clocks break Lamport's clock condition: {} of {} received ({}) got a clock that is \
         not larger than that of the send, first at machine {}'s tick {}, of machine {}'s send at \
         tick {}.",
        count(broken),
        counted(received, "message"),
        percent(broken as f64 / received.max(1) as f64),
        receive.machine,
        count(receive.tick),
        send.machine,
        count(send.tick),
    );
    let events = analysis.causality.broken.iter().flat_map(|(send, receive)| [*send, *receive]);
    vec![finding("clock_condition_broken", "diagram", sentence, events)]
}

/// A receive of what nobody sent.
pub(super) fn receive_without_send(analysis: &Analysis) -> Vec<Finding> {
    let receives = analysis.causality.receives_without_send;
    if receives == 0 {
        return Vec::new();
    }
    let sentence = format!(
        "{} in no log as sent: a log is missing, or not of this run. What was before them is not \
         known.",
        match receives {
            1 => "1 message was received that stands".to_owned(),
            many => format!("{} messages were received that stand", count(many)),
        }
    );
    vec![finding("receive_without_send", "diagram", sentence, None)]
}

/// Pairs that Lamport's numbers order, though neither caused the other.
pub(super) fn concurrency(analysis: &Analysis) -> Vec<Finding> {
    let causality = &analysis.causality;
    let share = causality.share_ordered_but_concurrent();
    let (Some(share), Some(pairs)) = (share, causality.pairs_ordered_but_concurrent) else {
        return Vec::new();
    };
    if share < CONCURRENT_SHARE || causality.events < EVENTS_MIN {
        return Vec::new();
    }
    let sentence = format!(
        "Lamport's numbers order {} pairs of events, {} of which ({}) are in truth concurrent: \
         neither can have caused the other, as vector clocks tell.",
        count(causality.pairs_ordered_by_lamport),
        count(pairs),
        percent(share),
    );
    let ends = super::seen(analysis).filter_map(|seen| seen.last_event());
    vec![finding("concurrency", "diagram", sentence, ends)]
}

/// The chain that the largest clock is the length of.
pub(super) fn longest_chain(analysis: &Analysis) -> Vec<Finding> {
    let chain = analysis.causality.longest_chain.as_ref();
    let Some(chain) = chain.filter(|chain| chain.messages >= CHAIN_MESSAGES_MIN) else {
        return Vec::new();
    };
    let sentence = format!(
        "The longest chain of causes has {}, {}, and ends at machine {}'s tick {}: a right clock \
         reads there how long it is.",
        counted(chain.length, "event"),
        through(chain),
        chain.end.machine,
        count(chain.end.tick),
    );
    let crossings = chain.crossings.iter().flat_map(|(send, receive)| [*send, *receive]);
    let events: Vec<_> = [chain.end].into_iter().chain(crossings).collect();
    vec![finding("longest_chain", "diagram", sentence, events)]
}

/// `344 of them on machine 3, through machines 1, 2 and 3 in 12 messages`
fn through(chain: &Chain) -> String {
    let most = chain.through.iter().max_by_key(|share| share.events);
    let most = most.map_or(String::new(), |share| {
        format!("{} of them on machine {}", count(share.events), share.machine)
    });
    let machines: Vec<_> = chain.through.iter().map(|share| share.machine).collect();
    let whom = if machines.len() > 6 {
        format!("{} machines", machines.len())
    } else {
        format!("machines {}", list(&machines))
    };
    format!("{most}; it runs through {whom} in {}", counted(chain.messages, "message"))
}

/// What it costs to know more than Lamport's numbers tell.
pub(super) fn vector_cost(analysis: &Analysis) -> Vec<Finding> {
    let wire = &analysis.causality.wire;
    let times = wire.vector_bytes_mean / wire.lamport_bytes_mean.max(1.0);
    if wire.messages == 0 || times < VECTOR_TIMES {
        return Vec::new();
    }
    let sentence = format!(
        "Vector clocks would tell all that is concurrent, at {} bytes a message on average where \
         Lamport's number takes {}: {} times as many.",
        figure(wire.vector_bytes_mean),
        figure(wire.lamport_bytes_mean),
        figure(times),
    );
    vec![finding("vector_cost", "diagram", sentence, None)]
}
