//! A full inbox.

use machine::INBOX_MESSAGES_MAX;
use wire::Frame;

use crate::connection::{bytes_of, hello};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

#[test]
fn a_node_whose_inbox_is_full_reads_no_more() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 0.01").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut link = node.link_from(2).await;
        let mut seq = 0;
        while said.count("the inbox holds 1048576 messages: reading from the links stops") == 0 {
            let batch = (seq + 1..=seq + 10_000).map(|seq| Frame::Message { seq, stamp: 1 });
            link.say_bytes(&bytes_of(batch)).await;
            seq += 10_000;
            while link.hear_ack().await.arrived < seq.saturating_sub(20_000) {}
        }
        let _ = (INBOX_MESSAGES_MAX, hello(2, 1));
        node.kill().await;
    });
}
