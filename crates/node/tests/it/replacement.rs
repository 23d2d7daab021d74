//! Several connections for one link: the newest good one counts.

use machine::Progress;
use tokio::runtime::Handle;

use crate::connection::{bytes_of, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::{live, until};
use wire::Frame;

#[test]
fn a_good_hello_replaces_and_a_stale_one_does_not() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut first = node.link_from(2).await;
        let mut told = vec![(1, 4)];
        first.say_bytes(&message(1, 4)).await;
        first.hear_arrived(1).await;

        let mut second = node.dial().await;
        assert_eq!(second.link(hello(2, 1)).await.arrived, 1);
        assert_eq!(first.hear_end().await.unwrap(), "replaced by a newer one");
        let mut third = node.dial().await;
        assert_eq!(third.link(hello(2, 3)).await.arrived, 1);
        assert_eq!(second.hear_end().await.unwrap(), "replaced by a newer one");

        let mut stale = node.dial().await;
        stale.say(Frame::Hello(hello(2, 2))).await;
        let reason = "incarnation 2 is stale: incarnation 3 has already connected";
        assert_eq!(stale.hear_end().await.unwrap(), reason);
        third.say_bytes(&message(2, 5)).await;
        third.hear_arrived(2).await;
        told.push((2, 5));
        assert_eq!(said.count("refused a connection"), 1);
        drop(third);
        node.stop().await;
        lab.check_log(&[], &told).unwrap();
    });
}

#[test]
fn what_comes_on_a_replaced_connection_is_ignored() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut old = node.link_from(2).await;
        let mut new = node.dial().await;
        // Both lie ready when the node looks: which it reads first is its affair.
        new.say(Frame::Hello(hello(2, 1))).await;
        old.say_bytes(&[message(1, 7), message(9, 7)].concat()).await;
        let Some(Frame::Welcome(Progress { arrived, .. })) = new.hear().await else {
            panic!("no Welcome");
        };
        old.hear_end().await;
        let told = if arrived == 0 { (1, 8) } else { (1, 7) };
        new.say_bytes(&[message(1, 8), message(2, 9)].concat()).await;
        new.hear_arrived(2).await;
        node.tick_on(3).await;
        drop(new);
        node.stop().await;
        lab.check_log(&[], &[told, (2, 9)]).unwrap();
        assert_eq!(lab.received(2), [told, (2, 9)]);
    });
}

#[test]
fn connections_that_come_and_go_leave_nothing_behind() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let out = Honest::link(&lab, &node, 2, 1).await;
        let tasks = || Handle::current().metrics().num_alive_tasks();
        let before = tasks();
        for number in 1..=100 {
            drop(node.dial().await);
            let mut stranger = node.dial().await;
            stranger.say_bytes(&bytes_of([Frame::Heartbeat])).await;
            assert_eq!(stranger.hear_end().await, None);
            let mut link = node.link_from(2).await;
            link.say_bytes(&message(number, 1)).await;
            link.hear_arrived(number).await;
        }
        said.wait_for_count("link in is down", 100).await;
        until("the tasks of the connections end", || tasks() < before).await;
        node.tick_on(2).await;
        drop(out);
        node.stop().await;
    });
}
