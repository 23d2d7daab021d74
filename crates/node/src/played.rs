//! A peer as the tests at the bounds play it: over a connection in memory, and in
//! time that is paused.

use std::time::Duration;

use bytes::BytesMut;
use machine::MachineId;
use tokio::io::{AsyncWriteExt as _, DuplexStream, duplex, split};
use tokio::time::{Instant, sleep};
use tokio_util::codec::Encoder as _;
use wire::{Frame, FrameCodec, Hello, PROTOCOL};

use crate::connection::{FrameReader, FrameWriter, SILENCE_MAX};

/// The least that a paused clock tells apart: just before a bound, just after it.
pub(crate) const JUST: Duration = Duration::from_millis(1);

/// The machine that is played.
pub(crate) const PEER: MachineId = MachineId::new(2);

/// The machine under test.
pub(crate) const OURS: MachineId = MachineId::new(1);

/// A good Hello.
pub(crate) fn hello(from: MachineId, to: MachineId) -> Hello {
    Hello { protocol: PROTOCOL, run: "test".to_owned(), from, to, incarnation: 1 }
}

/// The bytes of a frame.
pub(crate) fn bytes_of(frame: Frame) -> BytesMut {
    let mut bytes = BytesMut::new();
    FrameCodec::new().encode(frame, &mut bytes).unwrap();
    bytes
}

/// The halves of the node's end of a connection, and the peer's end.
pub(crate) fn connection() -> (FrameReader, FrameWriter, DuplexStream) {
    let (here, there) = duplex(1 << 14);
    let (read, write) = split(here);
    (FrameReader::new(read), FrameWriter::new(write), there)
}

/// Says a heartbeat just in time, again and again, then begins another and does not
/// end it. When the last whole one was said.
pub(crate) async fn fall_silent(peer: &mut DuplexStream) -> Instant {
    let heartbeat = bytes_of(Frame::Heartbeat);
    for _ in 0..3 {
        sleep(SILENCE_MAX - JUST).await;
        peer.write_all(&heartbeat).await.unwrap();
    }
    let last = Instant::now();
    for byte in &heartbeat[..4] {
        sleep(SILENCE_MAX / 5).await;
        peer.write_all(&[*byte]).await.unwrap();
    }
    last
}
