//! Bytes from a peer: whatever they are, they are frames or an error, and a frame
//! that is written again is read as the same.

use bytes::BytesMut;
use tokio_util::codec::{Decoder as _, Encoder as _};
use wire::FrameCodec;

/// The first byte says whether the handshake is done.
pub(crate) fn exercise(bytes: &[u8]) {
    let Some((&first, rest)) = bytes.split_first() else { return };
    let mut codec = FrameCodec::new();
    if first & 1 == 1 {
        codec.establish();
    }
    let mut stream = BytesMut::from(rest);
    while let Ok(Some(frame)) = codec.decode(&mut stream) {
        let mut again = BytesMut::new();
        if codec.encode(frame.clone(), &mut again).is_ok() {
            let read = codec.decode(&mut again).expect("what was written can be read");
            assert_eq!(read, Some(frame));
        }
    }
}
