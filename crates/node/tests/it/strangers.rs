//! Connections that never become a link: each is refused with its reason,
//! counted, logged, and disturbs nobody.

use machine::MachineId;
use wire::{Frame, Hello};

use crate::connection::{bytes_of, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

/// A Hello that would be good, but for what `change` changes.
fn bad_hello(change: impl FnOnce(&mut Hello)) -> Vec<u8> {
    let mut hello = hello(2, 1);
    change(&mut hello);
    bytes_of([Frame::Hello(hello)])
}

/// A frame of `length` bytes that are no protobuf.
fn garbage(length: u32) -> Vec<u8> {
    let mut bytes = length.to_be_bytes().to_vec();
    bytes.resize(4 + length as usize, 0xff);
    bytes
}

/// Bad Hellos, each with the reason that the node gives.
fn bad_hellos() -> Vec<(Vec<u8>, &'static str)> {
    vec![
        (bad_hello(|hello| hello.run = "other".to_owned()), "this is run test, not other"),
        (
            bad_hello(|hello| hello.run = "\x1b[31m\nINFO".to_owned()),
            "this is run test, not \\u{1b}[31m\\nINFO",
        ),
        (bad_hello(|hello| hello.to = MachineId::new(3)), "this is machine 1, not 3"),
        (bad_hello(|hello| hello.protocol = 2), "protocol 2 is not spoken here, but 1"),
        (bad_hello(|hello| hello.from = MachineId::new(9)), "machine 9 is no neighbour of ours"),
        (bad_hello(|hello| hello.from = MachineId::new(1)), "machine 1 is no neighbour of ours"),
        (
            bad_hello(|hello| (hello.from, hello.incarnation) = (MachineId::new(3), 4)),
            "incarnation 4 is stale: incarnation 5 has already connected",
        ),
    ]
}

/// What is no Hello at all, each with what the diagnostics say of it.
fn no_hellos() -> Vec<(Vec<u8>, &'static str)> {
    let mut zero = bytes_of([Frame::Hello(hello(2, 1))]);
    let from = zero.len() - 5;
    assert_eq!(zero[from], 2);
    zero[from] = 0;
    vec![
        (message(1, 1), "a Message came where none is due"),
        (bytes_of([Frame::Heartbeat]), "a Heartbeat came where none is due"),
        (bytes_of([Frame::Welcome(Default::default())]), "a Welcome came where none is due"),
        (zero, "the Hello speaks of machine 0"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "the frame is longer than 1024 bytes"),
        (1025_u32.to_be_bytes().to_vec(), "the frame is longer than 1024 bytes"),
        (garbage(1024), "the frame cannot be decoded"),
        (garbage(0), "the frame is of no known kind"),
        (vec![0, 0, 0, 2, 0x3a, 0], "the frame is of no known kind"),
    ]
}

#[test]
fn a_connection_that_is_no_link_is_refused_and_disturbs_nobody() {
    live(async |said| {
        let lab = Lab::new(&said, 3, "rate = 100\ndraw_max = 3").await;
        let node = lab.start().await;
        let second = Honest::link(&lab, &node, 2, 1).await;
        let third = Honest::link(&lab, &node, 3, 5).await;
        let answered = bad_hellos().into_iter().map(|(bytes, reason)| (bytes, reason, true));
        let unanswered = no_hellos().into_iter().map(|(bytes, reason)| (bytes, reason, false));
        let cases: Vec<_> = answered.chain(unanswered).collect();
        for (count, (bytes, reason, is_answered)) in cases.iter().enumerate() {
            let mut stranger = node.dial().await;
            stranger.say_bytes(bytes).await;
            let answer = stranger.hear_end().await;
            assert_eq!(answer.as_deref(), is_answered.then_some(*reason));
            said.wait_for_count("refused a connection: ", count + 1).await;
            let text = said.text();
            let last = text.lines().rfind(|line| line.contains("refused a connection")).unwrap();
            assert!(last.contains(reason), "{last}");
            node.tick_on(2).await;
        }
        drop(node.dial().await);
        said.wait_for("refused a connection: closed").await;

        node.tick_on(2).await;
        assert!(second.is_undisturbed() && third.is_undisturbed(), "{}", said.text());
        node.stop().await;
        said.wait_for(&format!("connections were refused refused={}\n", cases.len() + 1)).await;
        assert!(!third.heard().is_empty());
        assert!(lab.sent(3).starts_with(&third.heard()));
        lab.check_log(&second.heard(), &[]).unwrap();
    });
}
