//! Lost connections and killed machines: each Welcome says where to go on.

use wire::Frame;

use crate::connection::{Connection, ack, hear_on, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;

#[test]
fn transmission_goes_on_after_what_the_welcome_says_has_arrived() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let _link = node.link_from(2).await;
        let mut heard = Vec::new();
        // Logged and arrived never fall but where the receiver has lost its inbox.
        for (logged, arrived) in [(0, 0), (0, 4), (3, 3), (3, 8), (10, 10), (10, 15), (10, 10)] {
            let (mut out, introduction) = Connection::accept(lab.listener(2)).await;
            assert_eq!(introduction.incarnation, 1);
            out.welcome(logged, arrived).await;
            let known = heard.split_off(arrived as usize);
            hear_on(&mut out, &mut heard, 10).await;
            assert!(
                known.iter().zip(&heard[arrived as usize..]).all(|(first, again)| first == again)
            );
        }
        node.kill().await;
        lab.check_log(&heard, &[]);
    });
}

#[test]
fn a_killed_machine_sends_again_what_its_log_says_was_sent() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let link = node.link_from(2).await;
        let (mut out, _) = Connection::accept(lab.listener(2)).await;
        out.welcome(0, 0).await;
        let mut heard = Vec::new();
        hear_on(&mut out, &mut heard, 10).await;
        out.say_bytes(&ack(5, 10)).await;
        node.kill().await;
        drop((link, out));
        let logged = lab.sent(2).len() as u64;

        let node = lab.start().await;
        let (mut out, introduction) = Connection::accept(lab.listener(2)).await;
        assert_eq!(introduction.incarnation, 2);
        // The receiver may have been killed as well.
        out.welcome(0, 2).await;
        heard.truncate(2);
        hear_on(&mut out, &mut heard, logged).await;
        node.kill().await;
        lab.check_log(&heard, &[]);
    });
}

#[test]
fn a_killed_machine_asks_again_for_what_was_in_its_inbox() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 20").await;
        let node = lab.start().await;
        let out = Honest::link(&lab, &node, 2, 1).await;
        let mut link = node.link_from(2).await;
        let told: Vec<_> = (1..=50).map(|seq| (seq, 2 * seq)).collect();
        for &(seq, stamp) in &told {
            link.say_bytes(&message(seq, stamp)).await;
        }
        link.hear_logged(3).await;
        node.kill().await;
        drop((out, link));
        let logged = lab.received(2).len() as u64;
        assert!((3..50).contains(&logged), "{logged} of 50 messages were received");

        let node = lab.start().await;
        let mut link = node.dial().await;
        let progress = link.link(hello(2, 1)).await;
        assert_eq!((progress.logged, progress.arrived), (logged, logged));
        for &(seq, stamp) in &told[logged as usize..] {
            link.say(Frame::Message { seq, stamp }).await;
        }
        link.hear_logged(logged + 3).await;
        drop(link);
        node.stop().await;
        let stop = lab.check_log(&[], &told).unwrap();
        assert_eq!(stop.queue, 50 - lab.received(2).len() as u64);
    });
}
