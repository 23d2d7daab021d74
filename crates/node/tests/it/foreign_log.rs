//! A log that the peers know better: the node stops and leaves it alone.

use std::fs;

use node::{Exit, Failure};

use crate::connection::{Connection, hear_on};
use crate::lab::Lab;
use crate::live::live;

#[test]
fn a_log_that_was_deleted() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let _link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 1).await;
        let failure = node.end().await.unwrap_err();
        assert!(matches!(failure, Failure::LogNotOfRun { .. }), "{failure}");
        assert_eq!(failure.exit(), Exit::LogRefused);
        assert!(
            failure.to_string().contains(
                "this is not the log that machine 2 has heard from: it has 1 messages of ours, \
                 of which our log knows only 0"
            ),
            "{failure}"
        );
        assert_eq!(fs::read(lab.log()).unwrap(), b"");
    });
}

#[test]
fn a_log_that_is_an_older_copy() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        hear_on(&mut out, &mut heard, 10).await;
        let copy = fs::read(lab.log()).unwrap();
        let copied = lab.sent(2).len() as u64;
        hear_on(&mut out, &mut heard, copied).await;
        node.kill().await;
        drop((link, out));
        fs::write(lab.log(), &copy).unwrap();

        let node = lab.start().await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(10, heard.len() as u64).await;
        let failure = node.end().await.unwrap_err();
        assert_eq!(failure.exit(), Exit::LogRefused);
        // It had begun to tick by then; what was there is there still.
        assert!(fs::read(lab.log()).unwrap().starts_with(&copy));
        assert_eq!(lab.check_log(&heard[..10], &[]), None);
    });
}

#[test]
fn a_peer_that_has_more_than_was_ever_sent() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let _link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        hear_on(&mut out, &mut heard, 5).await;
        drop(out);
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 1_000_000).await;
        assert_eq!(node.end().await.unwrap_err().exit(), Exit::LogRefused);
        assert_eq!(lab.check_log(&heard, &[]), None);
    });
}
