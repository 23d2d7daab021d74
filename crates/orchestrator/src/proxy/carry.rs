//! One direction of one connection: reads frames, lets befall them what does, and
//! writes those that arrive when they do.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use wire::Frame;

use super::link::Link;
use super::parcel::{Parcel, Splitter};
use super::way::{Break, Fate, Mend, Way};

/// Bytes under way in one direction of one connection; then reading waits, as it
/// does where a window is full.
const UNDER_WAY_MAX: usize = 1 << 20;

/// Bytes that are read at once.
const READ_BYTES: usize = 1 << 14;

/// How a direction of a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Its sender closed it, and all that came before has been passed on.
    Closed,
    /// A frame was lost.
    Lost,
    /// A cut that had swallowed something is over.
    Mended,
    /// It was to break in the middle of a frame.
    Broken(Break),
    /// It cannot be read or written, or carries no frames.
    Failed,
}

impl End {
    /// Whether the ends learn of it by a reset. What breaks in the middle of a
    /// frame is closed: a reset might take with it what did arrive.
    pub(crate) fn is_reset(self) -> bool {
        !matches!(self, Self::Closed | Self::Broken(_))
    }
}

/// A direction of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lane<'a> {
    pub(crate) link: &'a Link,
    pub(crate) is_forward: bool,
}

/// Something that arrives.
#[derive(Debug)]
struct Arrival {
    due: Instant,
    bytes: Bytes,
    frame: Option<Frame>,
    /// Whether the connection ends with it, and how.
    end: Option<End>,
}

/// What is under way, and whether more may come.
#[derive(Debug, Default)]
struct Stream {
    splitter: Splitter,
    arrivals: VecDeque<Arrival>,
    bytes: usize,
    /// No more is read: the sender has closed, or what is under way is the last.
    is_over: bool,
    /// Something was swallowed, and this ends the cut that did.
    swallowed: Option<Mend>,
}

impl Lane<'_> {
    /// Carries from `from` to `to` until it ends. `swallowed` tells whether a cut
    /// has taken something already; `ended` is cancelled when the sender has
    /// closed; `other_ended` when that of the other direction has.
    pub(crate) async fn carry(
        self,
        swallowed: Option<Mend>,
        mut from: impl AsyncRead + Unpin,
        mut to: impl AsyncWrite + Unpin,
        ended: &CancellationToken,
        other_ended: &CancellationToken,
    ) -> End {
        let mut stream = Stream { swallowed, ..Stream::default() };
        loop {
            let has_ended = ended.is_cancelled();
            if stream.is_over && stream.arrivals.is_empty() && stream.swallowed.is_none() {
                // The other side may be gone already, which is as well.
                let _ = to.shutdown().await;
                return End::Closed;
            }
            tokio::select! {
                biased;
                () = mended(&mut stream.swallowed) => return End::Mended,
                () = due(&stream.arrivals) => {
                    if let Some(end) = self.pass_on(&mut stream, &mut to).await {
                        return end;
                    }
                }
                () = other_ended.cancelled(), if has_ended && stream.swallowed.is_some() => {
                    return End::Closed;
                }
                read = read(&mut from, &mut stream.splitter), if stream.takes_more() => {
                    if !self.take(&mut stream, read.unwrap_or_default(), ended) {
                        return End::Failed;
                    }
                }
            }
        }
    }

    /// Takes what was read, `count` bytes of it. False if it is no frame.
    fn take(self, stream: &mut Stream, count: usize, ended: &CancellationToken) -> bool {
        if count == 0 {
            ended.cancel();
            self.close(stream);
            return true;
        }
        loop {
            match stream.splitter.next() {
                Ok(Some(parcel)) if !stream.is_over => self.meet_fate(stream, parcel),
                Ok(_) => return true,
                Err(_) => return false,
            }
        }
    }

    fn meet_fate(self, stream: &mut Stream, parcel: Parcel) {
        if self.is_forward {
            self.link.traffic.sent(&parcel.frame);
        }
        let Parcel { frame, bytes } = parcel;
        match self.way().fate(&frame) {
            Fate::Arrives(after) => stream.push(after, bytes, Some(frame), None),
            Fate::Taken(mend) => stream.swallow(mend),
            Fate::Lost => stream.push(Duration::ZERO, Bytes::new(), None, Some(End::Lost)),
            Fate::Broken(at) => {
                let part = bytes.slice(..at.bytes.min(bytes.len()));
                stream.push(Duration::ZERO, part, None, Some(End::Broken(at)));
            }
        }
    }

    /// The sender has closed. A cut swallows that, too.
    fn close(self, stream: &mut Stream) {
        let rest = stream.splitter.rest();
        match self.way().cut_now() {
            Some(mend) => stream.swallow(mend),
            None if !rest.is_empty() => stream.push(Duration::ZERO, rest, None, None),
            None => {}
        }
        stream.is_over = true;
    }

    /// Passes on the first that is due.
    async fn pass_on(self, stream: &mut Stream, to: &mut (impl AsyncWrite + Unpin)) -> Option<End> {
        let arrival = stream.arrivals.pop_front()?;
        stream.bytes -= arrival.bytes.len();
        if to.write_all(&arrival.bytes).await.is_err() {
            return self.fail(stream);
        }
        match (&arrival.frame, self.is_forward) {
            (Some(frame), true) => self.link.traffic.passed(frame),
            (Some(_), false) => self.link.traffic.passed(&Frame::Heartbeat),
            (None, _) => {}
        }
        if let Some(End::Broken(at)) = arrival.end {
            self.way().broken(at);
        }
        arrival.end
    }

    /// The receiver is gone. If the way back is cut, the sender does not learn it.
    fn fail(self, stream: &mut Stream) -> Option<End> {
        let Some(mend) = self.way_back().cut_now() else {
            return Some(End::Failed);
        };
        stream.swallow(mend);
        stream.arrivals.clear();
        stream.bytes = 0;
        None
    }

    fn way(&self) -> &Way {
        if self.is_forward { &self.link.forward } else { &self.link.back }
    }

    fn way_back(&self) -> &Way {
        if self.is_forward { &self.link.back } else { &self.link.forward }
    }
}

impl Stream {
    fn takes_more(&self) -> bool {
        !self.is_over && self.bytes < UNDER_WAY_MAX
    }

    /// Something arrives after a time, but not before what was sent before it.
    fn push(&mut self, after: Duration, bytes: Bytes, frame: Option<Frame>, end: Option<End>) {
        let earliest = self.arrivals.back().map(|last| last.due);
        let due = (Instant::now() + after).max(earliest.unwrap_or_else(Instant::now));
        self.bytes += bytes.len();
        self.is_over |= end.is_some();
        self.arrivals.push_back(Arrival { due, bytes, frame, end });
    }

    /// Something is swallowed: nothing that comes later may arrive.
    fn swallow(&mut self, mend: Mend) {
        self.swallowed.get_or_insert(mend);
    }
}

async fn read(from: &mut (impl AsyncRead + Unpin), splitter: &mut Splitter) -> io::Result<usize> {
    splitter.bytes.reserve(READ_BYTES);
    from.read_buf(&mut splitter.bytes).await
}

async fn due(arrivals: &VecDeque<Arrival>) {
    match arrivals.front() {
        Some(arrival) => sleep_until(arrival.due).await,
        None => std::future::pending().await,
    }
}

async fn mended(swallowed: &mut Option<Mend>) {
    match swallowed {
        Some(mend) => mend.mended().await,
        None => std::future::pending().await,
    }
}
