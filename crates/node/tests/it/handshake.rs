//! Welcomes that cannot be: the node says why, and dials again.

use crate::connection::{Connection, ack, hear_on};
use crate::lab::Lab;
use crate::live::live;

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
