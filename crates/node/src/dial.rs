//! The outgoing link to one peer: dials it for as long as the machine lives, and
//! carries messages out and acknowledgements in.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use machine::{MachineId, Progress};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use wire::{Frame, Hello};

use crate::board::{Hearer, board};
use crate::connection::{CONNECT_MAX, End, FrameReader, FrameWriter, HANDSHAKE_MAX, SILENCE_MAX};
use crate::feed::Outbox;
use crate::input::{Event, Inputs};
use crate::transport::Transport;

/// The pause after the first failure to connect; it doubles with each.
const PAUSE_MIN: Duration = Duration::from_millis(50);

/// The longest pause.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// A connection that lived so long was a good one: the pause starts small again.
const GOOD_AFTER: Duration = Duration::from_secs(2);

/// Whom to dial, and as whom.
pub(crate) struct Dialler {
    pub(crate) hello: Hello,
    pub(crate) address: String,
    pub(crate) transport: Transport,
    pub(crate) inputs: Inputs,
    /// No new connection is made once this is cancelled.
    pub(crate) until: CancellationToken,
    /// Changes when the peer has said Hello: then it listens.
    pub(crate) greeted: watch::Receiver<()>,
    /// The machine is stopping once this is cancelled: the peer may soon be gone, and
    /// pauses are short.
    pub(crate) hurry: CancellationToken,
}

impl Dialler {
    /// Connects, and connects again.
    pub(crate) async fn dial(mut self) {
        let mut pauses = Pauses::new();
        while let Some(connected) = self.until.run_until_cancelled(self.connect()).await {
            let began = Instant::now();
            let was_up = connected.is_ok();
            let end = match connected {
                Ok((reader, writer, progress)) => self.carry(reader, writer, progress).await,
                Err(end) => end,
            };
            self.inputs.tell(Event::Unlinked { peer: self.peer(), end }).await;
            let (until, pause) = (self.until.clone(), pauses.after(began.elapsed()));
            // Two links that are lost as soon as they are up must not wake each other.
            let rest = async {
                match was_up {
                    true => self.rest(pause).await,
                    false => self.rest_until_greeted(pause).await,
                }
            };
            if until.run_until_cancelled(rest).await.is_none() {
                return;
            }
        }
    }

    /// Pauses, but no longer than the shortest pause once the machine is stopping.
    async fn rest(&self, pause: Duration) {
        sleep(PAUSE_MIN).await;
        let more = sleep(pause.saturating_sub(PAUSE_MIN));
        self.hurry.run_until_cancelled(more).await;
    }

    /// As [`rest`](Self::rest), and no longer than the shortest pause once the peer is
    /// known to listen, either.
    async fn rest_until_greeted(&mut self, pause: Duration) {
        self.greeted.mark_unchanged();
        let mut greeted = self.greeted.clone();
        tokio::select! {
            () = self.rest(pause) => {}
            Ok(()) = async { sleep(PAUSE_MIN).await; greeted.changed().await } => {}
        }
    }

    fn peer(&self) -> MachineId {
        self.hello.to
    }

    /// Connects and shakes hands.
    async fn connect(&self) -> Result<(FrameReader, FrameWriter, Progress), End> {
        shake_hands(&self.hello, self.reach()).await
    }

    /// Connects to the peer, and with TLS makes sure that it is the peer.
    async fn reach(&self) -> Result<(FrameReader, FrameWriter), End> {
        let stream = TcpStream::connect(&self.address).await?;
        self.transport.connect(stream, self.peer(), &self.hello.run).await
    }

    /// Tells the owner that the link is up, and serves it until it is lost or the
    /// owner lets go of its outbox.
    async fn carry(&self, reader: FrameReader, writer: FrameWriter, progress: Progress) -> End {
        let (outbox, messages) = board();
        self.inputs.tell(Event::Linked { peer: self.peer(), progress, outbox }).await;
        tokio::select! {
            biased;
            end = self.carry_messages(writer, messages) => end,
            end = self.carry_acknowledgements(reader) => end,
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

    async fn carry_messages(&self, mut writer: FrameWriter, mut messages: Hearer<Outbox>) -> End {
        while let Some(Outbox { bytes, is_full }) = messages.hear(Outbox::take).await {
            if is_full {
                self.inputs.tell(Event::Taken { peer: self.peer() }).await;
            }
            if let Err(end) = writer.write_bytes(&bytes).await {
                return end;
            }
        }
        writer.close().await;
        End::WeClosed
    }
}

/// Introduces itself on the connection that `reaching` makes.
async fn shake_hands(
    hello: &Hello,
    reaching: impl Future<Output = Result<(FrameReader, FrameWriter), End>>,
) -> Result<(FrameReader, FrameWriter, Progress), End> {
    let (mut reader, mut writer) =
        timeout(CONNECT_MAX, reaching).await.map_err(|_| End::Silent(CONNECT_MAX))??;
    writer.write(Frame::Hello(hello.clone())).await?;
    match reader.read_one(HANDSHAKE_MAX).await? {
        Frame::Welcome(progress) => {
            reader.establish();
            Ok((reader, writer, progress))
        }
        Frame::Refused { reason } => Err(End::Refused(reason.into())),
        other => Err(End::Unexpected(other.kind())),
    }
}

/// How long to wait before each connection but the first.
struct Pauses(ExponentialBackoff);

impl Pauses {
    fn new() -> Self {
        let pauses = ExponentialBuilder::new()
            .with_min_delay(PAUSE_MIN)
            .with_max_delay(PAUSE_MAX)
            .with_jitter()
            .without_max_times();
        Self(pauses.build())
    }

    /// The pause after a connection that lived so long.
    fn after(&mut self, lived: Duration) -> Duration {
        if lived >= GOOD_AFTER {
            *self = Self::new();
        }
        self.0.next().unwrap_or(PAUSE_MAX)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::join;

    use super::*;
    use crate::input::{Input, inputs};
    use crate::played::{JUST, OURS, PEER, bytes_of, connection, fall_silent, hello};

    fn dialler() -> (Dialler, Hearer<Input>) {
        let (inputs, input) = inputs();
        let (_, greeted) = watch::channel(());
        let dialler = Dialler {
            hello: hello(OURS, PEER),
            address: "localhost:0".to_owned(),
            transport: Transport::plain_text(),
            inputs,
            until: CancellationToken::new(),
            greeted,
            hurry: CancellationToken::new(),
        };
        (dialler, input)
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_and_then_the_answer_to_hello_have_their_times() {
        let soon = Duration::ZERO;
        for (connecting, answering, given_up_after) in [
            (CONNECT_MAX - JUST, HANDSHAKE_MAX - JUST, None),
            (CONNECT_MAX + JUST, soon, Some(CONNECT_MAX)),
            (soon, HANDSHAKE_MAX + JUST, Some(HANDSHAKE_MAX)),
        ] {
            let (reader, writer, mut peer) = connection();
            let begun = Instant::now();
            let reach = async {
                sleep(connecting).await;
                Ok((reader, writer))
            };
            let hello = hello(OURS, PEER);
            let shake = async { (shake_hands(&hello, reach).await, begun.elapsed()) };
            let answer = async {
                sleep(connecting + answering).await;
                // It may be gone.
                let _ = peer.write_all(&bytes_of(Frame::Welcome(Progress::default()))).await;
            };
            match (join!(shake, answer).0, given_up_after) {
                ((Ok(_), at), None) => assert_eq!(at, connecting + answering),
                ((Err(End::Silent(said)), at), Some(limit)) => {
                    assert_eq!((said, at), (limit, limit))
                }
                ((Ok(_), at), Some(_)) => panic!("it waited for {at:?}"),
                ((Err(end), _), _) => panic!("{end}"),
            }
        }
    }

    #[test]
    fn pauses_double_from_the_first_to_the_longest_and_a_part_is_random() {
        let mut firsts = Vec::new();
        for _ in 0..100 {
            let mut pauses = Pauses::new();
            for doublings in 0..10 {
                let least = (PAUSE_MIN * (1 << doublings)).min(PAUSE_MAX);
                let pause = pauses.after(Duration::ZERO);
                assert!(least <= pause && pause <= 2 * least, "{doublings}: {pause:?}");
                if doublings == 0 {
                    firsts.push(pause);
                }
            }
        }
        firsts.sort();
        firsts.dedup();
        assert!(firsts.len() > 50, "machines dial in step: {firsts:?}");
    }

    #[test]
    fn pauses_begin_anew_after_a_connection_that_was_a_good_one() {
        for (lived, is_anew) in [(GOOD_AFTER - JUST, false), (GOOD_AFTER, true)] {
            let mut pauses = Pauses::new();
            for _ in 0..10 {
                pauses.after(Duration::ZERO);
            }
            let pause = pauses.after(lived);
            assert_eq!(pause <= 2 * PAUSE_MIN, is_anew, "{pause:?} after {lived:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stopping_machine_pauses_as_briefly_as_can_be() {
        let (dialler, _input) = dialler();
        let begun = Instant::now();
        dialler.rest(PAUSE_MAX).await;
        assert_eq!(begun.elapsed(), PAUSE_MAX);
        let stop = async {
            sleep(PAUSE_MIN).await;
            dialler.hurry.cancel();
        };
        let begun = Instant::now();
        join!(dialler.rest(PAUSE_MAX), stop);
        assert_eq!(begun.elapsed(), PAUSE_MIN, "a pause under way ends");
        let begun = Instant::now();
        dialler.rest(PAUSE_MAX).await;
        assert_eq!(begun.elapsed(), PAUSE_MIN);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_is_over_soon_when_the_peer_has_said_hello() {
        let (mut dialler, _input) = dialler();
        let greet;
        (greet, dialler.greeted) = watch::channel(());
        for (greeted_after, waited) in [
            (Duration::ZERO, PAUSE_MIN),
            (PAUSE_MIN - JUST, PAUSE_MIN),
            (PAUSE_MIN + JUST, PAUSE_MIN + JUST),
            (PAUSE_MAX + JUST, PAUSE_MAX),
        ] {
            let begun = Instant::now();
            let rest = async {
                dialler.rest_until_greeted(PAUSE_MAX).await;
                begun.elapsed()
            };
            let hello = async {
                sleep(greeted_after).await;
                greet.send_replace(());
            };
            assert_eq!(join!(rest, hello).0, waited, "greeted after {greeted_after:?}");
        }
    }

    #[tokio::test]
    async fn the_machine_is_told_when_a_full_batch_is_taken_and_of_no_other() {
        let (_reader, writer, mut peer) = connection();
        let (dialler, mut input) = dialler();
        let (outbox, messages) = board();
        let tell = async move {
            for (bytes, is_full) in [("few", false), ("many", true), ("few", false)] {
                outbox.tell(|outbox: &mut Outbox| {
                    outbox.bytes.extend(bytes.bytes());
                    outbox.is_full = is_full;
                });
                let mut read = vec![0; bytes.len()];
                peer.read_exact(&mut read).await.unwrap();
                assert_eq!(read, bytes.as_bytes());
                let told = input.try_hear(|input| input.take(0));
                assert_eq!(told.map_or(0, |input| input.events.len()), usize::from(is_full));
            }
        };
        let end = join!(dialler.carry_messages(writer, messages), tell).0;
        assert!(matches!(end, End::WeClosed), "{end}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_link_out_is_half_open_when_no_whole_frame_came_for_so_long() {
        let (reader, _writer, mut peer) = connection();
        let (dialler, _input) = dialler();
        let carry = async { (dialler.carry_acknowledgements(reader).await, Instant::now()) };
        let (last, (end, at)) = join!(fall_silent(&mut peer), carry);
        assert!(matches!(end, End::Silent(SILENCE_MAX)), "{end}");
        assert_eq!(at - last, SILENCE_MAX);
    }
}
