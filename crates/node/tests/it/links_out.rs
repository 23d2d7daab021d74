//! Bad things that the receiver of a link says: the connection is closed and
//! dialled again, and no message is skipped or repeated.

use wire::Frame;

use crate::connection::{Connection, ack, bytes_of, hear_on, hello, message};
use crate::lab::Lab;
use crate::live::live;

/// Hears messages on each of several connections, acknowledges them, and ends each
/// but the last by saying something bad, of which the diagnostics must tell.
fn check(bad: Vec<(Vec<u8>, &'static str)>) {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let link = node.link_from(2).await;
        let mut heard = Vec::new();
        for (bytes, reason) in bad {
            let mut out = welcomed(&lab, &heard).await;
            hear_on(&mut out, &mut heard, 5).await;
            let number = heard.len() as u64;
            out.say_bytes(&ack(number - 2, number - 1)).await;
            out.say_bytes(&bytes).await;
            out.hear_end().await;
            said.wait_for(reason).await;
            node.tick_on(2).await;
        }
        let mut out = welcomed(&lab, &heard).await;
        hear_on(&mut out, &mut heard, 5).await;
        drop((link, out));
        node.kill().await;
        lab.check_log(&heard, &[]);
    });
}

/// The next connection, welcomed with all that was heard.
async fn welcomed(lab: &Lab, heard: &[(u64, u64)]) -> Connection {
    let (mut out, _) = Connection::accept(lab.listener(2)).await;
    let arrived = heard.len() as u64;
    out.welcome(arrived.saturating_sub(2), arrived).await;
    out
}

#[test]
fn impossible_acknowledgements() {
    check(vec![
        (ack(1, 1_000_000), "link out is closed: message 1000000 was acknowledged, but only"),
        (ack(u64::MAX, u64::MAX), "link out is closed: message 18446744073709551615 was"),
        (
            ack(3, 2),
            "link out is closed: 3 messages were acknowledged as logged, but only 2 as arrived",
        ),
    ]);
}

#[test]
fn frames_that_no_receiver_sends() {
    check(vec![
        (message(1, 1), "link out is down: a Message came where none is due"),
        (bytes_of([Frame::Hello(hello(2, 1))]), "link out is down: a Hello came where none is due"),
        (
            bytes_of([Frame::Welcome(Default::default())]),
            "link out is down: a Welcome came where none is due",
        ),
    ]);
}

#[test]
fn bytes_that_are_no_frames_and_refusals() {
    let reason = "go away\x1b[31m\nINFO".to_owned();
    check(vec![
        (b"\0\0\0\x03\xff\xff\xff".to_vec(), "link out is down: the frame cannot be decoded"),
        (b"\xff\xff\xff\xff".to_vec(), "link out is down: the frame is longer than 65536 bytes"),
        (
            bytes_of([Frame::Refused { reason }]),
            "link out is down: refused: go away\\u{1b}[31m\\nINFO machine=2",
        ),
    ]);
}
