//! The two ends of a link, one call at a time: what a run, in which a tick and its
//! commit are one, cannot show.

use machine::{Arrival, Endpoint, MachineId, Message, Progress, StampRule, Topology};

use super::finding::{Finding, same};

/// The machines that the link joins.
pub(crate) const SENDER: MachineId = MachineId::new(1);
pub(crate) const RECEIVER: MachineId = MachineId::new(2);

/// A draw that sends to all neighbours, and one that sends to none.
pub(crate) const SEND: u64 = 3;
pub(crate) const INTERNAL: u64 = 10;

pub(crate) fn hold() -> Result<(), Finding> {
    nothing_is_sent_before_it_is_logged()?;
    nothing_is_acknowledged_before_it_is_logged()?;
    nothing_is_sent_without_a_connection()?;
    what_is_logged_is_forgotten()?;
    what_has_arrived_is_not()?;
    a_gap_changes_nothing()
}

/// A machine of two.
pub(crate) fn endpoint(id: MachineId) -> Endpoint {
    Endpoint::new(id, 2, Topology::Full, StampRule::After)
}

/// A machine that has sent so many messages, all logged.
pub(crate) fn sender_of(messages: u64) -> Endpoint {
    let mut sender = endpoint(SENDER);
    for _ in 0..messages {
        sender.tick(SEND).unwrap();
    }
    sender.commit();
    sender
}

/// What leaves the sender now.
pub(crate) fn transmitted(sender: &mut Endpoint) -> Vec<u64> {
    let link = sender.outgoing(RECEIVER).unwrap();
    std::iter::from_fn(|| link.transmit()).map(|(seq, _)| seq).collect()
}

pub(crate) fn message(seq: u64) -> Message {
    Message { from: SENDER, seq, stamp: seq }
}

/// How far a link has come.
pub(crate) fn progress(logged: u64, arrived: u64) -> Progress {
    Progress { logged, arrived }
}

fn nothing_is_sent_before_it_is_logged() -> Result<(), Finding> {
    let mut sender = endpoint(SENDER);
    sender.outgoing(RECEIVER).unwrap().welcome(progress(0, 0)).unwrap();
    sender.tick(SEND).unwrap();
    same("write-ahead", "sent before the commit", transmitted(&mut sender), vec![])?;
    sender.commit();
    same("committed", "sent after the commit", transmitted(&mut sender), vec![1])
}

fn nothing_is_acknowledged_before_it_is_logged() -> Result<(), Finding> {
    let mut receiver = endpoint(RECEIVER);
    receiver.arrive(message(1)).unwrap();
    receiver.tick(INTERNAL).unwrap();
    let mut said = || receiver.incoming(SENDER).unwrap().progress();
    same("write-ahead", "acknowledged before the commit", said(), progress(0, 1))?;
    receiver.commit();
    let said = receiver.incoming(SENDER).unwrap().progress();
    same("committed", "acknowledged after the commit", said, progress(1, 1))
}

fn nothing_is_sent_without_a_connection() -> Result<(), Finding> {
    let mut sender = sender_of(2);
    same("connection", "sent before the Welcome", transmitted(&mut sender), vec![])?;
    sender.outgoing(RECEIVER).unwrap().welcome(progress(0, 0)).unwrap();
    sender.outgoing(RECEIVER).unwrap().disconnect();
    same("connection", "sent after the connection", transmitted(&mut sender), vec![])
}

fn what_is_logged_is_forgotten() -> Result<(), Finding> {
    let mut sender = sender_of(3);
    let link = sender.outgoing(RECEIVER).unwrap();
    link.welcome(progress(0, 0)).unwrap();
    while link.transmit().is_some() {}
    link.acknowledge(progress(1, 2)).unwrap();
    same("kept", "messages kept", link.unlogged(), 2)?;
    same("kept", "messages in flight", link.in_flight(), 1)?;
    link.acknowledge(progress(0, 1)).unwrap();
    same("kept", "messages kept after a late acknowledgement", link.unlogged(), 2)?;
    same("kept", "messages in flight after it", link.in_flight(), 1)
}

/// A connection comes and goes: the inbox, and what has arrived, stay.
fn what_has_arrived_is_not() -> Result<(), Finding> {
    let mut receiver = endpoint(RECEIVER);
    let first = receiver.arrive(message(1)).unwrap();
    let again = receiver.arrive(message(1)).unwrap();
    same("arrival", "a repeated message", (first, again), (Arrival::Taken, Arrival::Repeated))?;
    let welcome = receiver.incoming(SENDER).unwrap().hello(1).unwrap();
    same("arrival", "the next Welcome", welcome, progress(0, 1))
}

fn a_gap_changes_nothing() -> Result<(), Finding> {
    let mut receiver = endpoint(RECEIVER);
    same("gap", "a gap is refused", receiver.arrive(message(2)).is_err(), true)?;
    same("gap", "the inbox after it", receiver.machine().queue(), 0)?;
    same("gap", "the next is taken", receiver.arrive(message(1)), Ok(Arrival::Taken))
}
