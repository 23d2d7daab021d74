//! What the owner knows of one neighbour: its two connections.

use std::mem;

use machine::{Incoming, MachineId, Outgoing, Progress};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::board::Teller;
use crate::connection::Reason;
use crate::feed::Feed;
use crate::input::Feedback;
use crate::pulse::Pulse;

/// Messages arrived, or receipts logged, since a peer was last told of any, at which it is
/// told at once. Of fewer it hears when it asks, or in place of a heartbeat: until it stops,
/// it could do no more with it than forget them.
const UNTOLD_MAX: u64 = 1 << 10;

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
    pub(crate) feedback: Teller<Option<Feedback>>,
    /// How far the link has come.
    pub(crate) progress: Progress,
    /// What of it the peer was told.
    pub(crate) told: Progress,
    /// Whether the peer wants to be told the rest.
    pub(crate) is_asked: bool,
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

    /// Asks the peer at `now` how far the link to it has come, unless that was done since the
    /// last message.
    pub(crate) fn ask(&mut self, now: Instant) {
        if let Some(feed) = &mut self.feed {
            feed.ask(now);
        }
    }

    /// Has the peer be told how far `link` has come: at `now`, if it has asked, that is much
    /// news, or this machine is stopping, else in place of the next heartbeat.
    pub(crate) fn acknowledge(&mut self, link: &Incoming, now: Instant, is_stopping: bool) {
        if let Some(source) = &mut self.source {
            source.progress = link.progress();
            source.is_asked |= is_stopping;
            if source.is_answer_due() {
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
            source.feedback.tell(|told| told.get_or_insert_default().refusal = Some(reason));
        }
    }
}

impl Source {
    /// A connection that is told `welcome` first.
    pub(crate) fn new(
        connection: u64,
        feedback: Teller<Option<Feedback>>,
        welcome: Progress,
    ) -> Self {
        Self {
            connection,
            feedback,
            progress: welcome,
            told: welcome,
            is_asked: false,
            pulse: Pulse::at(Instant::now()),
            open: true,
            was_closed: false,
        }
    }

    fn is_answer_due(&mut self) -> bool {
        let (progress, told) = (self.progress, self.told);
        let is_much = progress.arrived >= told.arrived + UNTOLD_MAX
            || progress.logged >= told.logged + UNTOLD_MAX;
        let is_asked = mem::take(&mut self.is_asked);
        is_much || is_asked && progress != told
    }

    /// Tells the peer how far the link has come, or if it knows that, that this machine
    /// lives.
    fn tell(&mut self, now: Instant) {
        (self.told, self.pulse) = (self.progress, Pulse::at(now));
        self.feedback.tell(|told| told.get_or_insert_default().progress = self.progress);
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

    use super::{Peer, Source, UNTOLD_MAX};
    use crate::board::{Hearer, board};
    use crate::input::Feedback;
    use crate::played::{OURS, PEER};

    #[test]
    fn only_a_peer_that_closed_its_link_sends_nothing_more() {
        let mut peer = Peer::new(MachineId::new(2));
        assert!(peer.may_send(), "it may be about to dial");
        for (open, was_closed, may_send) in
            [(true, false, true), (false, false, true), (false, true, false)]
        {
            let (feedback, _) = board();
            let source = Source::new(1, feedback, Progress::default());
            peer.source = Some(Source { open, was_closed, ..source });
            assert_eq!(peer.may_send(), may_send, "open {open}, closed {was_closed}");
        }
    }

    /// A neighbour with a connection from it, and who hears what it is told.
    fn sending_peer() -> (Peer, Hearer<Option<Feedback>>) {
        let (feedback, hearer) = board();
        let source = Source::new(1, feedback, Progress::default());
        (Peer { source: Some(source), ..Peer::new(PEER) }, hearer)
    }

    /// One that has taken so many messages.
    fn receiver_of(messages: u64) -> Endpoint {
        let mut endpoint = Endpoint::new(OURS, 2, Topology::Full, StampRule::After);
        for seq in 1..=messages {
            endpoint.arrive(Message { from: PEER, seq, stamp: seq }).unwrap();
        }
        endpoint
    }

    #[test]
    fn so_many_messages_may_arrive_or_be_logged_before_a_peer_is_told_at_once() {
        let (mut peer, mut hearer) = sending_peer();
        let mut endpoint = receiver_of(0);
        let mut is_told = |endpoint: &mut Endpoint| {
            endpoint.commit();
            peer.acknowledge(endpoint.incoming(PEER).unwrap(), Instant::now(), false);
            hearer.try_hear(Option::take).is_some()
        };
        for seq in 1..=2 * UNTOLD_MAX {
            endpoint.arrive(Message { from: PEER, seq, stamp: seq }).unwrap();
            assert_eq!(is_told(&mut endpoint), seq % UNTOLD_MAX == 0, "{seq} arrived");
        }
        for logged in 1..=2 * UNTOLD_MAX {
            endpoint.tick(1).unwrap();
            assert_eq!(is_told(&mut endpoint), logged % UNTOLD_MAX == 0, "{logged} logged");
        }
    }

    #[test]
    fn a_peer_that_asks_or_of_a_stopping_machine_is_told_at_once_what_it_does_not_know() {
        let (mut peer, mut hearer) = sending_peer();
        let mut endpoint = receiver_of(3);
        let logged = |logged| Some(Progress { logged, arrived: 3 });
        for (is_asked, is_stopping, ticks, told) in [
            (false, false, 0, None),
            (true, false, 0, logged(0)),
            (true, false, 0, None),
            (false, false, 1, None),
            (true, false, 1, logged(2)),
            (false, false, 1, None),
            (false, true, 0, logged(3)),
            (false, true, 0, None),
        ] {
            for _ in 0..ticks {
                endpoint.tick(1).unwrap();
            }
            endpoint.commit();
            peer.source.as_mut().unwrap().is_asked |= is_asked;
            peer.acknowledge(endpoint.incoming(PEER).unwrap(), Instant::now(), is_stopping);
            assert_eq!(hearer.try_hear(Option::take).map(|feedback| feedback.progress), told);
        }
    }
}
