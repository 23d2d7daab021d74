//! What machines say to one another, as bytes.
//!
//! The messages are those of proto/clock.proto, compiled by prost; the frames are
//! length-delimited. This is the only crate that knows protobuf: what it gives
//! out and takes in are [`Frame`]s in the terms of the crate `machine`. It knows
//! no socket and no time; docs/wire-protocol.md says who says what when.

mod codec;
mod frame;

pub use codec::{FRAME_BYTES_MAX, FrameCodec, FrameError, HANDSHAKE_BYTES_MAX};
pub use frame::{Frame, Hello, PROTOCOL};

/// The types that prost makes of proto/clock.proto.
#[allow(missing_docs, unreachable_pub, clippy::all)]
mod proto {
    include!(concat!(env!("OUT_DIR"), "/offbeat.v1.rs"));
}
