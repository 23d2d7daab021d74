//! The table of what a hostile peer may say, by where it says it, and of the reason
//! for which the node refuses it.

use bytes::{BufMut as _, BytesMut};
use machine::MachineId;
use tokio_util::codec::Encoder as _;
use wire::{FRAME_BYTES_MAX, Frame, FrameCodec, HANDSHAKE_BYTES_MAX, Hello};

use crate::connection::{ack, bytes_of, hello, message};

/// One thing that a hostile peer says.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Whose certificate it shows where it must show one.
    pub(crate) machine: u32,
    pub(crate) bytes: Vec<u8>,
    /// What the diagnostics say of it.
    pub(crate) reason: &'static str,
    /// Whether the peer is told so, too: it has spoken as a peer does.
    pub(crate) is_answered: bool,
}

fn case(name: &'static str, bytes: Vec<u8>, reason: &'static str) -> Case {
    Case { name, machine: 2, bytes, reason, is_answered: false }
}

fn answered(name: &'static str, bytes: Vec<u8>, reason: &'static str) -> Case {
    Case { is_answered: true, ..case(name, bytes, reason) }
}

/// A Hello that would be good, but for what `change` changes.
fn bad_hello(name: &'static str, change: impl FnOnce(&mut Hello), reason: &'static str) -> Case {
    let mut bad = hello(2, 1);
    change(&mut bad);
    let machine = bad.from.get();
    Case { machine, ..answered(name, bytes_of([Frame::Hello(bad)]), reason) }
}

/// `body` as a frame, whatever it is.
fn framed(body: &[u8]) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    bytes.put_u32(body.len() as u32);
    bytes.put_slice(body);
    bytes.to_vec()
}

/// A varint that never ends, as field number `field`.
fn huge_varint(field: u8) -> Vec<u8> {
    let mut body = vec![field << 3];
    body.extend([0xff; 12]);
    body
}

/// A Hello whose run is longer than any frame of a handshake.
fn long_hello() -> Vec<u8> {
    let mut bytes = BytesMut::new();
    let mut codec = FrameCodec::new();
    codec.establish();
    let run = "r".repeat(2 * HANDSHAKE_BYTES_MAX);
    codec.encode(Frame::Hello(Hello { run, ..hello(2, 1) }), &mut bytes).unwrap();
    bytes.to_vec()
}

/// In place of a Hello: the connection is refused.
pub(crate) fn strangers() -> Vec<Case> {
    [no_frames(), no_hellos(), bad_hellos()].into_iter().flatten().collect()
}

fn no_frames() -> Vec<Case> {
    vec![
        case("another protocol", b"GET / HTTP/1.1\r\n\r\n".to_vec(), "longer than 1024 bytes"),
        case("a length over the limit", 1025_u32.to_be_bytes().into(), "longer than 1024 bytes"),
        case("the largest length", vec![0xff; 4], "longer than 1024 bytes"),
        case("a Hello over the limit", long_hello(), "longer than 1024 bytes"),
        case("no content", framed(b""), "of no known kind"),
        case("an unknown kind", framed(b"\x3a\0"), "of no known kind"),
        case("garbage", framed(&[0xff; 1024]), "cannot be decoded"),
        case("a varint without end", framed(&huge_varint(1)), "cannot be decoded"),
        case("a kind of the wrong type", framed(b"\x08\x01"), "cannot be decoded"),
        case("a Hello cut short", framed(b"\x0a\x0e\x08\x01"), "cannot be decoded"),
        case(
            "a length within beyond the frame",
            framed(b"\x0a\xff\xff\xff\xff\x0f"),
            "cannot be decoded",
        ),
        case("a run that is no text", framed(b"\x0a\x04\x12\x02\xff\xfe"), "cannot be decoded"),
        case(
            "a number over 32 bits",
            framed(b"\x0a\x0b\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
            "cannot be decoded",
        ),
        case("machine 0", framed(b"\x0a\x04\x08\x01\x20\x01"), "speaks of machine 0"),
    ]
}

fn no_hellos() -> Vec<Case> {
    let refused = Frame::Refused { reason: "you".to_owned() };
    vec![
        case("a message before Hello", message(1, 1), "a Message came where none is due"),
        case("an Ack before Hello", ack(0, 0), "a Ack came where none is due"),
        case(
            "a Welcome before Hello",
            bytes_of([Frame::Welcome(Default::default())]),
            "a Welcome came where none is due",
        ),
        case("a refusal before Hello", bytes_of([refused]), "a Refused came where none is due"),
        case(
            "a heartbeat before Hello",
            bytes_of([Frame::Heartbeat]),
            "a Heartbeat came where none is due",
        ),
    ]
}

fn bad_hellos() -> Vec<Case> {
    let named = |run: &str| {
        let run = run.to_owned();
        move |hello: &mut Hello| hello.run = run
    };
    vec![
        bad_hello("version 0", |hello| hello.protocol = 0, "protocol 0 is not spoken here, but 1"),
        bad_hello(
            "a version of the future",
            |hello| hello.protocol = u32::MAX,
            "protocol 4294967295 is not spoken here, but 1",
        ),
        bad_hello("another run", named("other"), "this is run test, not other"),
        bad_hello("no run", named(""), "this is run test, not "),
        bad_hello("a run that is a path", named("../test"), "this is run test, not ../test"),
        bad_hello("a run that writes lines", named("x\x1b[2J\n WARN"), "not x\\u{1b}[2J\\n WARN"),
        bad_hello("a long run", |hello| hello.run = "r".repeat(900), "not rrrrrrrr"),
        bad_hello(
            "to another machine",
            |hello| hello.to = MachineId::new(3),
            "is machine 1, not 3",
        ),
        bad_hello(
            "from no neighbour",
            |hello| hello.from = MachineId::new(9),
            "machine 9 is no neighbour of ours",
        ),
        bad_hello(
            "from the largest machine",
            |hello| hello.from = MachineId::new(u32::MAX),
            "machine 4294967295 is no neighbour of ours",
        ),
        bad_hello(
            "from this very machine",
            |hello| hello.from = MachineId::new(1),
            "machine 1 is no neighbour of ours",
        ),
        bad_hello(
            "a stale incarnation",
            |hello| (hello.from, hello.incarnation) = (MachineId::new(3), 4),
            "incarnation 4 is stale: incarnation 5 has already connected",
        ),
    ]
}

/// On a good link in, on which nothing has arrived yet: it is closed.
pub(crate) fn on_links_in() -> Vec<Case> {
    let refused = Frame::Refused { reason: "you".to_owned() };
    vec![
        case(
            "Hello twice",
            bytes_of([Frame::Hello(hello(2, 1))]),
            "a Hello came where none is due",
        ),
        case(
            "a Welcome from a sender",
            bytes_of([Frame::Welcome(Default::default())]),
            "a Welcome came where none is due",
        ),
        case("an Ack from a sender", ack(1, 1), "a Ack came where none is due"),
        case("a refusal from a sender", bytes_of([refused]), "a Refused came where none is due"),
        answered("a gap", message(2, 7), "message 2 came where message 1 was due"),
        answered(
            "the largest number",
            message(u64::MAX, 7),
            "message 18446744073709551615 came where message 1 was due",
        ),
        answered("the largest stamp", message(1, u64::MAX), "is within 2^32 of the largest"),
        answered(
            "a stamp 2^32 below that",
            message(1, u64::MAX - (1 << 32) + 1),
            "is within 2^32 of the largest",
        ),
        answered(
            "a stamp too far ahead",
            message(1, 1 << 40),
            "is more than 2^32 ahead of the clock",
        ),
        answered(
            "a gap after repeated messages",
            [message(0, 7), message(0, 8), message(3, 9)].concat(),
            "message 3 came where message 1 was due",
        ),
        case("no content on a link", framed(b""), "of no known kind"),
        case("an unknown kind on a link", framed(b"\x3a\0"), "of no known kind"),
        case("garbage on a link", framed(&[0xff; 4096]), "cannot be decoded"),
        case("a varint without end on a link", framed(&huge_varint(4)), "cannot be decoded"),
        case(
            "a length over the limit on a link",
            (FRAME_BYTES_MAX as u32 + 1).to_be_bytes().into(),
            "longer than 65536 bytes",
        ),
    ]
}

/// In answer to the node's own Hello.
pub(crate) fn answers() -> Vec<Case> {
    let refused = Frame::Refused { reason: "go\x1b[31m\naway".to_owned() };
    vec![
        case("a refusal", bytes_of([refused]), "cannot link: refused: go\\u{1b}[31m\\naway"),
        case("an Ack for a Welcome", ack(0, 0), "a Ack came where none is due"),
        case("a message for a Welcome", message(1, 1), "a Message came where none is due"),
        case(
            "a Hello for a Welcome",
            bytes_of([Frame::Hello(hello(2, 1))]),
            "a Hello came where none is due",
        ),
        case("another protocol for an answer", b"220 mail\r\n".to_vec(), "longer than 1024 bytes"),
        case("no content for an answer", framed(b""), "of no known kind"),
        case("a varint for an answer", framed(&huge_varint(2)), "cannot be decoded"),
        case(
            "a Welcome that contradicts itself",
            bytes_of([Frame::Welcome(machine::Progress { logged: 2, arrived: 1 })]),
            "it says that 2 messages of ours are logged but only 1 arrived",
        ),
        case(
            "a Welcome behind what was acknowledged",
            bytes_of([Frame::Welcome(machine::Progress { logged: 0, arrived: 0 })]),
            "its log ends at our message 0, but it had acknowledged",
        ),
    ]
}

/// On a link out that the peer has welcomed.
pub(crate) fn on_links_out() -> Vec<Case> {
    vec![
        case("an Ack from the future", ack(1, 1 << 30), "1073741824 was acknowledged, but only"),
        case("the largest Ack", ack(u64::MAX, u64::MAX), "18446744073709551615 was acknowledged"),
        case("an Ack that contradicts itself", ack(3, 2), "but only 2 as arrived"),
        case("a message from a receiver", message(1, 1), "a Message came where none is due"),
        case(
            "a Hello from a receiver",
            bytes_of([Frame::Hello(hello(2, 1))]),
            "a Hello came where none is due",
        ),
        case(
            "a second Welcome",
            bytes_of([Frame::Welcome(Default::default())]),
            "a Welcome came where none is due",
        ),
        case("garbage from a receiver", framed(&[0xff; 16]), "cannot be decoded"),
        case("an endless length from a receiver", vec![0xff; 4], "longer than 65536 bytes"),
    ]
}
