//! Connections on which nothing more comes: each is closed after its time, and
//! nobody waits for it. One test, so that the times pass at once.

use crate::connection::{Connection, bytes_of, hear_on, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;
use wire::Frame;

/// Connections at once that may not have introduced themselves, of a machine with two
/// neighbours.
const STRANGERS_MAX: usize = 16 + 2;

#[test]
fn silent_connections_are_closed_and_disturb_nobody() {
    live(async |said| {
        let lab = Lab::new(&said, 3, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let third = Honest::link(&lab, &node, 3, 1).await;
        let mut link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        hear_on(&mut out, &mut heard, 5).await;
        // Half a frame does not count as a sign of life.
        link.say_bytes(&message(1, 5)[..6]).await;
        out.say_bytes(&bytes_of([Frame::Heartbeat])[..3]).await;

        let mut strangers = Vec::new();
        for _ in 0..STRANGERS_MAX {
            let mut stranger = node.dial().await;
            stranger.say_bytes(&bytes_of([Frame::Hello(hello(2, 1))])[..9]).await;
            strangers.push(stranger);
        }
        for _ in 0..4 {
            assert_eq!(node.dial().await.hear_end().await, None);
        }
        said.wait_for_count("18 others have not introduced themselves yet", 4).await;
        for stranger in strangers {
            assert_eq!(stranger.hear_end().await, None);
            node.tick_on(1).await;
        }
        said.wait_for_count("refused a connection: nothing was heard for 3 s", STRANGERS_MAX).await;

        assert_eq!(link.hear_end().await, None);
        said.wait_for("link in is down: nothing was heard for 5 s machine=2").await;
        out.hear_end().await;
        said.wait_for("link out is down: nothing was heard for 5 s machine=2").await;
        // The node dials again, and what it meets is silent too.
        let (out, _) = Connection::accept(lab.listener(2)).await;
        assert_eq!(out.hear_end().await, None);
        said.wait_for("cannot link yet: nothing was heard for 3 s machine=2").await;

        node.tick_on(2).await;
        assert!(third.is_undisturbed(), "{}", said.text());
        node.kill().await;
        lab.check_log(&heard, &[]);
    });
}
