//! Frames to and from a stream of bytes: a length, then that many bytes of
//! protobuf.

use std::io;

use bytes::{BufMut, BytesMut};
use prost::Message as _;
use thiserror::Error;
use tokio_util::codec::{Decoder, Encoder, LengthDelimitedCodec};

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
    lengths: LengthDelimitedCodec,
}

impl FrameCodec {
    /// The codec of a connection whose handshake is not done: it takes only short
    /// frames.
    #[must_use]
    pub fn new() -> Self {
        let mut lengths = LengthDelimitedCodec::new();
        lengths.set_max_frame_length(HANDSHAKE_BYTES_MAX);
        Self { lengths }
    }

    /// The handshake is done: longer frames are taken.
    pub fn establish(&mut self) {
        self.lengths.set_max_frame_length(FRAME_BYTES_MAX);
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

    fn decode(&mut self, bytes: &mut BytesMut) -> Result<Option<Frame>, FrameError> {
        // What was read was whole, as it mostly is.
        if bytes.is_empty() {
            return Ok(None);
        }
        let limit = self.lengths.max_frame_length();
        let is_tls = begins_as_tls(bytes);
        let frame = self.lengths.decode(bytes).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData if is_tls => FrameError::Tls,
            io::ErrorKind::InvalidData => FrameError::TooLong { limit },
            _ => FrameError::Io(error),
        })?;
        frame.map(|frame| proto::Frame::decode(frame)?.try_into()).transpose()
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
        if length > self.lengths.max_frame_length() {
            return Err(FrameError::TooLong { limit: self.lengths.max_frame_length() });
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
