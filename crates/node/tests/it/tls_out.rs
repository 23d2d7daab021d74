//! Whom a node that speaks TLS takes for the peer that it has dialled, and what it
//! says of all others. It dials again, and is heard by the right one.

use tokio_rustls::TlsAcceptor;
use wire::Frame;

use crate::connection::{Connection, accept, bytes_of};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::live;
use crate::papers::Authority;

/// Who may answer in place of machine 2, and what the node says of it.
fn impostors(ours: &Authority) -> Vec<(TlsAcceptor, &'static str)> {
    let theirs = Authority::new();
    let named = ours.mint(&["machine-2", "machine-2.other"], |_| {});
    let cases = [
        (
            theirs.papers(2).trusting(ours),
            "cannot link: its certificate is not of this run's authority machine=2",
        ),
        (ours.papers(3), "cannot link: its certificate is for machine-3, not for machine-2"),
        (ours.papers(1), "cannot link: its certificate is for machine-1, not for machine-2"),
        (ours.expired(2), "cannot link: its certificate expired at 20"),
        (ours.early(2), "cannot link: its certificate is not good before 20"),
        (named, "cannot link: its certificate is for run other, not for test"),
    ];
    cases.into_iter().map(|(papers, reason)| (papers.acceptor(), reason)).collect()
}

#[test]
fn an_impostor_hears_no_hello_and_is_dialled_again() {
    live(async |said| {
        let lab = Lab::secure(&said, 3, "rate = 100\ndraw_max = 1").await;
        let node = lab.start().await;
        let third = Honest::link(&lab, &node, 3, 1).await;
        let impostors = impostors(lab.authority());
        let count = impostors.len();
        for (tls, reason) in impostors {
            let stream = accept(lab.listener(2)).await;
            match tls.accept(stream).await {
                // It has spoken TLS, but then heard that it is not the right one.
                Ok(stream) => assert_eq!(Connection::of(stream).hear().await, None, "{reason}"),
                Err(error) => {
                    assert!(error.to_string().contains("fatal alert"), "{reason}: {error}")
                }
            }
            said.wait_for(reason).await;
        }
        let second = Honest::link(&lab, &node, 2, 1).await;
        node.tick_on(2).await;
        assert!(second.is_undisturbed() && third.is_undisturbed(), "{}", said.text());
        node.stop().await;
        said.wait_for(&format!("connections were refused refused={count}\n")).await;
        lab.check_log(&second.heard(), &[]).unwrap();
    });
}

#[test]
fn a_peer_that_speaks_no_tls_or_takes_us_for_none_is_reported() {
    live(async |said| {
        let lab = Lab::secure(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let mut plain = Connection::of(accept(lab.listener(2)).await);
        plain.say_bytes(&bytes_of([Frame::Welcome(Default::default())])).await;
        said.wait_for("cannot link: it does not speak TLS machine=2").await;
        drop(plain);

        // It is machine 2, but believes in another authority.
        let strict = lab.authority().papers(2).trusting(&Authority::new()).acceptor();
        assert!(strict.accept(accept(lab.listener(2)).await).await.is_err());
        said.wait_for("it refused our certificate: ours is not of its authority machine=2").await;
        let _second = Honest::link(&lab, &node, 2, 1).await;
        node.tick_on(1).await;
        node.stop().await;
    });
}

#[test]
fn a_node_in_plain_text_says_that_its_peer_speaks_tls() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let tls = Authority::new().papers(2).acceptor();
        assert!(tls.accept(accept(lab.listener(2)).await).await.is_err());
        said.wait_for("cannot link yet: it speaks TLS where plain text is spoken machine=2").await;
        let _second = Honest::link(&lab, &node, 2, 1).await;
        node.tick_on(1).await;
        node.stop().await;
    });
}
