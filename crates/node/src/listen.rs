//! The incoming links: takes connections, has their Hello judged by the owner,
//! and carries messages in and acknowledgements out.

use std::mem;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use machine::{MachineId, Progress};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tracing::warn;
use wire::{Frame, Hello};

use crate::board::Hearer;
use crate::connection::{End, FrameReader, FrameWriter, HANDSHAKE_MAX, Reason, SILENCE_MAX};
use crate::input::{Admission, Arrived, Event, Feedback, Inputs};
use crate::proof::Proof;
use crate::transport::Transport;

/// Connections that have not introduced themselves, at once, beside one of each
/// neighbour, which may all dial in the same moment; more are closed.
const STRANGERS_MAX: usize = 16;

/// How long to wait when the operating system gives no connection, as when
/// descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Takes connections for ever. They end with it.
pub(crate) async fn listen(
    listener: TcpListener,
    neighbours: usize,
    transport: Transport,
    inputs: Inputs,
) {
    let mut connections = JoinSet::new();
    let strangers_max = STRANGERS_MAX + neighbours;
    let strangers = Arc::new(Semaphore::new(strangers_max));
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
            let reason = format!("{strangers_max} others have not introduced themselves yet");
            inputs.tell(Event::Rejected { address, reason }).await;
            continue;
        };
        // Those that have ended.
        while connections.try_join_next().is_some() {}
        let (transport, inputs) = (transport.clone(), inputs.clone());
        connections.spawn(async move {
            if let Some((peer, admitted)) = introduce(stream, address, &transport, &inputs).await {
                drop(permit);
                admitted.carry(peer, &inputs).await;
            }
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
    let (hello, reader, writer, proof) = match hear(transport.accept(stream)).await {
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

/// Hears who it is, in the time that a handshake may take, `accepting` included.
async fn hear(
    accepting: impl Future<Output = Result<(FrameReader, FrameWriter, Proof), End>>,
) -> Result<(Hello, FrameReader, FrameWriter, Proof), End> {
    let handshake = async {
        let (mut reader, writer, proof) = accepting.await?;
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
        let Admission { connection, welcome, mut feedback } = admission;
        // What the peer waits for goes first.
        let end = tokio::select! {
            biased;
            end = carry_feedback(writer, &mut feedback, welcome) => end,
            end = carry_messages(reader, peer, connection, inputs) => end,
        };
        // Of a connection in whose place another is, nobody wants to know that it has ended.
        // While the inbox is full, only the last of a peer that dials again and again waits.
        tokio::select! {
            biased;
            _ = feedback.hear(|_| None::<()>) => {}
            () = inputs.hand_on(Arrived::Closed { peer, connection, end }) => {}
        }
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
        let (mut messages, mut is_asking) = (Vec::new(), false);
        for frame in frames.drain(..) {
            match frame {
                Frame::Message { seq, stamp } => messages.push((seq, stamp)),
                Frame::Heartbeat => is_asking = true,
                other => return End::Unexpected(other.kind()),
            }
        }
        if is_asking || !messages.is_empty() {
            inputs.hand_on(Arrived::Messages { peer, connection, messages, is_asking }).await;
        }
        if let Err(end) = read {
            return end;
        }
    }
}

/// Tells the peer how far its link has come, from what it was `told` on; and where that is
/// no news, that this machine lives.
async fn carry_feedback(
    mut writer: FrameWriter,
    feedback: &mut Hearer<Option<Feedback>>,
    mut told: Progress,
) -> End {
    loop {
        let Some(Feedback { progress, refusal }) = feedback.hear(Option::take).await else {
            refuse(writer, &End::Replaced.to_string().into()).await;
            return End::Replaced;
        };
        if let Some(reason) = refusal {
            refuse(writer, &reason).await;
            return End::WeRefused(reason);
        }
        let is_news = mem::replace(&mut told, progress) != progress;
        let frame = if is_news { Frame::Ack(progress) } else { Frame::Heartbeat };
        if let Err(end) = writer.write(frame).await {
            return end;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use bytes::BytesMut;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
    use tokio::join;
    use tokio::time::Instant;
    use tokio_util::codec::{Decoder as _, Encoder as _};
    use wire::{FrameCodec, HANDSHAKE_BYTES_MAX};

    use super::*;
    use crate::board::board;
    use crate::input::inputs;
    use crate::played::{JUST, OURS, PEER, bytes_of, connection, fall_silent, hello};

    #[tokio::test(start_paused = true)]
    async fn a_hello_has_its_time_and_what_came_before_it_is_in_that() {
        let third = HANDSHAKE_MAX / 3;
        for (accepting, saying, is_heard) in [
            (Duration::ZERO, HANDSHAKE_MAX - JUST, true),
            (third, 2 * third - JUST, true),
            (Duration::ZERO, HANDSHAKE_MAX + JUST, false),
            (third, 2 * third + JUST, false),
            (HANDSHAKE_MAX + JUST, Duration::ZERO, false),
        ] {
            let (reader, writer, mut peer) = connection();
            let begun = Instant::now();
            let accept = async {
                sleep(accepting).await;
                Ok((reader, writer, Proof::None))
            };
            let hear = async { (hear(accept).await, begun.elapsed()) };
            let say = async {
                sleep(accepting + saying).await;
                // It may be gone.
                let _ = peer.write_all(&bytes_of(Frame::Hello(hello(PEER, OURS)))).await;
            };
            match join!(hear, say).0 {
                (Ok(_), at) => assert!(is_heard, "after {at:?}"),
                (Err(End::Silent(said)), at) => {
                    assert!(!is_heard, "{accepting:?} {saying:?}");
                    assert_eq!((said, at), (HANDSHAKE_MAX, HANDSHAKE_MAX));
                }
                (Err(other), _) => panic!("{other}"),
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_in_is_half_open_when_no_whole_frame_came_for_so_long() {
        let (reader, _writer, mut peer) = connection();
        let (inputs, _input) = inputs();
        let carry = async { (carry_messages(reader, PEER, 1, &inputs).await, Instant::now()) };
        let (last, (end, at)) = join!(fall_silent(&mut peer), carry);
        assert!(matches!(end, End::Silent(SILENCE_MAX)), "{end}");
        assert_eq!(at - last, SILENCE_MAX);
    }

    /// The next frame that the node says.
    async fn hear_from(peer: &mut DuplexStream, bytes: &mut BytesMut) -> Frame {
        loop {
            if let Some(frame) = FrameCodec::new().decode(bytes).unwrap() {
                return frame;
            }
            assert_ne!(peer.read_buf(bytes).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn what_is_told_is_an_ack_if_it_is_news_and_else_a_heartbeat() {
        let (_reader, writer, mut peer) = connection();
        let mut bytes = BytesMut::new();
        let (feedback, mut latest) = board();
        let ask = async {
            for (logged, is_news) in [(0, true), (0, false), (0, false), (1, true), (1, false)] {
                let progress = Progress { logged, arrived: 1 };
                feedback.tell(|told| *told = Some(Feedback { progress, refusal: None }));
                let expected = if is_news { Frame::Ack(progress) } else { Frame::Heartbeat };
                assert_eq!(hear_from(&mut peer, &mut bytes).await, expected);
            }
        };
        tokio::select! {
            end = carry_feedback(writer, &mut latest, Progress::default()) => panic!("{end}"),
            () = ask => {}
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_to_say_that_it_closed_waits_no_longer_once_it_was_replaced() {
        let (inputs, _full) = inputs();
        let closed = || Arrived::Closed { peer: PEER, connection: 1, end: End::Closed };
        while timeout(JUST, inputs.hand_on(closed())).await.is_ok() {}
        let (reader, writer, peer) = connection();
        let (replaced, feedback) = board();
        let admission = Admission { connection: 1, welcome: Progress::default(), feedback };
        let admitted = Admitted { reader, writer, admission };
        drop(peer);
        let mut carry = pin!(admitted.carry(PEER, &inputs));
        assert!(timeout(JUST, &mut carry).await.is_err());
        drop(replaced);
        assert!(timeout(JUST, carry).await.is_ok());
    }

    #[tokio::test]
    async fn frames_may_be_longer_once_the_hello_was_good() {
        let (reader, writer, mut peer) = connection();
        let (_feedback, feedback) = board();
        let admission = Admission { connection: 1, welcome: Progress::default(), feedback };
        let mut admitted = welcome(reader, writer, Ok(admission)).await.unwrap();
        let mut codec = FrameCodec::new();
        codec.establish();
        let mut long = BytesMut::new();
        let reason = "x".repeat(HANDSHAKE_BYTES_MAX);
        codec.encode(Frame::Refused { reason }, &mut long).unwrap();
        let (read, said) = join!(admitted.reader.read_one(SILENCE_MAX), peer.write_all(&long));
        said.unwrap();
        assert!(matches!(read, Ok(Frame::Refused { .. })), "{read:?}");
    }
}
