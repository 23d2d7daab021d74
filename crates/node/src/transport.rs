//! How connections are made from TCP: in plain text, or by TLS with a certificate
//! on each side.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use machine::MachineId;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, split};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::Config;
use crate::connection::{End, FrameReader, FrameWriter};
use crate::identity::{Identity, IdentityError, server_name};
use crate::proof::Proof;
use crate::tls_wording;

/// How long a peer with which TLS failed has to take the alert that says why.
const ALERT_MAX: Duration = Duration::from_millis(500);

/// Bytes that it may have under way meanwhile.
const ALERT_BYTES_MAX: u64 = 1 << 14;

/// How connections are made.
#[derive(Clone)]
pub struct Transport(Option<Arc<Identity>>);

impl fmt::Display for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "TLS" } else { "plain text" })
    }
}

impl Transport {
    /// The one that `config` asks for, with its certificates read.
    ///
    /// # Errors
    /// The [`IdentityError`] if one of them is not good.
    pub fn load(config: &Config) -> Result<Self, IdentityError> {
        let now = SystemTime::now();
        let load = |files| Identity::load(files, config.machine, Some(&config.run), now);
        Ok(Self(config.tls.as_ref().map(load).transpose()?.map(Arc::new)))
    }

    #[cfg(test)]
    pub(crate) fn plain_text() -> Self {
        Self(None)
    }

    /// Takes a connection that a peer has made.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
    ) -> Result<(FrameReader, FrameWriter, Proof), End> {
        stream.set_nodelay(true)?;
        let Some(identity) = &self.0 else {
            let (reader, writer) = plain(stream);
            return Ok((reader, writer, Proof::None));
        };
        match identity.acceptor.accept(stream).into_fallible().await {
            Ok(stream) => {
                let proof = Proof::of(stream.get_ref().1.peer_certificates());
                let (reader, writer) = halves(stream);
                Ok((reader, writer, proof))
            }
            Err((error, stream)) => {
                linger(stream).await;
                Err(tls_wording::end(error))
            }
        }
    }

    /// Makes of `stream` a connection to the machine `to` in the run `run`.
    pub(crate) async fn connect(
        &self,
        stream: TcpStream,
        to: MachineId,
        run: &str,
    ) -> Result<(FrameReader, FrameWriter), End> {
        stream.set_nodelay(true)?;
        let Some(identity) = &self.0 else { return Ok(plain(stream)) };
        let connecting = identity.connector.connect(server_name(to), stream);
        let stream = connecting.await.map_err(tls_wording::end)?;
        let proof = Proof::of(stream.get_ref().1.peer_certificates());
        proof.check(to, run).map_err(End::Untrusted)?;
        Ok(halves(stream))
    }
}

fn plain(stream: TcpStream) -> (FrameReader, FrameWriter) {
    let (read, write) = stream.into_split();
    (FrameReader::new(read), FrameWriter::new(write))
}

fn halves(stream: impl AsyncRead + AsyncWrite + Send + 'static) -> (FrameReader, FrameWriter) {
    let (read, write) = split(stream);
    (FrameReader::new(read), FrameWriter::new(write))
}

/// Hears a peer out: to close with bytes of its unread would take from it the
/// alert that is under way.
async fn linger(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let hear_out = async {
        let _ = stream.shutdown().await;
        let _ = tokio::io::copy(&mut stream.take(ALERT_BYTES_MAX), &mut tokio::io::sink()).await;
    };
    let _ = timeout(ALERT_MAX, hear_out).await;
}

#[cfg(test)]
mod tests {
    use tokio::io::duplex;
    use tokio::join;
    use tokio::time::{Instant, sleep};

    use super::*;
    use crate::played::JUST;

    #[tokio::test(start_paused = true)]
    async fn whoever_fails_is_heard_out_for_a_while() {
        for (stays, heard) in [(ALERT_MAX - JUST, ALERT_MAX - JUST), (2 * ALERT_MAX, ALERT_MAX)] {
            let (here, there) = duplex(1);
            let begun = Instant::now();
            let leave = async {
                sleep(stays).await;
                drop(there);
            };
            let hear_out = async {
                linger(here).await;
                begun.elapsed()
            };
            assert_eq!(join!(hear_out, leave).0, heard);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_floods_is_not_heard_out() {
        let (here, mut there) = duplex(1);
        let flood = async {
            let mut bytes = 0;
            while there.write_all(&[0]).await.is_ok() {
                bytes += 1;
            }
            bytes
        };
        let ((), bytes) = join!(linger(here), flood);
        // One more is on its way.
        assert!((ALERT_BYTES_MAX..=ALERT_BYTES_MAX + 1).contains(&bytes), "{bytes}");
    }
}
