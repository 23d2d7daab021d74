//! The two ends of a link.
//!
//! A link is one ordered pair of machines. It carries messages numbered 1, 2,
//! 3 …, each exactly once and in order, over connections that may be lost and
//! between machines that may crash. One rule makes that safe: *a record is in the
//! log before anything that follows from it leaves the machine*. Here that is
//! `commit`: a message can be transmitted, and a receipt acknowledged as logged,
//! only once the driver has said that the records so far are in the log.
//!
//! Cumulative acknowledgement and resumption are those of TCP (RFC 9293), but
//! between logs instead of sockets: the sender keeps a message until the receipt
//! is *logged*, not until it has arrived.

use std::collections::VecDeque;

use shelf::Pass;
use thiserror::Error;

/// Messages of one incarnation whose receipt is not known to be logged, at which
/// the sender of a link stops ticking.
pub const UNLOGGED_MESSAGES_MAX: usize = 1 << 20;

/// How far the receiver of a link has come; what Welcome and Ack carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Progress {
    /// The last message whose receive record is in the receiver's log.
    pub logged: u64,
    /// The last message taken into the receiver's inbox.
    pub arrived: u64,
}

/// The sender's end of a link.
///
/// Where messages have got to is counted from the last one that is logged, because a
/// driver keeps a million links: `arrived <= transmitted <= reached <= committed`, and
/// all of them at most the messages that are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Outgoing {
    /// The stamps of the messages `logged + 1` and on.
    unlogged: VecDeque<u64>,
    /// The last of them, or 0: nearly always the next to be transmitted, and at hand, while
    /// the queue it was just written into may still be on its way from memory.
    last_stamp: u64,
    /// The last message that the receiver is known to have logged.
    logged: u64,
    /// Of the unlogged messages, those that the receiver is known to have taken.
    arrived: u32,
    /// Those whose send record is in the log.
    committed: u32,
    /// Those handed to the present connection.
    transmitted: u32,
    /// Those that can have left this machine, in this incarnation or an earlier one.
    reached: u32,
    /// Those of the earlier incarnations.
    inherited: u32,
    connected: bool,
}

impl Outgoing {
    /// Takes a message from the machine; it waits for [`commit`](Self::commit).
    #[inline]
    pub(crate) fn push(&mut self, seq: u64, stamp: u64) {
        assert_eq!(seq, self.last() + 1, "messages of a link are numbered without a gap");
        self.unlogged.push_back(stamp);
        self.last_stamp = stamp;
    }

    /// The send records of all messages so far are in the log.
    #[inline]
    pub(crate) fn commit(&mut self) {
        self.committed = self.kept();
    }

    /// This incarnation begins with all messages of the earlier ones, each of
    /// which may have left the machine.
    pub(crate) fn begin_incarnation(&mut self) {
        self.committed = self.kept();
        self.reached = self.committed;
        self.inherited = self.committed;
        self.connected = false;
    }

    /// A connection is up, and its Welcome says how far the receiver has come.
    /// Transmission goes on from there.
    ///
    /// # Errors
    /// [`WelcomeFault`]; then the connection must not be used, and nothing
    /// changed.
    pub fn welcome(&mut self, progress: Progress) -> Result<(), WelcomeFault> {
        let Progress { logged, arrived } = progress;
        let sent = self.logged + u64::from(self.reached);
        if arrived < logged {
            return Err(WelcomeFault::Contradicts { logged, arrived });
        }
        if arrived > sent {
            return Err(WelcomeFault::Ahead { arrived, sent });
        }
        if logged < self.logged {
            return Err(WelcomeFault::Behind { logged, acknowledged: self.logged });
        }
        self.forget_logged(logged);
        self.arrived = (arrived - logged) as u32;
        self.transmitted = self.arrived;
        self.connected = true;
        Ok(())
    }

    /// An acknowledgement came on the present connection. Acknowledgements are
    /// cumulative, so an old one changes nothing.
    ///
    /// # Errors
    /// [`LinkFault::AckAhead`] if it speaks of messages never transmitted on this
    /// connection, [`LinkFault::AckContradicts`] if of more logged than arrived;
    /// then nothing changed, and the connection must be closed.
    pub fn acknowledge(&mut self, progress: Progress) -> Result<(), LinkFault> {
        let Progress { logged, arrived } = progress;
        let transmitted = self.logged + u64::from(self.transmitted);
        if arrived < logged {
            return Err(LinkFault::AckContradicts { logged, arrived });
        }
        if arrived > transmitted {
            return Err(LinkFault::AckAhead { arrived, transmitted });
        }
        self.forget_logged(logged.max(self.logged));
        self.arrived = self.arrived.max(arrived.saturating_sub(self.logged) as u32);
        Ok(())
    }

    /// The connection is gone.
    pub fn disconnect(&mut self) {
        self.connected = false;
    }

    /// The next message to transmit on the present connection, as number and
    /// stamp; none if there is no connection, or nothing more in the log.
    #[inline]
    pub fn transmit(&mut self) -> Option<(u64, u64)> {
        if !self.connected || self.transmitted >= self.committed {
            return None;
        }
        let place = self.transmitted as usize;
        self.transmitted += 1;
        let is_last = self.transmitted == self.kept();
        let stamp = if is_last { self.last_stamp } else { self.unlogged[place] };
        self.reached = self.reached.max(self.transmitted);
        Some((self.logged + u64::from(self.transmitted), stamp))
    }

    /// The number of the last message, 0 before the first.
    #[inline]
    #[must_use]
    pub fn last(&self) -> u64 {
        self.logged + self.unlogged.len() as u64
    }

    /// Messages not known to have arrived.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        u64::from(self.kept() - self.arrived)
    }

    /// Messages whose receipt is not known to be logged.
    #[inline]
    #[must_use]
    pub fn unlogged(&self) -> usize {
        self.unlogged.len()
    }

    /// Whether there are so many of them that the sender must not tick. Those of
    /// earlier incarnations do not count: how many of them the receiver has
    /// logged is only known once it has been met again, and no restarted machine
    /// waits for that.
    #[inline]
    #[must_use]
    pub fn is_saturated(&self) -> bool {
        self.unlogged.len() - self.inherited as usize >= UNLOGGED_MESSAGES_MAX
    }

    /// Whether a connection is up.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.connected
    }

    #[inline]
    fn kept(&self) -> u32 {
        u32::try_from(self.unlogged.len()).expect("32 GiB of stamps are never kept")
    }

    /// All that a link out is.
    pub(crate) fn pass(&mut self, through: &mut impl Pass) {
        let Self { logged, arrived, committed, transmitted, reached, inherited, .. } = *self;
        // So it is nearly always: a connection is up, and all messages are on their way.
        let up = |kept| (kept, kept, kept, 0, true);
        let kept = self.kept();
        let is_up = (committed, transmitted, reached, inherited, self.connected) == up(kept);
        let numbers = [kept.into(), logged, arrived.into(), is_up.into()];
        let [kept, logged, arrived, is_up] = through.numbers(numbers);
        through.queue(&mut self.unlogged, kept, 0, |through, stamp| {
            [*stamp] = through.numbers([*stamp]);
        });
        self.last_stamp = self.unlogged.back().copied().unwrap_or_default();
        (self.logged, self.arrived) = (logged, arrived as u32);
        let mut others = up(kept as u32);
        if is_up == 0 {
            let counts = [committed, transmitted, reached, inherited, self.connected.into()];
            let [committed, transmitted, reached, inherited, connected] =
                through.numbers(counts.map(u64::from)).map(|count| count as u32);
            others = (committed, transmitted, reached, inherited, connected != 0);
        }
        (self.committed, self.transmitted, self.reached, self.inherited, self.connected) = others;
    }

    fn forget_logged(&mut self, logged: u64) {
        let count = (logged - self.logged) as u32;
        self.unlogged.drain(..count as usize);
        if self.unlogged.is_empty() {
            self.last_stamp = 0;
        }
        self.logged = logged;
        for counted in [
            &mut self.arrived,
            &mut self.committed,
            &mut self.transmitted,
            &mut self.reached,
            &mut self.inherited,
        ] {
            *counted = counted.saturating_sub(count);
        }
    }
}

/// The receiver's end of a link.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Incoming {
    progress: Progress,
    /// The last message that the machine has received; its record may not be in
    /// the log yet.
    received: u64,
    /// The sender's incarnation, 0 before its first connection.
    incarnation: u32,
}

impl Incoming {
    /// A connection says Hello for the sender's `incarnation`. The answer is what
    /// its Welcome carries; the connection replaces any earlier one.
    ///
    /// # Errors
    /// [`StaleIncarnation`] if a later incarnation has already connected.
    pub fn hello(&mut self, incarnation: u32) -> Result<Progress, StaleIncarnation> {
        if incarnation < self.incarnation {
            return Err(StaleIncarnation { said: incarnation, known: self.incarnation });
        }
        self.incarnation = incarnation;
        Ok(self.progress)
    }

    /// Message `seq` came in. True if it is the next one and now counts as
    /// arrived, false if it has arrived before.
    ///
    /// # Errors
    /// [`LinkFault::Gap`] if it is neither; then nothing changed.
    pub(crate) fn arrive(&mut self, seq: u64) -> Result<bool, LinkFault> {
        let expected = self.progress.arrived + 1;
        if seq > expected {
            return Err(LinkFault::Gap { seq, expected });
        }
        let is_new = seq == expected;
        self.progress.arrived += u64::from(is_new);
        Ok(is_new)
    }

    /// The machine received message `seq`; its record waits for
    /// [`commit`](Self::commit).
    pub(crate) fn receive(&mut self, seq: u64) {
        self.received = seq;
    }

    /// The receive records of all messages so far are in the log.
    pub(crate) fn commit(&mut self) {
        self.progress.logged = self.received;
    }

    /// What had arrived and was not logged is lost with the inbox.
    pub(crate) fn begin_incarnation(&mut self) {
        self.commit();
        self.progress.arrived = self.progress.logged;
    }

    /// All that a link in is.
    pub(crate) fn pass(&mut self, through: &mut impl Pass) {
        let Self { progress: Progress { logged, arrived }, received, incarnation } = *self;
        let numbers = [logged, arrived, received, incarnation.into()];
        let [logged, arrived, received, incarnation] = through.numbers(numbers);
        let progress = Progress { logged, arrived };
        *self = Self { progress, received, incarnation: incarnation as u32 };
    }

    /// What the next acknowledgement carries.
    #[inline]
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The last message that the machine has received.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }
}

/// A Hello for an incarnation that a later one has replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("incarnation {said} is stale: incarnation {known} has already connected")]
pub struct StaleIncarnation {
    /// The incarnation in the Hello.
    pub said: u32,
    /// The latest known.
    pub known: u32,
}

/// A Welcome that does not fit the log of the sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum WelcomeFault {
    /// The receiver has messages that this machine, by its log, never sent: the
    /// log is not this run's. It was deleted, or is an older copy.
    #[error("it has {arrived} messages of ours, of which our log knows only {sent}")]
    Ahead {
        /// The last message that the receiver has.
        arrived: u64,
        /// The last message that can have left this machine.
        sent: u64,
    },
    /// The receiver has lost messages that it had acknowledged as logged: its log
    /// is an older copy.
    #[error("its log ends at our message {logged}, but it had acknowledged {acknowledged}")]
    Behind {
        /// The last message in the receiver's log.
        logged: u64,
        /// The last message it had acknowledged as logged.
        acknowledged: u64,
    },
    /// More is logged than arrived, which no receiver can say.
    #[error("it says that {logged} messages of ours are logged but only {arrived} arrived")]
    Contradicts {
        /// As said.
        logged: u64,
        /// As said.
        arrived: u64,
    },
}

/// What a peer says on a connection does not fit the link. The connection must
/// be closed; the link itself is unharmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum LinkFault {
    /// A message is missing before this one.
    #[error("message {seq} came where message {expected} was due")]
    Gap {
        /// The message that came.
        seq: u64,
        /// The message that was due.
        expected: u64,
    },
    /// A message was acknowledged that was not transmitted.
    #[error("message {arrived} was acknowledged, but only {transmitted} were transmitted")]
    AckAhead {
        /// The message acknowledged.
        arrived: u64,
        /// The last one transmitted.
        transmitted: u64,
    },
    /// More is logged than arrived, which no receiver can say.
    #[error("{logged} messages were acknowledged as logged, but only {arrived} as arrived")]
    AckContradicts {
        /// As said.
        logged: u64,
        /// As said.
        arrived: u64,
    },
}

#[cfg(test)]
mod tests;
