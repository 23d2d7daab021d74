//! The incoming links: takes connections, has their Hello judged by the owner,
//! and carries messages in and acknowledgements out.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use machine::MachineId;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::warn;
use wire::{Frame, Hello};

use crate::connection::{
    End, FrameReader, FrameWriter, HANDSHAKE_MAX, HEARTBEAT_EVERY, Reason, SILENCE_MAX, split,
};
use crate::input::{Admission, Arrived, Event, Feedback, Inputs};

/// Connections that have not introduced themselves, at once; more are closed.
const STRANGERS_MAX: usize = 16;

/// How long to wait when the operating system gives no connection, as when
/// descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes connections for ever.
pub(crate) async fn listen(listener: TcpListener, inputs: Inputs, until: CancellationToken) {
    let strangers = Arc::new(Semaphore::new(STRANGERS_MAX));
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                warn!(%error, "cannot take a connection");
                sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let Ok(permit) = strangers.clone().try_acquire_owned() else {
            let reason = format!("{STRANGERS_MAX} others have not introduced themselves yet");
            inputs.tell(Event::Rejected { address, reason }).await;
            continue;
        };
        let inputs = inputs.clone();
        let until = until.clone();
        tokio::spawn(async move {
            until
                .run_until_cancelled(async {
                    if let Some((peer, admitted)) = introduce(stream, address, &inputs).await {
                        drop(permit);
                        admitted.carry(peer, &inputs).await;
                    }
                })
                .await
        });
    }
}

/// A connection whose Hello was accepted.
struct Admitted {
    reader: FrameReader,
    writer: FrameWriter,
    admission: Admission,
}

/// The handshake. None if it failed, of which the owner was told.
async fn introduce(
    stream: TcpStream,
    address: SocketAddr,
    inputs: &Inputs,
) -> Option<(MachineId, Admitted)> {
    let handshake = async {
        let (mut reader, writer) = split(stream)?;
        match reader.read_one(HANDSHAKE_MAX).await? {
            Frame::Hello(hello) => Ok((hello, reader, writer)),
            other => Err(End::Unexpected(other.kind())),
        }
    };
    match handshake.await {
        Ok((hello, reader, writer)) => {
            let peer = hello.from;
            let admission = ask(hello, address, inputs).await?;
            welcome(reader, writer, admission).await.map(|admitted| (peer, admitted))
        }
        Err(end) => {
            inputs.tell(Event::Rejected { address, reason: end.to_string() }).await;
            None
        }
    }
}

async fn ask(
    hello: Hello,
    address: SocketAddr,
    inputs: &Inputs,
) -> Option<Result<Admission, Reason>> {
    let (reply, answer) = oneshot::channel();
    inputs.tell(Event::Hello { hello, address, reply }).await;
    answer.await.ok()
}

async fn welcome(
    mut reader: FrameReader,
    mut writer: FrameWriter,
    admission: Result<Admission, Reason>,
) -> Option<Admitted> {
    match admission {
        Ok(admission) => {
            // If this fails, so will the first read, and the owner hears of that.
            let _ = writer.write(Frame::Welcome(admission.welcome)).await;
            reader.establish();
            Some(Admitted { reader, writer, admission })
        }
        Err(reason) => {
            refuse(writer, &reason).await;
            None
        }
    }
}

/// Tells the peer why, if it still listens, and closes.
async fn refuse(mut writer: FrameWriter, reason: &Reason) {
    let reason = reason.to_string();
    let _ = timeout(HANDSHAKE_MAX, writer.write(Frame::Refused { reason })).await;
    writer.close().await;
}

impl Admitted {
    async fn carry(self, peer: MachineId, inputs: &Inputs) {
        let Self { reader, writer, admission } = self;
        let connection = admission.connection;
        let end = tokio::select! {
            end = carry_messages(reader, peer, connection, inputs) => end,
            end = carry_feedback(writer, admission.feedback) => end,
        };
        inputs.hand_on(Arrived::Closed { peer, connection, end }).await;
    }
}

async fn carry_messages(
    mut reader: FrameReader,
    peer: MachineId,
    connection: u64,
    inputs: &Inputs,
) -> End {
    let mut frames = Vec::new();
    loop {
        let read = reader.read_some(&mut frames, SILENCE_MAX).await;
        let mut messages = Vec::new();
        for frame in frames.drain(..) {
            match frame {
                Frame::Message { seq, stamp } => messages.push((seq, stamp)),
                Frame::Heartbeat => {}
                other => return End::Unexpected(other.kind()),
            }
        }
        if !messages.is_empty() {
            inputs.hand_on(Arrived::Messages { peer, connection, messages }).await;
        }
        if let Err(end) = read {
            return end;
        }
    }
}

async fn carry_feedback(mut writer: FrameWriter, mut feedback: watch::Receiver<Feedback>) -> End {
    loop {
        let frame = match timeout(HEARTBEAT_EVERY, feedback.changed()).await {
            Err(_) => Frame::Heartbeat,
            Ok(Err(_)) => {
                refuse(writer, &End::Replaced.to_string().into()).await;
                return End::Replaced;
            }
            Ok(Ok(())) => {
                let Feedback { progress, refusal } = feedback.borrow_and_update().clone();
                if let Some(reason) = refusal {
                    refuse(writer, &reason).await;
                    return End::WeRefused(reason);
                }
                Frame::Ack(progress)
            }
        };
        if let Err(end) = writer.write(frame).await {
            return end;
        }
    }
}
