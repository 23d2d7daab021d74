//! What comes on a link at the border between good and bad; what is bad beyond doubt
//! is in `hostile_cases`.

use machine::Progress;
use wire::Frame;

use crate::connection::{bytes_of, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

#[test]
fn a_stamp_may_be_2_to_the_32_ahead_and_no_more() {
    live(async |said| {
        // So slow that the clock stands at 0.
        let lab = Lab::new(&said, 2, "rate = 0.001").await;
        let node = lab.start().await;
        for (stamp, is_taken) in [((1 << 32) + 1, false), (1 << 32, true)] {
            let mut link = node.link_from(2).await;
            link.say_bytes(&message(1, stamp)).await;
            if is_taken {
                link.hear_arrived(1).await;
            } else {
                assert!(link.hear_end().await.is_some());
            }
        }
        node.stop().await;
    });
}

#[test]
fn repeated_messages_are_dropped_without_a_word() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut link = node.link_from(2).await;
        for (seq, stamp) in [(1, 5), (1, 6), (0, 7), (2, 8), (1, 9), (2, 9)] {
            link.say_bytes(&message(seq, stamp)).await;
        }
        assert_eq!(link.hear_logged(2).await, Progress { logged: 2, arrived: 2 });
        assert_eq!(said.count("link in is closed"), 0);
        drop(link);
        let mut link = node.dial().await;
        assert_eq!(link.link(hello(2, 1)).await, Progress { logged: 2, arrived: 2 });
        link.say_bytes(&[message(1, 5), message(2, 8), message(3, 10)].concat()).await;
        link.hear_arrived(3).await;
        node.tick_on(2).await;
        drop(link);
        node.stop().await;
        assert_eq!(lab.received(2), [(1, 5), (2, 8), (3, 10)]);
        lab.check_log(&[], &[(1, 5), (2, 8), (3, 10)]).unwrap();
    });
}

#[test]
fn what_follows_a_refused_message_on_its_connection_is_ignored() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut link = node.link_from(2).await;
        // Enough between the two that they are not read at once.
        let mut bytes = message(2, 5);
        bytes.extend(bytes_of(vec![Frame::Heartbeat; 20_000]));
        bytes.extend(message(1, 5));
        bytes.extend(message(4, 5));
        link.say_bytes(&bytes).await;
        link.hear_end().await;
        assert_eq!(said.count("WARN link in is closed"), 1, "{}", said.text());
        let mut link = node.dial().await;
        assert_eq!(link.link(hello(2, 1)).await, Progress::default());
        drop(link);
        node.stop().await;
    });
}
