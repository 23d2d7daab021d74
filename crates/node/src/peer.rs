//! What the owner knows of one neighbour: its two connections.

use machine::{Incoming, MachineId, Outgoing, Progress};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::connection::Reason;
use crate::feed::Feed;
use crate::input::Feedback;
use crate::latest::Teller;
use crate::pulse::Pulse;

/// Receipts logged since a peer was last told of anything, at which it is told of them at
/// once. Of fewer it hears with what comes next: it could do no more than forget them.
const LOGGED_UNTOLD_MAX: u64 = 1 << 10;

/// One neighbour.
#[derive(Debug)]
pub(crate) struct Peer {
    pub(crate) id: MachineId,
    /// The way to it, while that is up.
    pub(crate) feed: Option<Feed>,
    /// The connection from it, the latest.
    pub(crate) source: Option<Source>,
    /// Whether the link to it has been up.
    pub(crate) was_linked: bool,
    /// Tells its dialler that it has said Hello.
    pub(crate) greeting: watch::Sender<()>,
    /// Why it could not be reached the last time, if that was reported.
    pub(crate) reported: Option<String>,
}

/// An admitted incoming connection.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its number, by which events of a replaced one are told apart.
    pub(crate) connection: u64,
    pub(crate) feedback: Teller<Feedback>,
    /// How far the link has come.
    pub(crate) progress: Progress,
    /// What of it the peer was told.
    pub(crate) told: Progress,
    pub(crate) pulse: Pulse,
    pub(crate) open: bool,
    /// Whether the peer closed it, as it does when it stops.
    pub(crate) was_closed: bool,
}

impl Peer {
    pub(crate) fn new(id: MachineId) -> Self {
        let greeting = watch::Sender::new(());
        Self { id, feed: None, source: None, was_linked: false, greeting, reported: None }
    }

    /// Whether both links have been up once.
    pub(crate) fn was_met(&self) -> bool {
        self.was_linked && self.source.is_some()
    }

    /// Whether the link from it is open.
    pub(crate) fn is_sending(&self) -> bool {
        self.source.as_ref().is_some_and(|source| source.open)
    }

    /// Whether something may still come from it: a link that was lost, or never was,
    /// it dials again.
    pub(crate) fn may_send(&self) -> bool {
        self.source.as_ref().is_none_or(|source| source.open || !source.was_closed)
    }

    /// Whether `connection` is the present one from this peer.
    pub(crate) fn is_present(&self, connection: u64) -> bool {
        self.source.as_ref().is_some_and(|source| source.connection == connection)
    }

    /// Transmits at `now` what `link` has to transmit.
    pub(crate) fn transmit(&mut self, link: &mut Outgoing, now: Instant) {
        if let Some(feed) = &mut self.feed {
            feed.fill(link, now);
        }
    }

    /// Has the peer be told how far `link` has come: at `now`, if that is news that it may
    /// be waiting for, else with what it is told next.
    pub(crate) fn acknowledge(&mut self, link: &Incoming, now: Instant) {
        if let Some(source) = &mut self.source {
            source.progress = link.progress();
            let (progress, told) = (source.progress, source.told);
            if progress.arrived > told.arrived || progress.logged >= told.logged + LOGGED_UNTOLD_MAX
            {
                source.tell(now);
            }
        }
    }

    /// Says on each connection at `now` that it lives, if that is due by `horizon`. When the
    /// next heartbeat is, if there is a connection.
    pub(crate) fn keep_alive(&mut self, now: Instant, horizon: Instant) -> Option<Instant> {
        let out = self.feed.as_mut().map(|feed| feed.keep_alive(now, horizon));
        let source = self.source.as_mut().filter(|source| source.open);
        let into = source.map(|source| source.keep_alive(now, horizon));
        out.into_iter().chain(into).min()
    }

    /// Has the connection from it closed, and tells it why.
    pub(crate) fn refuse(&mut self, reason: Reason) {
        if let Some(source) = &mut self.source {
            source.open = false;
            source.feedback.tell(|feedback| feedback.refusal = Some(reason));
        }
    }
}

impl Source {
    /// A connection that is told `welcome` first.
    pub(crate) fn new(connection: u64, feedback: Teller<Feedback>, welcome: Progress) -> Self {
        let (progress, told, pulse) = (welcome, welcome, Pulse::at(Instant::now()));
        Self { connection, feedback, progress, told, pulse, open: true, was_closed: false }
    }

    /// Tells the peer how far the link has come, or if it knows that, that this machine
    /// lives.
    fn tell(&mut self, now: Instant) {
        (self.told, self.pulse) = (self.progress, Pulse::at(now));
        self.feedback.tell(|feedback| feedback.progress = self.progress);
    }

    fn keep_alive(&mut self, now: Instant, horizon: Instant) -> Instant {
        if self.pulse.due() <= horizon {
            self.tell(now);
        }
        self.pulse.due()
    }
}

#[cfg(test)]
mod tests {
    use machine::{Endpoint, MachineId, Message, Progress, StampRule, Topology};

    use tokio::time::Instant;

    use super::{LOGGED_UNTOLD_MAX, Peer, Source};
    use crate::input::Feedback;
    use crate::latest::starting_with;

    #[test]
    fn only_a_peer_that_closed_its_link_sends_nothing_more() {
        let mut peer = Peer::new(MachineId::new(2));
        assert!(peer.may_send(), "it may be about to dial");
        for (open, was_closed, may_send) in
            [(true, false, true), (false, false, true), (false, true, false)]
        {
            let (feedback, _) = starting_with(Feedback::default());
            let source = Source::new(1, feedback, Progress::default());
            peer.source = Some(Source { open, was_closed, ..source });
            assert_eq!(peer.may_send(), may_send, "open {open}, closed {was_closed}");
        }
    }

    /// What has arrived it is told at once, and what is logged since only when that is
    /// much.
    #[test]
    fn so_many_receipts_may_be_logged_before_a_peer_is_told_at_once() {
        let (ours, theirs) = (MachineId::new(1), MachineId::new(2));
        let mut endpoint = Endpoint::new(ours, 2, Topology::Full, StampRule::After);
        let (feedback, mut hearer) = starting_with(Feedback::default());
        let source = Source::new(1, feedback, Progress::default());
        let mut peer = Peer { source: Some(source), ..Peer::new(theirs) };
        let mut acknowledge = |endpoint: &mut Endpoint| {
            endpoint.commit();
            peer.acknowledge(endpoint.incoming(theirs).unwrap(), Instant::now());
            let is_told = hearer.try_hear().is_some();
            (is_told, peer.source.as_ref().unwrap().progress.logged)
        };
        for seq in 1..=3 * LOGGED_UNTOLD_MAX {
            endpoint.arrive(Message { from: theirs, seq, stamp: seq }).unwrap();
        }
        assert_eq!(acknowledge(&mut endpoint), (true, 0));
        for logged in 1..=2 * LOGGED_UNTOLD_MAX {
            endpoint.tick(1).unwrap();
            let is_due = logged % LOGGED_UNTOLD_MAX == 0;
            assert_eq!(acknowledge(&mut endpoint), (is_due, logged));
        }
    }
}
