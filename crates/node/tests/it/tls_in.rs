//! Who may connect to a node that speaks TLS: those whom a certificate of the
//! run's authority names, each for itself. All others are refused with the reason,
//! counted and logged, and disturb nobody.

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
use rustls::{AlertDescription, Error};
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsConnector;
use wire::Frame;

use crate::connection::{Connection, bytes_of, connect, hello, message};
use crate::honest::Honest;
use crate::lab::Lab;
use crate::live::{Said, live};
use crate::node::Node;
use crate::papers::{Authority, Papers};

/// Certificates that are not good, with what the node says of each, and the alert
/// that it ends TLS with; none if TLS is good, and the Hello is refused.
fn bad_papers(ours: &Authority) -> Vec<(TlsConnector, &'static str, Option<AlertDescription>)> {
    use AlertDescription as Alert;
    let (theirs, namesake) = (Authority::new(), Authority::named("ours"));
    let of_machine_2 = |change: fn(&mut CertificateParams)| ours.mint(&["machine-2"], change);
    let cases: Vec<(Papers, &str, Option<Alert>)> = vec![
        (
            theirs.papers(2).trusting(ours),
            "its certificate is not of this run's authority",
            Some(Alert::UnknownCA),
        ),
        (
            namesake.papers(2).trusting(ours),
            "its certificate is not of this run's authority",
            Some(Alert::DecryptError),
        ),
        (
            self_signed().trusting(ours),
            "its certificate is not of this run's authority",
            Some(Alert::UnknownCA),
        ),
        (ours.expired(2), "its certificate expired at 20", Some(Alert::CertificateExpired)),
        (ours.early(2), "its certificate is not good before 20", Some(Alert::CertificateExpired)),
        (
            of_machine_2(|params| {
                params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
            }),
            "its certificate is not good: ",
            Some(Alert::UnsupportedCertificate),
        ),
        (ours.papers(3), "its certificate is for machine-3, not for machine-2", None),
        (ours.papers(22), "its certificate is for machine-22, not for machine-2", None),
        (ours.mint(&["example.org"], |_| {}), "its certificate is for example.org, not", None),
        (ours.mint(&[], |_| {}), "its certificate is for nobody, not for machine-2", None),
        (
            ours.mint(&["machine-2", "machine-2.other"], |_| {}),
            "its certificate is for run other, not for test",
            None,
        ),
    ];
    let mut cases: Vec<_> = cases
        .into_iter()
        .map(|(papers, reason, alert)| (papers.connector(), reason, alert))
        .collect();
    let anonymous = ours.papers(2).anonymous();
    cases.push((anonymous, "it has no certificate", Some(Alert::CertificateRequired)));
    cases
}

/// A certificate for machine 2 that machine 2 has minted itself.
fn self_signed() -> Papers {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["machine-2".to_owned()]).unwrap();
    let certificate = params.self_signed(&key).unwrap().pem();
    Papers { certificate, key: key.serialize_pem(), ..Authority::new().papers(2) }
}

/// Bytes that are no TLS, or none that is spoken here.
fn no_tls() -> Vec<(Vec<u8>, &'static str)> {
    vec![
        (bytes_of([Frame::Hello(hello(2, 1))]), "it does not speak TLS"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "it does not speak TLS"),
        (vec![0xff; 64], "it does not speak TLS"),
        (b"\x16\x03\x01\xff\xff".to_vec(), "it does not speak TLS"),
        (b"\x16\x03\x01\0\x04\x63\0\0\0".to_vec(), "TLS failed: "),
        (b"\x16\x03\x01\0\x04\x01\0\0\0".to_vec(), "it does not speak TLS"),
        (b"\x17\x03\x03\0\x01\0".to_vec(), "TLS failed: "),
        (hello_of_tls_1_2(), "it speaks another TLS than 1.3"),
    ]
}

/// A good ClientHello of TLS 1.2, which offers no 1.3.
fn hello_of_tls_1_2() -> Vec<u8> {
    let extensions = [
        &b"\0\x0a\0\x04\0\x02\0\x17"[..], // groups: secp256r1
        b"\0\x0d\0\x04\0\x02\x04\x03",    // signatures: ECDSA with SHA-256
    ]
    .concat();
    let mut body = b"\x03\x03".to_vec();
    body.extend([7; 32]); // random
    body.extend(b"\0\0\x02\xc0\x2b\x01\0"); // no session, ECDHE-ECDSA-AES128-GCM, no compression
    body.extend((extensions.len() as u16).to_be_bytes());
    body.extend(extensions);
    let mut record = b"\x16\x03\x01".to_vec();
    record.extend((body.len() as u16 + 4).to_be_bytes());
    record.extend(b"\x01\0");
    record.extend((body.len() as u16).to_be_bytes());
    record.extend(body);
    record
}

/// Waits until connection number `count` is refused, for `reason`.
async fn is_refused(said: &Said, count: usize, reason: &str) {
    said.wait_for_count("WARN refused a connection: ", count).await;
    let text = said.text();
    let last = text.lines().rfind(|line| line.contains("refused a connection")).unwrap();
    assert!(last.contains(reason), "{last}");
}

/// Introduces itself as machine 2, and tells how the node ends it: the reason that
/// it gives, or its alert.
async fn try_to_link(node: &Node, tls: &TlsConnector) -> Result<Option<String>, AlertDescription> {
    let mut stranger = match Connection::dial_tls(node.address, tls).await {
        Ok(stranger) => stranger,
        Err(error) => return Err(alert(&error)),
    };
    stranger.say(Frame::Hello(hello(2, 1))).await;
    stranger.hear_end_or_alert().await.map_err(|error| alert(&error))
}

fn alert(error: &std::io::Error) -> AlertDescription {
    match error.get_ref().and_then(|error| error.downcast_ref()) {
        Some(Error::AlertReceived(alert)) => *alert,
        _ => panic!("no alert but {error:?}"),
    }
}

#[test]
fn whoever_has_no_good_certificate_is_refused_and_disturbs_nobody() {
    live(async |said| {
        let lab = Lab::secure(&said, 3, "rate = 100\ndraw_max = 3").await;
        let node = lab.start().await;
        let second = Honest::link(&lab, &node, 2, 1).await;
        let third = Honest::link(&lab, &node, 3, 1).await;
        let mut count = 0;
        for (tls, reason, expected) in bad_papers(lab.authority()) {
            let told = try_to_link(&node, &tls).await;
            count += 1;
            is_refused(&said, count, reason).await;
            match expected {
                Some(alert) => assert_eq!(told, Err(alert), "{reason}"),
                None => assert!(told.unwrap().unwrap().starts_with(reason), "{reason}"),
            }
            node.tick_on(2).await;
        }
        for (bytes, reason) in no_tls() {
            let mut stranger = connect(node.address).await;
            let _ = stranger.write_all(&bytes).await;
            count += 1;
            is_refused(&said, count, reason).await;
            node.tick_on(2).await;
        }
        assert!(second.is_undisturbed() && third.is_undisturbed(), "{}", said.text());
        node.stop().await;
        said.wait_for(&format!("connections were refused refused={count}\n")).await;
        assert!(!third.heard().is_empty());
        lab.check_log(&second.heard(), &[]).unwrap();
    });
}

#[test]
fn a_certificate_may_name_the_run_and_links_carry_messages() {
    live(async |said| {
        let lab = Lab::secure(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let out = Honest::link(&lab, &node, 2, 1).await;
        let named = lab.authority().mint(&["machine-2", "machine-2.test"], |_| {});
        let tls = named.connector();
        let mut link = Connection::dial_tls(node.address, &tls).await.unwrap();
        link.link(hello(2, 1)).await;
        let told: Vec<_> = (1..=1000).map(|seq| (seq, seq)).collect();
        let messages = told.iter().map(|&(seq, stamp)| Frame::Message { seq, stamp });
        link.say_bytes(&bytes_of(messages)).await;
        link.hear_arrived(1000).await;
        node.tick_on(20).await;
        drop(link);
        node.stop().await;
        lab.check_log(&out.heard(), &told).unwrap();
    });
}

#[test]
fn what_was_forged_on_the_way_ends_the_connection_and_the_link_goes_on() {
    live(async |said| {
        let lab = Lab::secure(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let _out = Honest::link(&lab, &node, 2, 1).await;
        let mut tcp = connect(node.address).await;
        let tls = lab.authority().papers(2).connector();
        let name = rustls::pki_types::ServerName::try_from("machine-1").unwrap();
        let mut stream = tls.connect(name, &mut tcp).await.unwrap();
        stream.write_all(&bytes_of([Frame::Hello(hello(2, 1))])).await.unwrap();
        stream.flush().await.unwrap();
        said.wait_for_count("link in is up machine=2", 2).await;
        // A record such as TLS makes of a message, but for the key.
        let (tcp, _) = stream.into_inner();
        let mut forged = b"\x17\x03\x03\0\x1e".to_vec();
        forged.extend([0x5a; 30]);
        tcp.write_all(&forged).await.unwrap();
        said.wait_for("WARN link in is closed: TLS failed: cannot decrypt peer's message").await;
        let mut link = node.link_from(2).await;
        link.say_bytes(&message(1, 5)).await;
        link.hear_arrived(1).await;
        drop(link);
        node.stop().await;
        said.wait_for("connections were refused refused=1\n").await;
        lab.check_log(&[], &[(1, 5)]).unwrap();
    });
}

#[test]
fn tls_on_a_plain_port_is_refused() {
    live(async |said| {
        let lab = Lab::new(&said, 2, "rate = 100").await;
        let node = lab.start().await;
        let out = Honest::link(&lab, &node, 2, 1).await;
        let tls = Authority::new().papers(2).connector();
        assert!(Connection::dial_tls(node.address, &tls).await.is_err());
        is_refused(&said, 1, "it speaks TLS where plain text is spoken").await;
        node.tick_on(2).await;
        assert!(out.is_undisturbed());
        node.stop().await;
        said.wait_for("connections were refused refused=1\n").await;
    });
}
