//! What the tests of the links share: machine 1 of a pair, and histories of it.

use machine::{
    Endpoint, LinkFault, MachineId, Message, Outgoing, Progress, StampRule, Topology, WelcomeFault,
};

pub(crate) const PEER: MachineId = MachineId::new(2);

/// A draw that sends to the first neighbour, and one that is internal.
pub(crate) const SEND: u64 = 1;
pub(crate) const INTERNAL: u64 = 10;

pub(crate) fn endpoint() -> Endpoint {
    Endpoint::new(MachineId::new(1), 2, Topology::Full, StampRule::After)
}

/// An endpoint that has sent `count` messages, stamped 1, 2, 3 …, all in its log.
pub(crate) fn sender_of(count: u64) -> Endpoint {
    let mut endpoint = ticked(count);
    endpoint.commit();
    endpoint
}

/// An endpoint of the next incarnation, replayed from a log of `count` messages.
pub(crate) fn restarted_sender_of(count: u64) -> Endpoint {
    let mut endpoint = ticked(count);
    endpoint.begin_incarnation();
    endpoint
}

fn ticked(sends: u64) -> Endpoint {
    let mut endpoint = endpoint();
    for _ in 0..sends {
        endpoint.tick(SEND).unwrap();
    }
    endpoint
}

pub(crate) fn message(seq: u64) -> Message {
    Message { from: PEER, seq, stamp: seq }
}

pub(crate) fn progress(logged: u64, arrived: u64) -> Progress {
    Progress { logged, arrived }
}

/// All that can be transmitted now, as numbers; each must carry the stamp that
/// [`sender_of`] gave it.
pub(crate) fn transmit_all(endpoint: &mut Endpoint) -> Vec<u64> {
    let link = endpoint.outgoing(PEER).unwrap();
    std::iter::from_fn(|| link.transmit())
        .inspect(|(seq, stamp)| assert_eq!(seq, stamp))
        .map(|(seq, _)| seq)
        .collect()
}

pub(crate) fn welcome(
    endpoint: &mut Endpoint,
    logged: u64,
    arrived: u64,
) -> Result<(), WelcomeFault> {
    on_link(endpoint, progress(logged, arrived), Outgoing::welcome)
}

pub(crate) fn acknowledge(
    endpoint: &mut Endpoint,
    logged: u64,
    arrived: u64,
) -> Result<(), LinkFault> {
    on_link(endpoint, progress(logged, arrived), Outgoing::acknowledge)
}

/// Tells the link to the peer something. What it refuses must not change it.
fn on_link<E>(
    endpoint: &mut Endpoint,
    progress: Progress,
    tell: impl Fn(&mut Outgoing, Progress) -> Result<(), E>,
) -> Result<(), E> {
    let link = endpoint.outgoing(PEER).unwrap();
    let before = format!("{link:?}");
    tell(link, progress).inspect_err(|_| assert_eq!(format!("{link:?}"), before))
}

pub(crate) fn disconnect(endpoint: &mut Endpoint) {
    endpoint.outgoing(PEER).unwrap().disconnect();
}

/// Messages whose receipt is not known to be logged, and not known to have
/// arrived.
pub(crate) fn outstanding(endpoint: &mut Endpoint) -> (usize, u64) {
    let link = endpoint.outgoing(PEER).unwrap();
    (link.unlogged(), link.in_flight())
}
