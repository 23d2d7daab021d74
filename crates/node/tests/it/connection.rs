//! One connection as the test plays it: every byte is the test's choice.

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::time::Duration;

use bytes::BytesMut;
use machine::{MachineId, Progress};
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use tokio_util::codec::{Decoder as _, Encoder as _};
use wire::{Frame, FrameCodec, Hello, PROTOCOL};

use crate::live::soon;

/// The run that all tests are of.
pub(crate) const RUN: &str = "test";

/// How often who asks, and hears no more than it knows, asks again.
const ASK_EVERY: Duration = Duration::from_millis(20);

/// The Hello of `from` to machine 1.
pub(crate) fn hello(from: u32, incarnation: u32) -> Hello {
    Hello {
        protocol: PROTOCOL,
        run: RUN.to_owned(),
        from: MachineId::new(from),
        to: MachineId::new(1),
        incarnation,
    }
}

/// The bytes of `frames`.
pub(crate) fn bytes_of(frames: impl IntoIterator<Item = Frame>) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    for frame in frames {
        FrameCodec::new().encode(frame, &mut bytes).unwrap();
    }
    bytes.to_vec()
}

/// The bytes of one message.
pub(crate) fn message(seq: u64, stamp: u64) -> Vec<u8> {
    bytes_of([Frame::Message { seq, stamp }])
}

/// The bytes of an Ack.
pub(crate) fn ack(logged: u64, arrived: u64) -> Vec<u8> {
    bytes_of([Frame::Ack(Progress { logged, arrived })])
}

/// TCP, with or without TLS.
trait Stream: AsyncRead + AsyncWrite + Unpin {}

impl<T: AsyncRead + AsyncWrite + Unpin> Stream for T {}

/// One end of a connection.
pub(crate) struct Connection {
    stream: Box<dyn Stream>,
    codec: FrameCodec,
    bytes: BytesMut,
}

impl Connection {
    /// Dials, and says nothing.
    pub(crate) async fn dial(address: SocketAddr) -> Self {
        Self::new(connect(address).await)
    }

    /// Dials with TLS, and says nothing.
    ///
    /// # Errors
    /// Why TLS failed.
    pub(crate) async fn dial_tls(address: SocketAddr, tls: &TlsConnector) -> io::Result<Self> {
        let node = ServerName::try_from("machine-1").unwrap();
        let connecting = tls.connect(node, connect(address).await);
        Ok(Self::new(soon("the node speaks TLS", connecting).await?))
    }

    /// The next connection that the node makes, with its Hello.
    pub(crate) async fn accept(listener: &TcpListener) -> (Self, Hello) {
        Self::new(accept(listener).await).introduced().await
    }

    /// The same with TLS.
    pub(crate) async fn accept_tls(listener: &TcpListener, tls: &TlsAcceptor) -> (Self, Hello) {
        let accepting = tls.accept(accept(listener).await);
        let stream = soon("the node speaks TLS", accepting).await.unwrap();
        Self::new(stream).introduced().await
    }

    async fn introduced(mut self) -> (Self, Hello) {
        match self.hear().await {
            Some(Frame::Hello(hello)) => (self, hello),
            other => panic!("the node says {other:?} before Hello"),
        }
    }

    /// The test's end of a connection that it has made already.
    pub(crate) fn of(stream: impl AsyncRead + AsyncWrite + Unpin + 'static) -> Self {
        Self::new(stream)
    }

    fn new(stream: impl Stream + 'static) -> Self {
        Self { stream: Box::new(stream), codec: FrameCodec::new(), bytes: BytesMut::new() }
    }

    /// Says what a node could say.
    pub(crate) async fn say(&mut self, frame: Frame) {
        self.say_bytes(&bytes_of([frame])).await;
    }

    /// Says anything at all. That the node has gone is no fault of the test's.
    pub(crate) async fn say_bytes(&mut self, bytes: &[u8]) {
        let _ = soon("the node reads", write(&mut *self.stream, bytes)).await;
    }

    /// Introduces itself, and gives back what the Welcome says.
    pub(crate) async fn link(&mut self, hello: Hello) -> Progress {
        self.say(Frame::Hello(hello)).await;
        match self.hear().await {
            Some(Frame::Welcome(progress)) => progress,
            other => panic!("no Welcome but {other:?}"),
        }
    }

    /// Welcomes the node.
    pub(crate) async fn welcome(&mut self, logged: u64, arrived: u64) {
        self.say(Frame::Welcome(Progress { logged, arrived })).await;
    }

    /// The next frame; none at the end of the connection.
    pub(crate) async fn hear(&mut self) -> Option<Frame> {
        self.try_to_hear().await.unwrap()
    }

    async fn try_to_hear(&mut self) -> io::Result<Option<Frame>> {
        soon("a frame, or the end", async {
            loop {
                if let Some(frame) = self.codec.decode(&mut self.bytes).unwrap() {
                    return Ok(Some(frame));
                }
                match self.stream.read_buf(&mut self.bytes).await {
                    Ok(0) => return Ok(None),
                    // Closed with bytes of ours unread, or without a word of TLS.
                    Err(error) if is_end(&error) => return Ok(None),
                    read => read?,
                };
            }
        })
        .await
    }

    /// As [`hear_end`](Self::hear_end), where TLS may end it.
    ///
    /// # Errors
    /// What TLS says.
    pub(crate) async fn hear_end_or_alert(mut self) -> io::Result<Option<String>> {
        match self.try_to_hear().await? {
            Some(Frame::Refused { reason }) => Ok(Some(reason)),
            Some(frame) => panic!("no end, but {frame:?}"),
            None => Ok(None),
        }
    }

    /// The next Ack.
    pub(crate) async fn hear_ack(&mut self) -> Progress {
        loop {
            match self.hear().await {
                Some(Frame::Ack(progress)) => return progress,
                Some(Frame::Heartbeat) => {}
                other => panic!("no Ack but {other:?}"),
            }
        }
    }

    /// Asks for the Ack that says that message `arrived` has arrived.
    pub(crate) async fn hear_arrived(&mut self, arrived: u64) {
        self.say(Frame::Heartbeat).await;
        while self.hear_ack().await.arrived < arrived {}
    }

    /// Asks until an Ack says that message `logged` is logged.
    pub(crate) async fn hear_logged(&mut self, logged: u64) -> Progress {
        loop {
            self.say(Frame::Heartbeat).await;
            match timeout(ASK_EVERY, self.hear_ack()).await {
                Ok(progress) if progress.logged >= logged => return progress,
                _ => {}
            }
        }
    }

    /// The next message.
    pub(crate) async fn hear_message(&mut self) -> (u64, u64) {
        loop {
            match self.hear().await {
                Some(Frame::Message { seq, stamp }) => return (seq, stamp),
                Some(Frame::Heartbeat) => {}
                other => panic!("no message but {other:?}"),
            }
        }
    }

    /// Hears it out: the reason, if the node gives one. What came before that is of
    /// no interest.
    pub(crate) async fn hear_end(mut self) -> Option<String> {
        let mut reason = None;
        while let Some(frame) = self.hear().await {
            assert_eq!(reason, None, "{frame:?} follows a refusal");
            if let Frame::Refused { reason: given } = frame {
                reason = Some(given);
            }
        }
        self.assert_gone().await;
        reason
    }

    /// The node has let go of the connection altogether, not just of its half: it
    /// would read on otherwise.
    async fn assert_gone(&mut self) {
        soon("the node closes the connection", async {
            while write(&mut *self.stream, &[0]).await.is_ok() {
                tokio::task::yield_now().await;
            }
        })
        .await;
    }
}

/// TCP to the node.
pub(crate) async fn connect(address: SocketAddr) -> TcpStream {
    let stream = soon("the node takes a connection", TcpStream::connect(address)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// TCP from the node.
pub(crate) async fn accept(listener: &TcpListener) -> TcpStream {
    let (stream, _) = soon("the node dials", listener.accept()).await.unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

async fn write(stream: &mut dyn Stream, bytes: &[u8]) -> io::Result<()> {
    stream.write_all(bytes).await?;
    stream.flush().await
}

fn is_end(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof)
}

/// Hears `count` messages on `link`, which must go on where `heard` ends.
pub(crate) async fn hear_on(link: &mut Connection, heard: &mut Vec<(u64, u64)>, count: u64) {
    for _ in 0..count {
        let message = link.hear_message().await;
        assert_eq!(message.0, heard.len() as u64 + 1, "a message was skipped or repeated");
        heard.push(message);
    }
}
