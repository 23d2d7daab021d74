//! Frames to and from a stream of bytes: a length, then that many bytes of
//! protobuf.

use std::io;

use bytes::{Buf as _, BufMut as _, BytesMut};
use prost::Message as _;
use thiserror::Error;
use tokio_util::codec::{Decoder, Encoder};

use crate::frame::Frame;
use crate::proto;

/// The longest frame that is taken before the handshake is done, in bytes
/// without its length.
pub const HANDSHAKE_BYTES_MAX: usize = 1 << 10;

/// The longest frame that is taken after it.
pub const FRAME_BYTES_MAX: usize = 1 << 16;

/// Bytes that a length takes.
const LENGTH_BYTES: usize = size_of::<u32>();

/// Reads and writes the frames of one connection.
#[derive(Debug)]
pub struct FrameCodec {
    /// The longest frame that is taken, in bytes without its length.
    limit: usize,
}

impl FrameCodec {
    /// The codec of a connection whose handshake is not done: it takes only short
    /// frames.
    #[must_use]
    pub fn new() -> Self {
        Self { limit: HANDSHAKE_BYTES_MAX }
    }

    /// The handshake is done: longer frames are taken.
    pub fn establish(&mut self) {
        self.limit = FRAME_BYTES_MAX;
    }

    fn too_long(&self) -> FrameError {
        FrameError::TooLong { limit: self.limit }
    }
}

impl Default for FrameCodec {
    fn default() -> Self {
        Self::new()
    }
}

impl Decoder for FrameCodec {
    type Item = Frame;
    type Error = FrameError;

    /// Takes the next frame off `bytes`, decoded in place: to split each off as
    /// bytes of its own, as `LengthDelimitedCodec` does, costs more than to decode it.
    fn decode(&mut self, bytes: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        let Some((length, rest)) = bytes.split_first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*length) as usize;
        if length > self.limit {
            return Err(if begins_as_tls(bytes) { FrameError::Tls } else { self.too_long() });
        }
        let Some(frame) = rest.get(..length) else {
            bytes.reserve(LENGTH_BYTES + length - bytes.len());
            return Ok(None);
        };
        let frame = proto::Frame::decode(frame)?.try_into()?;
        bytes.advance(LENGTH_BYTES + length);
        Ok(Some(frame))
    }
}

/// Whether these are the first bytes of a record of TLS: its type, from 20 to 23,
/// and its version, 3.x. As a length they would be far over every limit.
fn begins_as_tls(bytes: &[u8]) -> bool {
    matches!(bytes, [20..=23, 3, ..])
}

impl Encoder<Frame> for FrameCodec {
    type Error = FrameError;

    /// Appends the frame to `bytes`, encoded in place.
    fn encode(&mut self, frame: Frame, bytes: &mut BytesMut) -> Result<(), FrameError> {
        let frame = proto::Frame::from(frame);
        let length = frame.encoded_len();
        if length > self.limit {
            return Err(self.too_long());
        }
        bytes.reserve(LENGTH_BYTES + length);
        bytes.put_u32(length as u32);
        frame.encode_raw(bytes);
        Ok(())
    }
}

/// Bytes that are no frame. The connection cannot be read on.
#[derive(Debug, Error)]
pub enum FrameError {
    /// The connection failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// The length is over the limit.
    #[error("the frame is longer than {limit} bytes")]
    TooLong {
        /// The longest frame taken here, in bytes.
        limit: usize,
    },
    /// The bytes are those of TLS, and were to be frames.
    #[error("it speaks TLS where plain text is spoken")]
    Tls,
    /// The bytes are no protobuf of ours.
    #[error("the frame cannot be decoded: {0}")]
    Garbage(#[from] prost::DecodeError),
    /// It is a frame of a kind that this version does not know, or of none.
    #[error("the frame is of no known kind")]
    Unknown,
    /// It speaks of machine 0.
    #[error("the Hello speaks of machine 0; machines are numbered from 1")]
    MachineZero,
}
