//! Frames as bytes: what they look like, and what becomes of bytes that are none.

#![allow(clippy::unwrap_used)]

use bytes::{BufMut, BytesMut};
use machine::{MachineId, Progress};
use proptest::prelude::*;
use tokio_util::codec::{Decoder, Encoder};
use wire::{FRAME_BYTES_MAX, Frame, FrameCodec, FrameError, HANDSHAKE_BYTES_MAX, Hello, PROTOCOL};

fn encode(frames: impl IntoIterator<Item = Frame>) -> BytesMut {
    let mut bytes = BytesMut::new();
    for frame in frames {
        FrameCodec::new().encode(frame, &mut bytes).unwrap();
    }
    bytes
}

fn hello() -> Frame {
    Frame::Hello(Hello {
        protocol: PROTOCOL,
        run: "demo".to_owned(),
        from: MachineId::new(1),
        to: MachineId::new(2),
        incarnation: 3,
    })
}

/// Written down by hand from the protobuf encoding (field number << 3 | type),
/// so that another version, or another language, says the same.
#[test]
fn frames_have_these_bytes() {
    let progress = Progress { logged: 5, arrived: 300 };
    for (frame, expected) in [
        (hello(), &b"\0\0\0\x10\x0a\x0e\x08\x01\x12\x04demo\x18\x01\x20\x02\x28\x03"[..]),
        (Frame::Welcome(progress), b"\0\0\0\x07\x12\x05\x08\x05\x10\xac\x02"),
        (Frame::Refused { reason: "no".into() }, b"\0\0\0\x06\x1a\x04\x0a\x02no"),
        (Frame::Message { seq: 1, stamp: 150 }, b"\0\0\0\x07\x22\x05\x08\x01\x10\x96\x01"),
        (Frame::Ack(progress), b"\0\0\0\x07\x2a\x05\x08\x05\x10\xac\x02"),
        (Frame::Heartbeat, b"\0\0\0\x02\x32\x00"),
    ] {
        assert_eq!(encode([frame.clone()]), expected, "{frame:?}");
        let decoded = FrameCodec::new().decode(&mut BytesMut::from(expected)).unwrap();
        assert_eq!(decoded, Some(frame));
    }
}

#[test]
fn a_frame_is_decoded_when_its_last_byte_is_there() {
    let mut codec = FrameCodec::new();
    let whole = encode([hello(), Frame::Heartbeat]);
    let first_length = encode([hello()]).len();
    let mut bytes = BytesMut::new();
    let mut frames = Vec::new();
    for (index, byte) in whole.iter().enumerate() {
        bytes.put_u8(*byte);
        if let Some(frame) = codec.decode(&mut bytes).unwrap() {
            frames.push((index + 1, frame));
        }
    }
    assert_eq!(frames, [(first_length, hello()), (whole.len(), Frame::Heartbeat)]);
}

fn refusal_of_length(length: usize) -> Frame {
    // A Refused of n bytes of text takes n, its two lengths and two tags.
    let overhead = encode([Frame::Refused { reason: "x".repeat(1000) }]).len() - 1004;
    let text = if length > 20_000 { length - overhead - 2 } else { length - overhead };
    Frame::Refused { reason: "x".repeat(text) }
}

#[test]
fn frames_at_the_limit_pass_and_longer_ones_do_not() {
    for (established, limit) in [(false, HANDSHAKE_BYTES_MAX), (true, FRAME_BYTES_MAX)] {
        let mut codec = FrameCodec::new();
        if established {
            codec.establish();
        }
        let mut bytes = BytesMut::new();
        codec.encode(refusal_of_length(limit), &mut bytes).unwrap();
        assert_eq!(bytes.len(), 4 + limit, "the frame is just at the limit");
        assert!(matches!(codec.decode(&mut bytes), Ok(Some(Frame::Refused { .. }))));

        let too_long = codec.encode(refusal_of_length(limit + 1), &mut bytes);
        assert!(matches!(too_long, Err(FrameError::TooLong { .. })), "{too_long:?}");
        // The length alone is enough to refuse it: nothing is read or held for it.
        let mut length_alone = BytesMut::new();
        length_alone.put_u32(limit as u32 + 1);
        let refused = codec.decode(&mut length_alone);
        assert!(matches!(refused, Err(FrameError::TooLong { limit: l }) if l == limit));
    }
}

#[test]
fn bytes_that_are_no_frame_say_so() {
    for (bytes, expected) in [
        (&b"\0\0\0\0"[..], "the frame is of no known kind"),
        (b"\0\0\0\x02\x3a\x00", "the frame is of no known kind"),
        (b"\0\0\0\x06\x0a\x04\x08\x01\x20\x02", "the Hello speaks of machine 0"),
        (b"\0\0\0\x03\xff\xff\xff", "the frame cannot be decoded"),
        (b"\x16\x03\x01\x02\0", "it speaks TLS where plain text is spoken"),
        (b"\x15\x03\x03\0\x02", "it speaks TLS where plain text is spoken"),
        (b"\x16\x02\x01\x02\0", "the frame is longer than 1024 bytes"),
        (b"GET / HTTP/1.1\r\n\r\n", "the frame is longer than 1024 bytes"),
    ] {
        let error = FrameCodec::new().decode(&mut BytesMut::from(bytes)).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{bytes:?}: {error}");
    }
}

fn any_frame() -> impl Strategy<Value = Frame> {
    let id = || (1_u32..).prop_map(MachineId::new);
    let progress =
        || any::<(u64, u64)>().prop_map(|(logged, arrived)| Progress { logged, arrived });
    prop_oneof![
        (any::<u32>(), "[a-z0-9-]{0,40}", id(), id(), any::<u32>()).prop_map(
            |(protocol, run, from, to, incarnation)| {
                Frame::Hello(Hello { protocol, run, from, to, incarnation })
            }
        ),
        progress().prop_map(Frame::Welcome),
        ".{0,80}".prop_map(|reason| Frame::Refused { reason }),
        any::<(u64, u64)>().prop_map(|(seq, stamp)| Frame::Message { seq, stamp }),
        progress().prop_map(Frame::Ack),
        Just(Frame::Heartbeat),
    ]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded(frames in prop::collection::vec(any_frame(), 0..20)) {
        let mut bytes = encode(frames.clone());
        let mut codec = FrameCodec::new();
        for frame in frames {
            prop_assert_eq!(codec.decode(&mut bytes).unwrap(), Some(frame));
        }
        prop_assert_eq!(codec.decode(&mut bytes).unwrap(), None);
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut bytes = BytesMut::from(&bytes[..]);
        let mut codec = FrameCodec::new();
        while let Ok(Some(_)) = codec.decode(&mut bytes) {}
    }

    #[test]
    fn arbitrary_frames_never_panic(body in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut bytes = BytesMut::new();
        bytes.put_u32(body.len() as u32);
        bytes.put_slice(&body);
        let _ = FrameCodec::new().decode(&mut bytes);
    }
}
