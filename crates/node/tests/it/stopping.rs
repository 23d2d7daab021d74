//! How a node ends while messages are under way.

use journal::StopReason;
use node::{Ending, Failure, resume};

use crate::connection::{Connection, ack, hear_on, message};
use crate::lab::Lab;
use crate::live::{Said, live};
use crate::node::Node;

/// A node that has sent messages, of which none is acknowledged, and ticks no
/// more; its two connections, and the messages.
struct Stopping {
    lab: Lab,
    node: Node,
    link: Connection,
    out: Connection,
    heard: Vec<(u64, u64)>,
}

impl Stopping {
    async fn new(said: &Said) -> Self {
        let lab = Lab::new(said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        hear_on(&mut out, &mut heard, 5).await;
        node.shut_down();
        said.wait_for("ticking ends reason=signal").await;
        let late = lab.sent(2).len() - heard.len();
        hear_on(&mut out, &mut heard, late as u64).await;
        assert!(!node.has_ended());
        Self { lab, node, link, out, heard }
    }
}

#[test]
fn it_waits_until_its_messages_have_arrived_and_goes_on_receiving() {
    live(async |said| {
        let Stopping { lab, node, mut link, mut out, heard } = Stopping::new(&said).await;
        let told = [(1, 3), (2, 4), (3, 5)];
        for (seq, stamp) in told {
            link.say_bytes(&message(seq, stamp)).await;
        }
        link.hear_arrived(3).await;
        assert!(!node.has_ended());
        out.say_bytes(&ack(0, heard.len() as u64)).await;
        // It closes its links first, then waits for its peers to close theirs.
        assert_eq!(out.hear_end().await, None);
        link.say_bytes(&message(4, 6)).await;
        link.hear_arrived(4).await;
        drop(link);
        let ending = node.end().await.unwrap();
        assert_eq!(ending, Ending { reason: StopReason::Signal, in_flight: 0 });
        let stop = lab.check_log(&heard, &told).unwrap();
        assert_eq!((stop.in_flight, stop.queue), (0, 4));
    });
}

#[test]
fn a_link_that_is_lost_meanwhile_is_dialled_again() {
    live(async |said| {
        let Stopping { lab, node, link, out, heard } = Stopping::new(&said).await;
        drop(out);
        let (mut out, introduction) = Connection::accept(lab.listener(2)).await;
        assert_eq!(introduction.incarnation, 1);
        out.welcome(0, 2).await;
        let mut again = heard[..2].to_vec();
        hear_on(&mut out, &mut again, heard.len() as u64 - 2).await;
        assert_eq!(again, heard);
        out.say_bytes(&ack(0, heard.len() as u64)).await;
        drop(link);
        assert_eq!(node.end().await.unwrap().in_flight, 0);
        assert_eq!(lab.check_log(&heard, &[]).unwrap().in_flight, 0);
    });
}

#[test]
fn messages_that_never_arrive_are_counted() {
    live(async |said| {
        let Stopping { lab, node, link, mut out, heard } = Stopping::new(&said).await;
        out.say_bytes(&ack(1, 2)).await;
        let in_flight = heard.len() as u64 - 2;
        let ending = node.end().await.unwrap();
        assert_eq!(ending, Ending { reason: StopReason::Signal, in_flight });
        assert_eq!(lab.check_log(&heard, &[]).unwrap().in_flight, in_flight);
        drop((link, out));

        // Started again, it delivers them.
        let node = lab.start().await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(2, 2).await;
        let mut again = heard[..2].to_vec();
        hear_on(&mut out, &mut again, in_flight).await;
        assert_eq!(again, heard);
        node.kill().await;
    });
}

/// A machine that is killed after its last tick has no slot left, but what it owes and is
/// owed: started again it sees to that, and its log becomes a complete one.
#[test]
fn a_machine_started_after_its_time_delivers_receives_and_writes_its_stop() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1\nduration = \"300ms\"").await;
        let node = lab.start().await;
        let mut link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        link.say_bytes(&message(1, 3)).await;
        said.wait_for("ticking ends reason=duration").await;
        let sent = lab.sent(2).len() as u64;
        assert!(sent > 0 && !node.has_ended());
        node.kill().await;
        drop((link, out));
        let ticks = lab.records().len();

        let node = lab.start().await;
        let (mut out, introduction) = Connection::accept(lab.listener(2)).await;
        assert_eq!(introduction.incarnation, 2);
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        hear_on(&mut out, &mut heard, sent).await;
        let told = [(1, 3), (2, 4)];
        let mut link = node.link_from(2).await;
        link.say_bytes(&message(2, 4)).await;
        link.hear_arrived(2).await;
        out.say_bytes(&ack(0, sent)).await;
        drop(link);
        assert_eq!(
            node.end().await.unwrap(),
            Ending { reason: StopReason::Duration, in_flight: 0 }
        );
        let stop = lab.check_log(&heard, &told).unwrap();
        assert_eq!((stop.in_flight, stop.missed, stop.queue), (0, 0, 1));
        assert_eq!(lab.records().len(), ticks + 2, "a start and a stop");

        let log = std::fs::read(lab.log()).unwrap();
        let refusal = resume(&lab.config()).unwrap_err();
        assert!(matches!(refusal, Failure::RunIsOver { .. }), "{refusal}");
        assert_eq!(std::fs::read(lab.log()).unwrap(), log);
    });
}

/// Nobody can be waited for any more.
#[test]
fn a_machine_that_never_ticked_waits_for_no_link_once_its_time_is_over() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 0.001\nduration = \"300ms\"").await;
        let node = lab.start().await;
        let link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        said.wait_for("ticking ends reason=duration").await;
        node.kill().await;
        drop((link, out));

        let ending = lab.start().await.end().await.unwrap();
        assert_eq!(ending, Ending { reason: StopReason::Duration, in_flight: 0 });
        assert_eq!(lab.check_log(&[], &[]).unwrap().ticks, 0);
    });
}
