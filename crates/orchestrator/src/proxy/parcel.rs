//! Bytes of a stream as the frames that they are. No IO: bytes go in, frames come
//! out, whole and with the bytes that they travelled as.

use bytes::{Buf as _, Bytes, BytesMut};
use tokio_util::codec::Decoder as _;
use wire::{FRAME_BYTES_MAX, Frame, FrameCodec, FrameError};

/// Bytes of a frame's length.
const LENGTH_BYTES: usize = size_of::<u32>();

/// A frame on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parcel {
    /// What it says.
    pub(crate) frame: Frame,
    /// What it is, its length included.
    pub(crate) bytes: Bytes,
}

/// Cuts a stream into frames.
#[derive(Debug, Default)]
pub(crate) struct Splitter {
    /// What has come and is not yet a frame.
    pub(crate) bytes: BytesMut,
}

impl Splitter {
    /// The next frame, if all of it is there.
    ///
    /// # Errors
    /// [`FrameError`] if what is there is no frame of ours.
    pub(crate) fn next(&mut self) -> Result<Option<Parcel>, FrameError> {
        let Some(mut length) = self.bytes.get(..LENGTH_BYTES) else {
            return Ok(None);
        };
        let length = length.get_u32() as usize;
        if length > FRAME_BYTES_MAX {
            return Err(FrameError::TooLong { limit: FRAME_BYTES_MAX });
        }
        if self.bytes.len() < LENGTH_BYTES + length {
            return Ok(None);
        }
        let bytes = self.bytes.split_to(LENGTH_BYTES + length).freeze();
        let frame = decode(&bytes)?.ok_or(FrameError::Unknown)?;
        Ok(Some(Parcel { frame, bytes }))
    }

    /// What came of a frame before the stream ended.
    pub(crate) fn rest(&mut self) -> Bytes {
        self.bytes.split().freeze()
    }
}

fn decode(bytes: &[u8]) -> Result<Option<Frame>, FrameError> {
    let mut codec = FrameCodec::new();
    codec.establish();
    codec.decode(&mut BytesMut::from(bytes))
}

#[cfg(test)]
mod tests {
    use bytes::BytesMut;
    use machine::Progress;
    use tokio_util::codec::Encoder as _;
    use wire::{Frame, FrameCodec};

    use super::Splitter;

    fn frames() -> Vec<Frame> {
        vec![
            Frame::Welcome(Progress { logged: 5, arrived: 300 }),
            Frame::Message { seq: 1, stamp: 150 },
            Frame::Heartbeat,
            Frame::Refused { reason: "no".to_owned() },
        ]
    }

    fn stream() -> BytesMut {
        let mut bytes = BytesMut::new();
        for frame in frames() {
            FrameCodec::new().encode(frame, &mut bytes).unwrap();
        }
        bytes
    }

    #[test]
    fn frames_come_out_whole_however_the_bytes_come() {
        let stream = stream();
        for step in 1..=stream.len() {
            let (mut splitter, mut came, mut passed) = (Splitter::default(), vec![], vec![]);
            for chunk in stream.chunks(step) {
                splitter.bytes.extend_from_slice(chunk);
                while let Some(parcel) = splitter.next().unwrap() {
                    passed.extend_from_slice(&parcel.bytes);
                    came.push(parcel.frame);
                }
            }
            assert_eq!(came, frames(), "in steps of {step}");
            assert_eq!(passed, stream, "in steps of {step}");
            assert!(splitter.rest().is_empty());
        }
    }

    #[test]
    fn the_rest_is_what_came_of_a_frame() {
        let stream = stream();
        let mut splitter = Splitter::default();
        splitter.bytes.extend_from_slice(&stream[..stream.len() - 1]);
        while splitter.next().unwrap().is_some() {}
        assert_eq!(splitter.rest(), stream[stream.len() - 10..stream.len() - 1]);
    }

    #[test]
    fn what_is_no_frame_is_an_error() {
        for bytes in [&[255, 255, 255, 255][..], &[0, 0, 0, 1, 7], &[0, 0, 0, 0]] {
            let mut splitter = Splitter { bytes: BytesMut::from(bytes) };
            assert!(splitter.next().is_err(), "{bytes:?}");
        }
    }
}
