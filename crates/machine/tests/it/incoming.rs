use machine::{Arrival, Endpoint, Incoming, LinkFault, MessageFault, Progress, StaleIncarnation};

use crate::pair::{INTERNAL, PEER, SEND, endpoint, message, progress};

fn incoming(endpoint: &mut Endpoint) -> &mut Incoming {
    endpoint.incoming(PEER).unwrap()
}

fn progress_of(endpoint: &mut Endpoint) -> Progress {
    incoming(endpoint).progress()
}

/// An endpoint with messages 1 to `count` in its inbox.
fn receiver_of(count: u64) -> Endpoint {
    let mut endpoint = endpoint();
    for seq in 1..=count {
        assert_eq!(endpoint.arrive(message(seq)), Ok(Arrival::Taken));
    }
    endpoint
}

#[test]
fn the_next_message_is_taken_and_an_earlier_one_dropped() {
    let mut endpoint = receiver_of(3);
    for seq in [0, 1, 2, 3, 1] {
        assert_eq!(endpoint.arrive(message(seq)), Ok(Arrival::Repeated));
    }
    assert_eq!(endpoint.machine().queue(), 3);
    assert_eq!(endpoint.arrive(message(4)), Ok(Arrival::Taken));
    assert_eq!(endpoint.machine().queue(), 4);
    assert_eq!(progress_of(&mut endpoint), progress(0, 4));
}

#[test]
fn a_message_beyond_the_next_is_a_gap() {
    let mut endpoint = receiver_of(2);
    for seq in [4, 5, u64::MAX] {
        let gap = LinkFault::Gap { seq, expected: 3 };
        let gap_message = machine::Message { stamp: 1, ..message(seq) };
        assert_eq!(endpoint.arrive(gap_message), Err(MessageFault::Link(gap)));
    }
    assert_eq!(endpoint.machine().queue(), 2);
    assert_eq!(progress_of(&mut endpoint), progress(0, 2));
    assert_eq!(endpoint.arrive(message(3)), Ok(Arrival::Taken));
}

#[test]
fn a_receipt_is_acknowledged_as_logged_only_once_it_is() {
    let mut endpoint = receiver_of(3);
    endpoint.commit();
    assert_eq!(progress_of(&mut endpoint), progress(0, 3));

    endpoint.tick(INTERNAL).unwrap();
    endpoint.tick(INTERNAL).unwrap();
    assert_eq!(incoming(&mut endpoint).received(), 2);
    assert_eq!(progress_of(&mut endpoint), progress(0, 3));

    endpoint.commit();
    assert_eq!(progress_of(&mut endpoint), progress(2, 3));
    assert_eq!(incoming(&mut endpoint).received(), 2);
}

#[test]
fn a_reconnect_leaves_the_inbox_and_what_arrived_alone() {
    let mut endpoint = receiver_of(3);
    endpoint.tick(INTERNAL).unwrap();
    endpoint.commit();
    assert_eq!(incoming(&mut endpoint).hello(1), Ok(progress(1, 3)));
    assert_eq!(incoming(&mut endpoint).hello(2), Ok(progress(1, 3)));
    assert_eq!(endpoint.machine().queue(), 2);
    assert_eq!(endpoint.arrive(message(3)), Ok(Arrival::Repeated));
}

#[test]
fn a_hello_of_an_earlier_incarnation_is_stale() {
    let mut endpoint = endpoint();
    let link = incoming(&mut endpoint);
    for (said, known) in [(1, 1), (1, 1), (3, 3), (2, 3), (1, 3), (3, 3), (4, 4), (3, 4)] {
        let answer = if said < known {
            Err(StaleIncarnation { said, known })
        } else {
            Ok(Progress::default())
        };
        assert_eq!(link.hello(said), answer, "{said} where {known} is known");
    }
}

#[test]
fn a_restart_loses_what_arrived_and_was_not_logged() {
    let mut endpoint = receiver_of(3);
    endpoint.tick(INTERNAL).unwrap();
    endpoint.commit();
    endpoint.begin_incarnation();
    assert_eq!(endpoint.machine().queue(), 0);
    assert_eq!(incoming(&mut endpoint).hello(1), Ok(progress(1, 1)));
    for (seq, arrival) in [(1, Arrival::Repeated), (2, Arrival::Taken), (3, Arrival::Taken)] {
        assert_eq!(endpoint.arrive(message(seq)), Ok(arrival));
    }
    assert_eq!(endpoint.machine().queue(), 2);
}

#[test]
fn a_replay_of_receipts_takes_the_link_along() {
    let mut endpoint = endpoint();
    endpoint.deliver(message(1));
    endpoint.tick(SEND).unwrap();
    endpoint.deliver(message(2));
    endpoint.tick(SEND).unwrap();
    endpoint.deliver(message(9)); // a placeholder, never received
    endpoint.begin_incarnation();
    assert_eq!(progress_of(&mut endpoint), progress(2, 2));
    assert_eq!(endpoint.arrive(message(3)), Ok(Arrival::Taken));
}
