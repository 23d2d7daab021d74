//! What both ends of a connection share: its limits, how frames are read, and how
//! it can end.

use std::fmt;
use std::io;
use std::time::Duration;

use bytes::BytesMut;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_util::codec::{Decoder as _, Encoder as _};
use wire::{Frame, FrameCodec, FrameError};

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

/// When nothing else was said for so long, a heartbeat is.
pub(crate) const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);

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
}

impl FrameReader {
    /// The reader of a new connection, before its handshake.
    pub(crate) fn new(half: impl AsyncRead + Send + Unpin + 'static) -> Self {
        Self { half: Box::new(half), codec: FrameCodec::new(), bytes: BytesMut::new() }
    }

    /// The handshake is done: longer frames are taken.
    pub(crate) fn establish(&mut self) {
        self.codec.establish();
    }

    /// The next frame, which must be whole within the given time.
    pub(crate) async fn read_one(&mut self, within: Duration) -> Result<Frame, End> {
        timeout(within, async {
            loop {
                if let Some(frame) = self.codec.decode(&mut self.bytes)? {
                    return Ok(frame);
                }
                self.read_bytes().await?;
            }
        })
        .await
        .map_err(|_| End::Silent(within))?
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

    async fn read_bytes(&mut self) -> Result<(), End> {
        self.bytes.reserve(READ_BYTES);
        match self.half.read_buf(&mut self.bytes).await.map_err(tls_wording::end)? {
            0 => Err(End::Closed),
            _ => Ok(()),
        }
    }
}

/// Writes frames.
pub(crate) struct FrameWriter {
    half: Box<dyn AsyncWrite + Send + Unpin>,
}

impl FrameWriter {
    /// The writer of a new connection.
    pub(crate) fn new(half: impl AsyncWrite + Send + Unpin + 'static) -> Self {
        Self { half: Box::new(half) }
    }

    /// Writes one frame.
    pub(crate) async fn write(&mut self, frame: Frame) -> Result<(), End> {
        let mut bytes = BytesMut::new();
        FrameCodec::new().encode(frame, &mut bytes)?;
        self.write_bytes(&bytes).await
    }

    /// Writes frames that are bytes already.
    pub(crate) async fn write_bytes(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.half.write_all(bytes).await.map_err(tls_wording::end)?;
        self.half.flush().await.map_err(tls_wording::end)
    }

    /// Says that nothing more will come.
    pub(crate) async fn close(mut self) {
        // The peer may be gone already, which is as well; or read no more, and TLS
        // has something to say at the end that it must not wait to be read.
        let _ = timeout(CLOSE_MAX, self.half.shutdown()).await;
    }
}
