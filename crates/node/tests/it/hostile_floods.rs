//! What a hostile peer does with connections as such: many, slow, silent, cut.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::spawn_local;
use tokio::time::sleep;
use wire::Frame;

use crate::connection::{bytes_of, connect, hello, message};
use crate::process::Process;

/// Connections at once that may not have introduced themselves, of a machine with two
/// neighbours.
const STRANGERS_MAX: usize = 16 + 2;

/// Between the bytes of who says them one by one.
const SLOWLY: Duration = Duration::from_millis(400);

/// All floods but the first, one after the other. How many connections were refused.
pub(crate) async fn all(node: &Process<'_>) -> usize {
    let mut refused = silent_and_slow(node).await;
    refused += half_closed(node).await;
    refused += resets_at_every_byte(node).await;
    resets_of_links(node).await;
    repeated_messages(node).await;
    refused += thousand_connects(node).await;
    node.tick_on(2).await;
    refused
}

/// A thousand connections that end at once.
pub(crate) async fn thousand_connects(node: &Process<'_>) -> usize {
    let before = node.refusals();
    for _ in 0..1000 {
        drop(connect(node.door.address).await);
    }
    node.wait_for_refusals(before + 1000).await;
    1000
}

/// As many connections as may be unknown at once, which say nothing, or half of
/// something, or something slowly; all others are refused meanwhile.
async fn silent_and_slow(node: &Process<'_>) -> usize {
    let before = node.refusals();
    let hello = beginning(node);
    let mut silent = Vec::new();
    for number in 0..STRANGERS_MAX {
        let mut stranger = connect(node.door.address).await;
        match number % 3 {
            0 => {}
            1 => stranger.write_all(&hello[..hello.len() / 2]).await.unwrap(),
            _ => {
                spawn_local(say_slowly(stranger, hello.clone()));
                continue;
            }
        }
        silent.push(stranger);
    }
    for _ in 0..4 {
        drop(connect(node.door.address).await);
    }
    node.wait_for_refusals(before + STRANGERS_MAX + 4).await;
    assert!(node.count("18 others have not introduced themselves yet") >= 4, "{}", node.text());
    STRANGERS_MAX + 4
}

async fn say_slowly(mut stream: TcpStream, bytes: Vec<u8>) {
    for byte in bytes {
        if stream.write_all(&[byte]).await.is_err() {
            return;
        }
        sleep(SLOWLY).await;
    }
}

/// The first bytes that a good peer says here: of TLS, or of a Hello.
fn beginning(node: &Process<'_>) -> Vec<u8> {
    match node.door.authority {
        None => bytes_of([Frame::Hello(hello(2, 1))]),
        // The head of a ClientHello of 512 bytes, and what may be its content.
        Some(_) => [&b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03"[..], &[7; 20]].concat(),
    }
}

/// Who says no more, but would listen on.
async fn half_closed(node: &Process<'_>) -> usize {
    let before = node.refusals();
    let mut open = Vec::new();
    for length in [0, 1, 4, 10] {
        let mut stranger = connect(node.door.address).await;
        stranger.write_all(&beginning(node)[..length]).await.unwrap();
        stranger.shutdown().await.unwrap();
        open.push(stranger);
    }
    node.wait_for_refusals(before + 4).await;
    4
}

/// Connections that are reset after each byte of a handshake but the last.
async fn resets_at_every_byte(node: &Process<'_>) -> usize {
    let before = node.refusals();
    let bytes = beginning(node);
    for length in 0..bytes.len() {
        let mut stranger = connect(node.door.address).await;
        stranger.write_all(&bytes[..length]).await.unwrap();
        stranger.set_zero_linger().unwrap();
    }
    node.wait_for_refusals(before + bytes.len()).await;
    bytes.len()
}

/// Links that are lost after Hello, or within a message. That is no fault of a
/// peer's, and the next connection goes on.
async fn resets_of_links(node: &Process<'_>) {
    let downs = || node.count("link in is down");
    for said in [&message(1, 5)[..0], &message(1, 5)[..3], &message(1, 5)[..9]] {
        let before = downs();
        let mut link = node.door.link_from(2).await;
        link.say_bytes(said).await;
        drop(link);
        node.until("the link is down", || downs() > before).await;
    }
}

/// Messages that have arrived before, and heartbeats: they cost nothing that stays.
async fn repeated_messages(node: &Process<'_>) {
    let mut link = node.door.link_from(2).await;
    let old = bytes_of(vec![Frame::Message { seq: 0, stamp: 9 }; 1000]);
    let idle = bytes_of(vec![Frame::Heartbeat; 1000]);
    for _ in 0..100 {
        link.say_bytes(&old).await;
        link.say_bytes(&idle).await;
    }
    node.tick_on(2).await;
    assert_eq!(node.count("message 0 came"), 0, "{}", node.text());
}
