//! What the sender's end refuses to believe.

use machine::{Endpoint, LinkFault, WelcomeFault};

use crate::pair::{
    PEER, SEND, acknowledge, disconnect, endpoint, outstanding, restarted_sender_of, sender_of,
    transmit_all, welcome,
};

/// A sender of five committed messages, the first three of them transmitted on a
/// connection that is gone, the first two acknowledged as logged.
fn sender_of_five_with_three_transmitted() -> Endpoint {
    let mut endpoint = sender_of(5);
    welcome(&mut endpoint, 0, 0).unwrap();
    for seq in 1..=3 {
        let link = endpoint.outgoing(PEER).unwrap();
        assert_eq!(link.transmit(), Some((seq, seq)));
    }
    acknowledge(&mut endpoint, 2, 3).unwrap();
    disconnect(&mut endpoint);
    endpoint
}

#[test]
fn a_welcome_must_fit_the_log() {
    use WelcomeFault::{Ahead, Behind, Contradicts};
    for (logged, arrived, answer) in [
        (2, 2, Ok(())),
        (2, 3, Ok(())),
        (3, 3, Ok(())),
        (2, 4, Err(Ahead { arrived: 4, sent: 3 })),
        (4, 4, Err(Ahead { arrived: 4, sent: 3 })),
        (1, 3, Err(Behind { logged: 1, acknowledged: 2 })),
        (0, 0, Err(Behind { logged: 0, acknowledged: 2 })),
        (3, 2, Err(Contradicts { logged: 3, arrived: 2 })),
    ] {
        let mut endpoint = sender_of_five_with_three_transmitted();
        assert_eq!(welcome(&mut endpoint, logged, arrived), answer);
        assert_eq!(endpoint.outgoing(PEER).unwrap().is_connected(), answer.is_ok());
    }
}

#[test]
fn the_first_welcome_of_an_incarnation_is_held_against_the_log_it_began_with() {
    let mut endpoint = restarted_sender_of(3);
    endpoint.tick(SEND).unwrap();
    endpoint.commit();
    let ahead = WelcomeFault::Ahead { arrived: 4, sent: 3 };
    assert_eq!(welcome(&mut endpoint, 0, 4), Err(ahead));
    assert_eq!(welcome(&mut endpoint, 0, 3), Ok(()));
    assert_eq!(transmit_all(&mut endpoint), [4]);
    disconnect(&mut endpoint);
    assert_eq!(welcome(&mut endpoint, 0, 4), Ok(()));
}

#[test]
fn what_once_left_stays_known_when_a_later_connection_starts_further_back() {
    let mut endpoint = sender_of(5);
    welcome(&mut endpoint, 0, 0).unwrap();
    transmit_all(&mut endpoint);
    welcome(&mut endpoint, 0, 0).unwrap();
    welcome(&mut endpoint, 0, 5).unwrap();
    assert_eq!(transmit_all(&mut endpoint), []);
}

#[test]
fn an_acknowledgement_must_fit_what_this_connection_carried() {
    use LinkFault::{AckAhead, AckContradicts};
    let mut endpoint = sender_of_five_with_three_transmitted();
    welcome(&mut endpoint, 2, 2).unwrap();
    let ahead = |arrived, transmitted| Err(AckAhead { arrived, transmitted });
    assert_eq!(acknowledge(&mut endpoint, 2, 3), ahead(3, 2));
    assert_eq!(endpoint.outgoing(PEER).unwrap().transmit(), Some((3, 3)));
    assert_eq!(acknowledge(&mut endpoint, 2, 3), Ok(()));
    assert_eq!(acknowledge(&mut endpoint, 4, 4), ahead(4, 3));
    let contradicts = AckContradicts { logged: 3, arrived: 2 };
    assert_eq!(acknowledge(&mut endpoint, 3, 2), Err(contradicts));
    assert_eq!(transmit_all(&mut endpoint), [4, 5]);
}

#[test]
fn a_link_that_never_sent_takes_no_credit() {
    let mut endpoint = endpoint();
    let ahead = WelcomeFault::Ahead { arrived: 1, sent: 0 };
    assert_eq!(welcome(&mut endpoint, 0, 1), Err(ahead));
    assert_eq!(welcome(&mut endpoint, 0, 0), Ok(()));
    assert_eq!(acknowledge(&mut endpoint, 0, 0), Ok(()));
    let ahead = LinkFault::AckAhead { arrived: 1, transmitted: 0 };
    assert_eq!(acknowledge(&mut endpoint, 1, 1), Err(ahead));
    assert_eq!(outstanding(&mut endpoint), (0, 0));
}
