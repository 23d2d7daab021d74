//! A full inbox.

use machine::INBOX_MESSAGES_MAX;
use wire::Frame;

use crate::connection::bytes_of;
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

/// Messages said at once.
const BATCH: u64 = 1 << 13;

/// What is read together, 16 KiB, holds fewer messages than this.
const TOGETHER_MAX: u64 = 4096;

#[test]
fn a_node_whose_inbox_is_full_reads_no_more_and_keeps_its_links() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 0.01").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut link = node.link_from(2).await;
        let full = INBOX_MESSAGES_MAX as u64;
        let (mut told, mut arrived) = (0, 0);
        while told < full + BATCH {
            let batch = (told + 1..=told + BATCH).map(|seq| Frame::Message { seq, stamp: 1 });
            link.say_bytes(&bytes_of(batch)).await;
            told += BATCH;
            while arrived + 2 * BATCH < told {
                arrived = link.hear_ack().await.arrived;
            }
        }
        said.wait_for("the inbox holds 1048576 messages: reading from the links stops").await;
        let mut heartbeats = 0;
        while heartbeats < 2 {
            match link.hear().await {
                Some(Frame::Ack(progress)) => (arrived, heartbeats) = (progress.arrived, 0),
                Some(Frame::Heartbeat) => heartbeats += 1,
                other => panic!("{other:?}"),
            }
            link.say(Frame::Heartbeat).await;
        }
        assert!((full..full + TOGETHER_MAX).contains(&arrived), "{arrived} arrived");
        assert_eq!(said.count("is down") + said.count("is closed"), 0, "{}", said.text());
        node.kill().await;
    });
}
