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
    End, FrameReader, FrameWriter, HANDSHAKE_MAX, HEARTBEAT_EVERY, Reason, SILENCE_MAX,
};
use crate::input::{Admission, Arrived, Event, Feedback, Inputs};
use crate::proof::Proof;
use crate::transport::Transport;

/// Connections that have not introduced themselves, at once; more are closed.
const STRANGERS_MAX: usize = 16;

/// How long to wait when the operating system gives no connection, as when
/// descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes connections for ever.
pub(crate) async fn listen(
    listener: TcpListener,
    transport: Transport,
    inputs: Inputs,
    until: CancellationToken,
) {
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
        let (transport, inputs, until) = (transport.clone(), inputs.clone(), until.clone());
        tokio::spawn(async move {
            until
                .run_until_cancelled(async {
                    if let Some((peer, admitted)) =
                        introduce(stream, address, &transport, &inputs).await
                    {
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
    transport: &Transport,
    inputs: &Inputs,
) -> Option<(MachineId, Admitted)> {
    let (hello, reader, writer, proof) = match hear(stream, transport).await {
        Ok(heard) => heard,
        Err(end) => {
            inputs.tell(Event::Rejected { address, reason: end.to_string() }).await;
            return None;
        }
    };
    if let Err(reason) = proof.check(hello.from, &hello.run) {
        let reason = Reason::from(reason);
        inputs.tell(Event::Rejected { address, reason: reason.to_string() }).await;
        refuse(writer, &reason).await;
        return None;
    }
    let peer = hello.from;
    let admission = ask(hello, address, inputs).await?;
    welcome(reader, writer, admission).await.map(|admitted| (peer, admitted))
}

/// Hears who it is, in the time that a handshake may take, TLS included.
async fn hear(
    stream: TcpStream,
    transport: &Transport,
) -> Result<(Hello, FrameReader, FrameWriter, Proof), End> {
    let handshake = async {
        let (mut reader, writer, proof) = transport.accept(stream).await?;
        match reader.read_one(HANDSHAKE_MAX).await? {
            Frame::Hello(hello) => Ok((hello, reader, writer, proof)),
            other => Err(End::Unexpected(other.kind())),
        }
    };
    timeout(HANDSHAKE_MAX, handshake).await.map_err(|_| End::Silent(HANDSHAKE_MAX))?
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
