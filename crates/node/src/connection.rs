//! What both ends of a connection share: its limits, how frames are read, and how
//! it can end.

use std::fmt;
use std::io;
use std::time::Duration;

use bytes::{BufMut as _, BytesMut};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_util::codec::{Decoder as _, Encoder as _};
use wire::{Frame, FrameCodec, FrameError};

use crate::patience::Patience;
use crate::tls_wording;

/// How long connecting may take.
pub(crate) const CONNECT_MAX: Duration = Duration::from_secs(3);

/// How long the handshake may take.
pub(crate) const HANDSHAKE_MAX: Duration = Duration::from_secs(3);

/// How long saying that nothing more will come may take.
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// How long an established connection may say nothing whole before it counts as
/// dead.
pub(crate) const SILENCE_MAX: Duration = Duration::from_secs(5);

/// The longest reason of a refusal, in bytes, that is given or taken.
const REASON_BYTES_MAX: usize = 200;

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 14;

/// Why a connection ended.
#[derive(Debug, Error)]
pub(crate) enum End {
    #[error("closed")]
    Closed,
    #[error("closed by this machine")]
    WeClosed,
    #[error("nothing was heard for {} s", .0.as_secs())]
    Silent(Duration),
    #[error("{0}")]
    Io(#[from] io::Error),
    #[error("{0}")]
    Frame(FrameError),
    #[error("{0}")]
    Untrusted(String),
    #[error("a {0} came where none is due")]
    Unexpected(&'static str),
    #[error("refused: {0}")]
    Refused(Reason),
    #[error("we refused it: {0}")]
    WeRefused(Reason),
    #[error("replaced by a newer one")]
    Replaced,
}

impl End {
    /// Whether it is the peer's doing, and nothing that an honest one does.
    pub(crate) fn is_fault(&self) -> bool {
        matches!(self, Self::Frame(_) | Self::Unexpected(_) | Self::Untrusted(_))
    }
}

/// Why a connection was refused, in one line that fits any frame: a peer may
/// have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reason(String);

impl From<String> for Reason {
    fn from(reason: String) -> Self {
        let mut line: String = reason.chars().flat_map(char::escape_debug).collect();
        if line.len() > REASON_BYTES_MAX {
            line.truncate(line.floor_char_boundary(REASON_BYTES_MAX));
            line.push('…');
        }
        Self(line)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<FrameError> for End {
    fn from(error: FrameError) -> Self {
        match error {
            FrameError::Io(error) => Self::Io(error),
            error => Self::Frame(error),
        }
    }
}

/// Reads frames.
pub(crate) struct FrameReader {
    half: Box<dyn AsyncRead + Send + Unpin>,
    codec: FrameCodec,
    bytes: BytesMut,
    patience: Patience,
}

impl FrameReader {
    /// The reader of a new connection, before its handshake.
    pub(crate) fn new(half: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self {
            half: Box::new(half),
            codec: FrameCodec::new(),
            bytes: BytesMut::new(),
            patience: Patience::new(HANDSHAKE_MAX),
        }
    }

    /// The handshake is done: longer frames are taken.
    pub(crate) fn establish(&mut self) {
        self.codec.establish();
    }

    /// The next frame, which must be whole within the given time.
    pub(crate) async fn read_one(&mut self, within: Duration) -> Result<Frame, End> {
        self.patience.put_off(within);
        loop {
            if let Some(frame) = self.codec.decode(&mut self.bytes)? {
                return Ok(frame);
            }
            tokio::select! {
                biased;
                read = read_bytes(&mut self.half, &mut self.bytes) => read?,
                () = &mut self.patience => return Err(End::Silent(within)),
            }
        }
    }

    /// Appends to `frames` the next frame, as [`read_one`](Self::read_one) does,
    /// and all that came with it.
    pub(crate) async fn read_some(
        &mut self,
        frames: &mut Vec<Frame>,
        within: Duration,
    ) -> Result<(), End> {
        frames.push(self.read_one(within).await?);
        while let Some(frame) = self.codec.decode(&mut self.bytes)? {
            frames.push(frame);
        }
        Ok(())
    }
}

async fn read_bytes(half: &mut (impl AsyncRead + Unpin), bytes: &mut BytesMut) -> Result<(), End> {
    bytes.reserve(READ_BYTES);
    let mut room = bytes.limit(READ_BYTES);
    match half.read_buf(&mut room).await.map_err(tls_wording::end)? {
        0 => Err(End::Closed),
        _ => Ok(()),
    }
}

/// Writes frames.
pub(crate) struct FrameWriter {
    half: Box<dyn AsyncWrite + Send + Unpin>,
    /// What a frame is written in.
    bytes: BytesMut,
}

impl FrameWriter {
    /// The writer of a new connection.
    pub(crate) fn new(half: impl AsyncWrite + Send + Unpin + 'static) -> Self {
        Self { half: Box::new(half), bytes: BytesMut::new() }
    }

    /// Writes one frame.
    pub(crate) async fn write(&mut self, frame: Frame) -> Result<(), End> {
        self.bytes.clear();
        FrameCodec::new().encode(frame, &mut self.bytes)?;
        write_bytes(&mut self.half, &self.bytes).await
    }

    /// Writes frames that are bytes already.
    pub(crate) async fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), End> {
        write_bytes(&mut self.half, bytes).await
    }

    /// Says that nothing more will come.
    pub(crate) async fn close(mut self) {
        // The peer may be gone already, which is as well; or read no more, and TLS
        // has something to say at the end that it must not wait to be read.
        let _ = timeout(CLOSE_MAX, self.half.shutdown()).await;
    }
}

async fn write_bytes(half: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Result<(), End> {
    half.write_all(bytes).await.map_err(tls_wording::end)?;
    half.flush().await.map_err(tls_wording::end)
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll};

    use super::*;
    use crate::played::{JUST, bytes_of, connection};
    use tokio::io::ReadBuf;
    use tokio::join;
    use tokio::time::{Instant, Sleep, sleep};

    #[tokio::test(start_paused = true)]
    async fn a_frame_must_be_whole_within_its_time() {
        for limit in [HANDSHAKE_MAX, SILENCE_MAX] {
            for (late, is_taken) in [(limit - JUST, true), (limit + JUST, false)] {
                let (mut reader, _writer, mut peer) = connection();
                let heartbeat = bytes_of(Frame::Heartbeat);
                let (most, last) = heartbeat.split_at(heartbeat.len() - 1);
                let begun = Instant::now();
                let say = async {
                    peer.write_all(most).await.unwrap();
                    sleep(late).await;
                    // It may be gone.
                    let _ = peer.write_all(last).await;
                };
                let read = async {
                    let frame = reader.read_one(limit).await;
                    (frame, begun.elapsed())
                };
                match join!(read, say).0 {
                    (Ok(Frame::Heartbeat), at) => assert!(is_taken && at == late, "{at:?}"),
                    (Err(End::Silent(said)), at) => {
                        assert!(!is_taken, "after {at:?}");
                        assert_eq!((said, at), (limit, limit));
                    }
                    other => panic!("{other:?}"),
                }
            }
        }
    }

    /// The same bytes again and again: it gives as many as are asked for, and
    /// remembers the most.
    struct Flood {
        bytes: BytesMut,
        given: usize,
        most: Arc<AtomicUsize>,
    }

    impl AsyncRead for Flood {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            room: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            self.most.fetch_max(room.remaining(), Ordering::Relaxed);
            let rest = self.bytes.iter().cycle().skip(self.given % self.bytes.len());
            let bytes: Vec<u8> = rest.take(room.remaining()).copied().collect();
            room.put_slice(&bytes);
            self.given += bytes.len();
            Poll::Ready(Ok(()))
        }
    }

    /// However much room a long frame has left behind.
    #[tokio::test]
    async fn so_many_bytes_are_read_at_once_and_no_more() {
        let mut codec = FrameCodec::new();
        codec.establish();
        let mut bytes = BytesMut::new();
        codec.encode(Frame::Refused { reason: "x".repeat(60_000) }, &mut bytes).unwrap();
        for seq in 1..=20_000 {
            codec.encode(Frame::Message { seq, stamp: seq }, &mut bytes).unwrap();
        }
        let most = Arc::new(AtomicUsize::new(0));
        let mut reader = FrameReader::new(Flood { bytes, given: 0, most: most.clone() });
        reader.establish();
        let mut frames = Vec::new();
        while frames.len() < 50_000 {
            reader.read_some(&mut frames, SILENCE_MAX).await.unwrap();
        }
        assert_eq!(most.load(Ordering::Relaxed), READ_BYTES);
    }

    /// A connection that takes its time to tell its end.
    struct SlowToClose(Pin<Box<Sleep>>);

    impl AsyncWrite for SlowToClose {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<io::Result<()>> {
            self.0.as_mut().poll(context).map(Ok)
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_of_a_connection_has_its_time_to_be_told() {
        for (takes, waited) in [(CLOSE_MAX - JUST, CLOSE_MAX - JUST), (2 * CLOSE_MAX, CLOSE_MAX)] {
            let begun = Instant::now();
            FrameWriter::new(SlowToClose(Box::pin(sleep(takes)))).close().await;
            assert_eq!(begun.elapsed(), waited);
        }
    }

    #[test]
    fn a_reason_is_cut_where_it_gets_too_long() {
        let longest = "x".repeat(REASON_BYTES_MAX);
        assert_eq!(Reason::from(longest.clone()).to_string(), longest);
        assert_eq!(Reason::from(longest.clone() + "x").to_string(), longest + "…");
        // What is escaped counts as it is written, and no letter is cut.
        let lines = Reason::from("\n".repeat(REASON_BYTES_MAX)).to_string();
        assert_eq!(lines, "\\n".repeat(REASON_BYTES_MAX / 2) + "…");
        let letters = Reason::from("x".to_owned() + &"ä".repeat(REASON_BYTES_MAX)).to_string();
        assert_eq!(letters, "x".to_owned() + &"ä".repeat(REASON_BYTES_MAX / 2 - 1) + "…");
    }
}
