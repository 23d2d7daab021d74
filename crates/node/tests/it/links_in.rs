//! Bad things that come on a good link: the connection is closed, the link goes
//! on where it was.

use machine::Progress;
use wire::{FRAME_BYTES_MAX, Frame};

use crate::connection::{ack, bytes_of, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

/// What machine 2 says in place of message 2, the reason that it is given, if any,
/// and what the diagnostics say.
fn bad_frames() -> Vec<(Vec<u8>, Option<&'static str>, &'static str)> {
    let refused = |bytes, reason| (bytes, Some(reason), reason);
    let closed = |bytes, reason| (bytes, None, reason);
    vec![
        refused(message(3, 7), "message 3 came where message 2 was due"),
        refused(message(u64::MAX, 7), "message 18446744073709551615 came where message 2 was due"),
        refused(
            message(2, u64::MAX),
            "the stamp 18446744073709551615 is within 2^32 of the largest that a clock can hold",
        ),
        refused(
            message(2, 1 << 40),
            "the stamp 1099511627776 is more than 2^32 ahead of the clock",
        ),
        closed(bytes_of([Frame::Hello(hello(2, 1))]), "a Hello came where none is due"),
        closed(ack(1, 1), "a Ack came where none is due"),
        closed(
            bytes_of([Frame::Refused { reason: "no".to_owned() }]),
            "a Refused came where none is due",
        ),
        closed(b"\0\0\0\x03\xff\xff\xff".to_vec(), "the frame cannot be decoded"),
        closed(b"\0\0\0\x02\x3a\0".to_vec(), "the frame is of no known kind"),
        closed(
            (FRAME_BYTES_MAX as u32 + 1).to_be_bytes().to_vec(),
            "the frame is longer than 65536 bytes",
        ),
    ]
}

#[test]
fn a_bad_frame_closes_the_connection_and_the_link_goes_on() {
    live(async |said| {
        let lab = Lab::new(&said, 3, "rate = 100").await;
        let node = lab.start().await;
        let second = Honest::link(&lab, &node, 2, 1).await;
        let third = Honest::link(&lab, &node, 3, 1).await;
        node.tick_on(1).await;
        let mut link = node.link_from(2).await;
        link.say_bytes(&message(1, 5)).await;
        link.hear_arrived(1).await;

        let cases = bad_frames();
        for (count, (bytes, answer, reason)) in cases.iter().enumerate() {
            let mut link = node.dial().await;
            assert_eq!(link.link(hello(2, 1)).await.arrived, 1);
            link.say_bytes(bytes).await;
            let given = link.hear_end().await;
            assert_eq!(given.is_some(), answer.is_some(), "{reason}: {given:?}");
            assert!(given.unwrap_or_default().starts_with(answer.unwrap_or_default()), "{reason}");
            said.wait_for_count("WARN link in is closed: ", count + 1).await;
            let text = said.text();
            let last = text.lines().rfind(|line| line.contains("link in is closed")).unwrap();
            assert!(last.contains(reason) && last.contains("machine=2"), "{last}");
            node.tick_on(2).await;
        }

        let mut link = node.dial().await;
        link.link(hello(2, 1)).await;
        link.say_bytes(&message(2, 6)).await;
        link.hear_arrived(2).await;
        node.tick_on(2).await;
        assert!(third.is_undisturbed(), "{}", said.text());
        drop(link);
        node.stop().await;
        said.wait_for(&format!("connections were refused refused={}\n", cases.len())).await;
        lab.check_log(&second.heard(), &[(1, 5), (2, 6)]).unwrap();
        assert_eq!(lab.received(2), [(1, 5), (2, 6)]);
    });
}

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
        while link.hear_ack().await != (Progress { logged: 2, arrived: 2 }) {}
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
