//! What the sender's end transmits, keeps and counts.

use crate::pair::{
    INTERNAL, PEER, SEND, acknowledge, disconnect, endpoint, outstanding, restarted_sender_of,
    sender_of, transmit_all, welcome,
};

#[test]
fn nothing_leaves_before_its_record_is_in_the_log() {
    let mut endpoint = endpoint();
    welcome(&mut endpoint, 0, 0).unwrap();
    endpoint.tick(SEND).unwrap();
    assert_eq!(transmit_all(&mut endpoint), []);
    endpoint.commit();
    endpoint.tick(SEND).unwrap();
    assert_eq!(transmit_all(&mut endpoint), [1]);
    endpoint.tick(INTERNAL).unwrap();
    endpoint.commit();
    assert_eq!(transmit_all(&mut endpoint), [2]);
}

#[test]
fn nothing_leaves_without_a_connection() {
    let mut endpoint = sender_of(3);
    assert!(!endpoint.outgoing(PEER).unwrap().is_connected());
    assert_eq!(transmit_all(&mut endpoint), []);

    welcome(&mut endpoint, 0, 0).unwrap();
    assert!(endpoint.outgoing(PEER).unwrap().is_connected());
    assert_eq!(endpoint.outgoing(PEER).unwrap().transmit(), Some((1, 1)));

    disconnect(&mut endpoint);
    assert!(!endpoint.outgoing(PEER).unwrap().is_connected());
    assert_eq!(transmit_all(&mut endpoint), []);
}

#[test]
fn nothing_leaves_after_a_restart_before_a_welcome() {
    let mut endpoint = sender_of(3);
    welcome(&mut endpoint, 0, 0).unwrap();
    endpoint.begin_incarnation();
    assert!(!endpoint.outgoing(PEER).unwrap().is_connected());
    assert_eq!(transmit_all(&mut endpoint), []);
}

#[test]
fn transmission_resumes_after_what_has_arrived() {
    for (logged, arrived, rest) in [
        (0, 0, &[1, 2, 3, 4, 5][..]),
        (0, 2, &[3, 4, 5]),
        (2, 2, &[3, 4, 5]),
        (1, 4, &[5]),
        (0, 5, &[]),
        (5, 5, &[]),
    ] {
        let mut endpoint = restarted_sender_of(5);
        welcome(&mut endpoint, logged, arrived).unwrap();
        let expected = (5 - logged as usize, 5 - arrived);
        assert_eq!(outstanding(&mut endpoint), expected);
        assert_eq!(transmit_all(&mut endpoint), rest, "after {logged}, {arrived}");
    }
}

#[test]
fn a_message_is_kept_until_its_receipt_is_logged() {
    let mut endpoint = sender_of(4);
    welcome(&mut endpoint, 0, 0).unwrap();
    assert_eq!(transmit_all(&mut endpoint), [1, 2, 3, 4]);
    for (logged, arrived, outstanding_then) in
        [(0, 0, (4, 4)), (0, 3, (4, 1)), (2, 3, (2, 1)), (3, 4, (1, 0)), (4, 4, (0, 0))]
    {
        acknowledge(&mut endpoint, logged, arrived).unwrap();
        assert_eq!(outstanding(&mut endpoint), outstanding_then);
    }
    assert_eq!(endpoint.outgoing(PEER).unwrap().last(), 4);
}

#[test]
fn an_old_acknowledgement_changes_nothing() {
    let mut endpoint = sender_of(4);
    welcome(&mut endpoint, 0, 0).unwrap();
    transmit_all(&mut endpoint);
    acknowledge(&mut endpoint, 2, 3).unwrap();
    for (logged, arrived) in [(0, 0), (1, 2), (2, 2), (2, 3)] {
        acknowledge(&mut endpoint, logged, arrived).unwrap();
        assert_eq!(outstanding(&mut endpoint), (2, 1));
    }
}

#[test]
fn what_a_restarted_receiver_lost_is_in_flight_again() {
    let mut endpoint = sender_of(5);
    welcome(&mut endpoint, 0, 0).unwrap();
    transmit_all(&mut endpoint);
    acknowledge(&mut endpoint, 2, 5).unwrap();
    assert_eq!(endpoint.in_flight(), 0);

    disconnect(&mut endpoint);
    welcome(&mut endpoint, 3, 3).unwrap();
    assert_eq!(outstanding(&mut endpoint), (2, 2));
    assert_eq!(transmit_all(&mut endpoint), [4, 5]);
    acknowledge(&mut endpoint, 3, 5).unwrap();
    assert_eq!(endpoint.in_flight(), 0);
}

#[test]
fn a_restarted_sender_knows_of_no_arrival() {
    let mut endpoint = restarted_sender_of(3);
    assert_eq!(outstanding(&mut endpoint), (3, 3));
    welcome(&mut endpoint, 1, 2).unwrap();
    assert_eq!(outstanding(&mut endpoint), (2, 1));
}
