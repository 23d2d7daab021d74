//! The outgoing link to one peer: dials it for as long as the machine lives, and
//! carries messages out and acknowledgements in.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use bytes::Bytes;
use machine::{MachineId, Progress};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use wire::{Frame, Hello};

use crate::connection::{
    CONNECT_MAX, End, FrameReader, FrameWriter, HANDSHAKE_MAX, HEARTBEAT_EVERY, SILENCE_MAX,
};
use crate::input::{Event, Inputs};
use crate::transport::Transport;

/// The pause after the first failure to connect; it doubles with each.
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// A connection that lived so long was a good one: the pause starts small again.
const GOOD_AFTER: Duration = Duration::from_secs(2);

/// Batches under way to the writer of a connection at once.
pub(crate) const BATCHES_MAX: usize = 2;

/// Whom to dial, and as whom.
pub(crate) struct Dialler {
    pub(crate) hello: Hello,
    pub(crate) address: String,
    pub(crate) transport: Transport,
    pub(crate) inputs: Inputs,
    /// No new connection is made once this is cancelled.
    pub(crate) until: CancellationToken,
    /// The machine is stopping once this is cancelled: the peer may soon be gone, and
    /// pauses are short.
    pub(crate) hurry: CancellationToken,
}

impl Dialler {
    /// Connects, and connects again.
    pub(crate) async fn dial(self) {
        let pauses = || {
            ExponentialBuilder::new()
                .with_min_delay(PAUSE_MIN)
                .with_max_delay(PAUSE_MAX)
                .with_jitter()
                .without_max_times()
                .build()
        };
        let mut pause = pauses();
        while let Some(connected) = self.until.run_until_cancelled(self.connect()).await {
            let began = Instant::now();
            let end = match connected {
                Ok((reader, writer, progress)) => self.carry(reader, writer, progress).await,
                Err(end) => end,
            };
            self.inputs.tell(Event::Unlinked { peer: self.peer(), end }).await;
            if began.elapsed() >= GOOD_AFTER {
                pause = pauses();
            }
            let rest = self.rest(pause.next().unwrap_or(PAUSE_MAX));
            if self.until.run_until_cancelled(rest).await.is_none() {
                return;
            }
        }
    }

    async fn rest(&self, pause: Duration) {
        match self.hurry.is_cancelled() {
            true => sleep(pause.min(PAUSE_MIN)).await,
            false => drop(self.hurry.run_until_cancelled(sleep(pause)).await),
        }
    }

    fn peer(&self) -> MachineId {
        self.hello.to
    }

    /// Connects and shakes hands.
    async fn connect(&self) -> Result<(FrameReader, FrameWriter, Progress), End> {
        let (mut reader, mut writer) =
            timeout(CONNECT_MAX, self.reach()).await.map_err(|_| End::Silent(CONNECT_MAX))??;
        writer.write(Frame::Hello(self.hello.clone())).await?;
        match reader.read_one(HANDSHAKE_MAX).await? {
            Frame::Welcome(progress) => {
                reader.establish();
                Ok((reader, writer, progress))
            }
            Frame::Refused { reason } => Err(End::Refused(reason.into())),
            other => Err(End::Unexpected(other.kind())),
        }
    }

    /// Connects to the peer, and with TLS makes sure that it is the peer.
    async fn reach(&self) -> Result<(FrameReader, FrameWriter), End> {
        let stream = TcpStream::connect(&self.address).await?;
        self.transport.connect(stream, self.peer(), &self.hello.run).await
    }

    /// Tells the owner that the link is up, and serves it until it is lost or the
    /// owner lets go of its outbox.
    async fn carry(&self, reader: FrameReader, writer: FrameWriter, progress: Progress) -> End {
        let (outbox, batches) = mpsc::channel(BATCHES_MAX);
        self.inputs.tell(Event::Linked { peer: self.peer(), progress, outbox }).await;
        tokio::select! {
            end = self.carry_acknowledgements(reader) => end,
            end = self.carry_messages(writer, batches) => end,
        }
    }

    async fn carry_acknowledgements(&self, mut reader: FrameReader) -> End {
        let mut frames = Vec::new();
        loop {
            let read = reader.read_some(&mut frames, SILENCE_MAX).await;
            let mut latest = None;
            for frame in frames.drain(..) {
                match frame {
                    Frame::Ack(progress) => latest = Some(progress),
                    Frame::Heartbeat => {}
                    Frame::Refused { reason } => return End::Refused(reason.into()),
                    other => return End::Unexpected(other.kind()),
                }
            }
            if let Some(progress) = latest {
                self.inputs.tell(Event::Acked { peer: self.peer(), progress }).await;
            }
            if let Err(end) = read {
                return end;
            }
        }
    }

    async fn carry_messages(
        &self,
        mut writer: FrameWriter,
        mut batches: mpsc::Receiver<Bytes>,
    ) -> End {
        loop {
            let written = match timeout(HEARTBEAT_EVERY, batches.recv()).await {
                Ok(Some(batch)) => {
                    let written = writer.write_bytes(&batch).await;
                    self.inputs.tell(Event::Written { peer: self.peer() }).await;
                    written
                }
                Ok(None) => {
                    writer.close().await;
                    return End::WeClosed;
                }
                Err(_) => writer.write(Frame::Heartbeat).await,
            };
            if let Err(end) = written {
                return end;
            }
        }
    }
}
