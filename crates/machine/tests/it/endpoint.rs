use machine::{
    Arrival, Endpoint, INBOX_MESSAGES_MAX, MachineId, Message, MessageFault, STAMP_LEAD_MAX,
    StampRule, Topology, Touched, UNLOGGED_MESSAGES_MAX,
};

use crate::pair::{INTERNAL, PEER, SEND, endpoint, message, progress, sender_of};

/// The largest stamp that is not too near to the top.
const STAMP_MAX: u64 = u64::MAX - STAMP_LEAD_MAX;

fn stamped(stamp: u64) -> Message {
    Message { stamp, ..message(1) }
}

/// An endpoint whose clock reads `clock`, its link from the peer still unused.
fn endpoint_at(clock: u64) -> Endpoint {
    let mut endpoint = endpoint();
    endpoint.deliver(Message { seq: 0, ..stamped(clock - 1) });
    endpoint.tick(INTERNAL).unwrap();
    endpoint.commit();
    assert_eq!(endpoint.machine().clock(), clock);
    endpoint
}

#[test]
fn a_stamp_may_lead_the_clock_by_a_limit() {
    for clock in [1, 1_000, STAMP_MAX - STAMP_LEAD_MAX] {
        let limit = clock + STAMP_LEAD_MAX;
        assert_eq!(endpoint_at(clock).arrive(stamped(limit)), Ok(Arrival::Taken));
    }
    for clock in [1, 1_000, STAMP_MAX - STAMP_LEAD_MAX - 1] {
        let stamp = clock + STAMP_LEAD_MAX + 1;
        let mut endpoint = endpoint_at(clock);
        let ahead = MessageFault::StampAhead { stamp, clock };
        assert_eq!(endpoint.arrive(stamped(stamp)), Err(ahead));
        assert_untouched(&mut endpoint);
    }
}

#[test]
fn a_stamp_may_come_near_to_the_top_by_a_limit() {
    for clock in [STAMP_MAX - STAMP_LEAD_MAX, STAMP_MAX, u64::MAX] {
        let near = endpoint_at(clock).arrive(stamped(STAMP_MAX));
        assert_eq!(near, Ok(Arrival::Taken));
        for stamp in [STAMP_MAX + 1, u64::MAX] {
            let mut endpoint = endpoint_at(clock);
            let near_top = MessageFault::StampNearTop { stamp };
            assert_eq!(endpoint.arrive(stamped(stamp)), Err(near_top));
            assert_untouched(&mut endpoint);
        }
    }
}

#[test]
fn an_old_stamp_is_no_fault() {
    for stamp in [0, 1, 999, 1_000] {
        let arrival = endpoint_at(1_000).arrive(stamped(stamp));
        assert_eq!(arrival, Ok(Arrival::Taken));
    }
}

fn assert_untouched(endpoint: &mut Endpoint) {
    assert_eq!(endpoint.machine().queue(), 0);
    assert_eq!(endpoint.incoming(PEER).unwrap().progress(), progress(0, 0));
}

#[test]
fn only_neighbours_have_links() {
    let id = MachineId::new;
    let mut endpoint = Endpoint::new(id(1), 4, Topology::Ring, StampRule::After);
    for stranger in [1, 3, 5].map(id) {
        let message = Message { from: stranger, ..message(1) };
        assert_eq!(endpoint.arrive(message), Err(MessageFault::Stranger(stranger)));
        assert!(endpoint.outgoing(stranger).is_none());
        assert!(endpoint.incoming(stranger).is_none());
    }
    for neighbour in [2, 4].map(id) {
        let message = Message { from: neighbour, ..message(1) };
        assert_eq!(endpoint.arrive(message), Ok(Arrival::Taken));
        assert!(endpoint.outgoing(neighbour).is_some());
        assert!(endpoint.incoming(neighbour).is_some());
    }
    assert_eq!(endpoint.id(), id(1));
}

#[test]
fn messages_go_to_the_link_of_their_recipient() {
    let id = MachineId::new;
    let mut endpoint = Endpoint::new(id(2), 5, Topology::Ring, StampRule::After);
    for draw in [1, 2, 2, 3] {
        endpoint.tick(draw).unwrap();
    }
    assert_eq!(endpoint.outgoing(id(3)).unwrap().last(), 2);
    assert_eq!(endpoint.outgoing(id(1)).unwrap().last(), 3);
    assert_eq!(endpoint.in_flight(), 5);
}

#[test]
fn in_flight_counts_what_is_not_in_the_log_too() {
    let mut endpoint = endpoint();
    endpoint.tick(SEND).unwrap();
    assert_eq!(endpoint.in_flight(), 1);
}

#[test]
fn an_inbox_is_full_at_its_limit() {
    let mut endpoint = endpoint();
    for seq in 1..INBOX_MESSAGES_MAX as u64 {
        endpoint.arrive(message(seq)).unwrap();
    }
    assert!(!endpoint.inbox_is_full());
    endpoint.arrive(message(INBOX_MESSAGES_MAX as u64)).unwrap();
    assert!(endpoint.inbox_is_full());
    endpoint.tick(INTERNAL).unwrap();
    assert!(!endpoint.inbox_is_full());
}

#[test]
fn a_machine_is_saturated_by_unlogged_messages_at_their_limit() {
    let mut endpoint = sender_of(UNLOGGED_MESSAGES_MAX as u64 - 1);
    assert!(!endpoint.is_saturated());
    endpoint.tick(SEND).unwrap();
    endpoint.commit();
    assert!(endpoint.is_saturated());

    let link = endpoint.outgoing(PEER).unwrap();
    link.welcome(progress(0, 0)).unwrap();
    while link.transmit().is_some() {}
    link.acknowledge(progress(0, link.last())).unwrap();
    assert!(endpoint.is_saturated(), "arrived is not logged");

    let link = endpoint.outgoing(PEER).unwrap();
    link.acknowledge(progress(1, 1)).unwrap();
    assert!(!endpoint.is_saturated());
}

#[test]
fn a_restart_unsaturates_until_as_many_again_are_unlogged() {
    let mut endpoint = sender_of(UNLOGGED_MESSAGES_MAX as u64);
    assert!(endpoint.is_saturated());
    endpoint.begin_incarnation();
    assert!(!endpoint.is_saturated(), "a restarted machine never waits");
    for _ in 0..UNLOGGED_MESSAGES_MAX {
        assert!(!endpoint.is_saturated());
        endpoint.tick(SEND).unwrap();
    }
    assert!(endpoint.is_saturated());
}

#[test]
fn one_saturated_link_is_enough() {
    let mut endpoint = Endpoint::new(MachineId::new(1), 3, Topology::Full, StampRule::After);
    for _ in 0..UNLOGGED_MESSAGES_MAX {
        endpoint.tick(2).unwrap();
    }
    assert!(endpoint.is_saturated());
}

#[test]
fn an_overflow_sends_nothing() {
    let mut endpoint = endpoint_at(u64::MAX);
    assert!(endpoint.tick(SEND).is_err());
    assert_eq!(endpoint.in_flight(), 0);
    assert_eq!(endpoint.outgoing(PEER).unwrap().last(), 0);
    assert_eq!(endpoint.machine().ticks(), 1);
}

/// Of four machines the second: its neighbours are 3, 4 and 1.
#[test]
fn a_commit_gives_the_links_that_were_touched() {
    let mut endpoint = Endpoint::new(MachineId::new(2), 4, Topology::Full, StampRule::After);
    assert_eq!(endpoint.commit(), Touched::default());
    endpoint.tick(INTERNAL).unwrap();
    assert_eq!(endpoint.commit(), Touched::default());
    endpoint.tick(2).unwrap();
    assert_eq!(endpoint.commit(), Touched { sent: 1..2, received: 0..0 });
    endpoint.tick(1).unwrap();
    endpoint.tick(2).unwrap();
    assert_eq!(endpoint.commit(), Touched { sent: 0..2, received: 0..0 });
    endpoint.tick(3).unwrap();
    let message = Message { from: MachineId::new(1), seq: 1, stamp: 1 };
    endpoint.arrive(message).unwrap();
    endpoint.tick(INTERNAL).unwrap();
    assert_eq!(endpoint.commit(), Touched { sent: 0..3, received: 2..3 });
    assert_eq!(endpoint.commit(), Touched::default());
}
