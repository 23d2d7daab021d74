//! Good peers: how a node meets them, and what it tells them.

use journal::StopReason;
use machine::{MachineId, Progress};
use wire::{Frame, Hello, PROTOCOL};

use crate::connection::{Connection, RUN, bytes_of, hello, message};
use crate::lab::Lab;
use crate::live::{live, until};

#[test]
fn a_new_machine_waits_until_each_link_has_been_up_and_says_for_whom() {
    live(async |said| {
        let lab = Lab::new(&said, 3, "rate = 50").await;
        let node = lab.start().await;
        said.wait_for("waiting for machine 2, machine 3").await;

        let (mut out, introduction) = Connection::accept(lab.listener(2)).await;
        let (from, to) = (MachineId::new(1), MachineId::new(2));
        let expected = Hello { protocol: PROTOCOL, run: RUN.to_owned(), from, to, incarnation: 1 };
        assert_eq!(introduction, expected);
        out.welcome(0, 0).await;
        said.wait_for("link out is up machine=2 arrived=0").await;
        // They need not be up at the same time.
        drop(out);
        said.wait_for("link out is down: closed machine=2").await;
        assert_eq!(said.count("waiting for machine 3\n"), 0);

        let mut link = node.dial().await;
        assert_eq!(link.link(hello(2, 7)).await, Progress::default());
        said.wait_for("link in is up machine=2 incarnation=7").await;
        said.wait_for("waiting for machine 3\n").await;
        // What comes in meanwhile goes into the inbox.
        link.say_bytes(&message(1, 30)).await;
        link.hear_arrived(1).await;

        let _link = node.link_from(3).await;
        let (mut out, _) = Connection::accept(lab.listener(3)).await;
        assert_eq!(lab.records(), []);
        out.welcome(0, 0).await;
        said.wait_for("ticking begins rate=50 clock=0").await;
        node.tick_on(1).await;
        assert_eq!(lab.received(2), [(1, 30)]);
        assert_eq!(node.stop().await.reason, StopReason::Signal);
        lab.check_log(&[], &[(1, 30)]).unwrap();
    });
}

#[test]
fn a_machine_stopped_while_it_waits_writes_no_record() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "").await;
        let node = lab.start().await;
        let mut link = node.link_from(2).await;
        link.say_bytes(&message(1, 30)).await;
        link.hear_arrived(1).await;
        assert_eq!(node.stop().await.in_flight, 0);
        assert_eq!(std::fs::read(lab.log()).unwrap(), b"");
    });
}

#[test]
fn messages_go_out_from_1_with_the_stamps_of_the_log() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 50\ndraw_max = 1").await;
        let node = lab.start().await;
        let _link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        while heard.len() < 10 {
            heard.push(out.hear_message().await);
            assert!(
                lab.sent(2).len() >= heard.len(),
                "a message left before its record was written"
            );
        }
        let expected: Vec<_> = (1..=10).map(|number| (number, number)).collect();
        assert_eq!(heard, expected);
        node.kill().await;
        assert_eq!(lab.check_log(&heard, &[]), None);
    });
}

#[test]
fn who_asks_is_told_what_has_arrived_and_as_logged_what_is_in_the_log() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 5").await;
        let node = lab.start().await;
        let mut link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        node.tick_on(1).await;

        let told: Vec<_> = (1..=5).map(|seq| (seq, 100 * seq)).collect();
        link.say_bytes(&bytes_of(told.iter().map(|&(seq, stamp)| Frame::Message { seq, stamp })))
            .await;
        let first = link.hear_logged(0).await;
        assert_eq!(first.arrived, 5);
        assert!(first.logged < 5, "{first:?}");
        let mut logged = first.logged;
        while logged < 5 {
            let progress = link.hear_logged(logged + 1).await;
            assert_eq!(progress.arrived, 5);
            assert!(progress.logged > logged, "nothing new in {progress:?}");
            logged = progress.logged;
            assert!(lab.received(2).len() as u64 >= logged);
        }
        assert_eq!(lab.received(2), told);
        drop((link, out));
        node.stop().await;
        lab.check_log(&[], &told).unwrap();
    });
}

#[test]
fn each_side_of_an_idle_node_says_that_it_lives() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 5\ndraw_max = 1_000_000_000").await;
        let node = lab.start().await;
        let mut link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        assert_eq!(link.hear().await, Some(Frame::Heartbeat));
        assert_eq!(out.hear().await, Some(Frame::Heartbeat));
        assert_eq!(link.hear().await, Some(Frame::Heartbeat));
        drop((link, out));
        node.stop().await;
    });
}

#[test]
fn a_run_ends_by_itself_when_its_duration_is_over() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 20\nduration = \"1s\"\ndraw_max = 1_000_000").await;
        let node = lab.start().await;
        let link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        until("ticking ends", || said.count("ticking ends reason=duration") > 0).await;
        drop(link);
        assert_eq!(out.hear_end().await, None);
        assert_eq!(node.end().await.unwrap().reason, StopReason::Duration);
        let stop = lab.check_log(&[], &[]).unwrap();
        assert_eq!((stop.reason, stop.ticks + stop.missed), (StopReason::Duration, 20));
    });
}
