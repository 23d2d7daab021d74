//! Bad answers to the node's own Hello: it says why, and dials again.

use wire::Frame;

use crate::connection::{Connection, ack, bytes_of, hear_on};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

/// Bad answers, each with what the diagnostics say of it.
fn bad_answers() -> Vec<(Vec<u8>, &'static str)> {
    let refused = |reason: &str| bytes_of([Frame::Refused { reason: reason.to_owned() }]);
    vec![
        (refused("not today"), "WARN cannot link: refused: not today machine=2"),
        (ack(0, 0), "cannot link yet: a Ack came where none is due machine=2"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), "cannot link yet: the frame is longer than"),
        (b"\0\0\0\0".to_vec(), "cannot link yet: the frame is of no known kind"),
    ]
}

#[test]
fn a_bad_answer_is_said_once_and_the_node_dials_again() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        for (bytes, reason) in bad_answers() {
            let (mut out, _) = Connection::accept(lab.listener(2)).await;
            out.say_bytes(&bytes).await;
            assert_eq!(out.hear_end().await, None);
            said.wait_for(reason).await;
        }
        let _second = Honest::link(&lab, &node, 2, 1).await;
        node.tick_on(1).await;
        node.stop().await;
    });
}

#[test]
fn a_welcome_that_contradicts_itself_or_the_past_is_reported_and_skips_nothing() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let _link = node.link_from(2).await;
        let mut heard = Vec::new();
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        hear_on(&mut out, &mut heard, 10).await;
        out.say_bytes(&ack(3, 10)).await;
        drop(out);

        let faults = [
            (9, 4, "it says that 9 messages of ours are logged but only 4 arrived"),
            (2, 9, "its log ends at our message 2, but it had acknowledged 3"),
            (0, 0, "its log ends at our message 0, but it had acknowledged 3"),
        ];
        for (logged, arrived, reason) in faults {
            let (mut out, _) = Connection::accept(lab.listener(2)).await;
            out.welcome(logged, arrived).await;
            assert_eq!(out.hear().await, None);
            said.wait_for(&format!("WARN its Welcome does not fit our log: {reason}")).await;
            node.tick_on(2).await;
        }

        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(3, 10).await;
        hear_on(&mut out, &mut heard, 5).await;
        node.kill().await;
        lab.check_log(&heard, &[]);
    });
}
