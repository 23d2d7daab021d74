//! What a process says on its connections: dials, messages, acknowledgements.

use std::time::Duration;

use machine::{Message, Outgoing, Progress};

use crate::agenda::{Frame, What};
use crate::link::{Link, State};
use crate::process::{Stage, id_of, index_of};
use crate::simulation::Simulation;

/// The pause before dialling again after a first failure, doubled after each
/// further one.
const PAUSE: Duration = Duration::from_millis(50);

/// The longest.
const PAUSE_MAX: Duration = Duration::from_secs(1);

/// How many messages a sender keeps before it reads whether they are logged, where
/// reading can be put off. It does so again whenever twice as many have gathered:
/// that takes no more than twice the memory, and next to no time.
const UNREAD_MIN: usize = 8;

impl Simulation {
    /// The sender of a link opens a new connection.
    pub(super) fn dial(&mut self, link: usize) {
        let from = self.links.sender(link);
        let incarnation = self.processes[from].incarnation();
        let sender = &mut self.links[link].sender;
        sender.connection += 1;
        sender.attempts = sender.attempts.saturating_add(1);
        sender.state = State::Dialling;
        if let Some(passage) = self.passages.get(link) {
            passage.begin_connection(self.now);
        }
        self.tally.connections += 1;
        self.send(link, Frame::Hello { incarnation });
        self.watch(link, self.patience);
    }

    /// The connection is lost: dials again after a pause.
    pub(super) fn lose_connection(&mut self, link: usize) {
        self.outgoing(link).disconnect();
        let from = self.links.sender(link);
        let is_dialling = self.processes[from].is_dialling();
        let sender = &mut self.links[link].sender;
        sender.state = State::Idle;
        if is_dialling {
            let doubled = PAUSE * (1 << sender.attempts.min(10));
            let at = self.now.after(doubled.min(PAUSE_MAX));
            self.agenda.push(at, What::Redial { link: link as u32, connection: sender.connection });
        }
    }

    pub(super) fn redial(&mut self, link: usize, connection: u32) {
        let from = self.links.sender(link);
        let sender = &self.links[link].sender;
        let is_idle = sender.state == State::Idle && sender.connection == connection;
        if is_idle && self.processes[from].is_dialling() {
            self.dial(link);
        }
    }

    /// Looks whether a connection is answered, and gives it up if not. One on which
    /// nothing is to be answered is asked, where connections may be lost unseen.
    pub(super) fn lose_patience(&mut self, link: usize, connection: u32) {
        let Some(passage) = self.passages.get(link) else {
            return;
        };
        let sender = &self.links[link].sender;
        if sender.connection != connection || sender.state == State::Idle {
            return;
        }
        passage.is_watching = false;
        let silence = self.now.since(passage.heard);
        let is_up = sender.state == State::Up;
        // Messages may have been transmitted whose arrival is not known.
        let waits = !is_up || self.outgoing(link).in_flight() > 0;
        let patience = if waits { self.patience } else { 2 * self.patience };
        if silence >= patience && (waits || self.may_lose_connections) {
            self.tally.given_up += 1;
            self.lose_connection(link);
        } else if waits {
            self.watch(link, self.patience - silence);
        } else if self.may_lose_connections {
            self.send(link, Frame::Heartbeat);
            self.watch(link, self.patience);
        }
    }

    /// Will look after a time.
    pub(super) fn watch(&mut self, link: usize, after: Duration) {
        let Some(passage) = self.passages.get(link) else {
            return;
        };
        if !passage.is_watching && self.may_lose_connections {
            passage.is_watching = true;
            let connection = self.links[link].sender.connection;
            self.agenda
                .push(self.now.after(after), What::Patience { link: link as u32, connection });
        }
    }

    /// A process transmits to a neighbour, given by its place, what may leave the machine.
    pub(super) fn transmit(&mut self, from: usize, place: usize) {
        let link = self.links.at(from, place);
        let mut unlogged = 0;
        loop {
            let endpoint = &mut self.processes[from].endpoint;
            let outgoing = endpoint.outgoing_at(place);
            let Some((seq, stamp)) = outgoing.transmit() else { break };
            unlogged = outgoing.unlogged();
            let to = index_of(endpoint.neighbour_at(place));
            if self.is_heard_at_once(to) {
                let from = id_of(from);
                self.arrive(link, to, Message { from, seq, stamp });
                continue;
            }
            if let Some(passage) = self.passages.get(link) {
                self.tally.resent += u64::from(passage.transmits_again(seq));
            }
            self.send(link, Frame::Message { seq, stamp });
        }
        if let Some(passage) = self.passages.get(link)
            && unlogged > 0
            && !passage.is_watching
        {
            passage.heard = self.now;
            self.watch(link, self.patience);
        }
        if unlogged >= UNREAD_MIN && unlogged.is_power_of_two() {
            self.read_acknowledgement(link);
        }
    }

    /// Whether a message to a process would come next if it went onto the agenda, and
    /// nothing would come of it but that its receiver has it.
    #[inline]
    fn is_heard_at_once(&self, to: usize) -> bool {
        self.are_all_read_when_it_matters() && self.agenda.is_free_at(self.now) && {
            let receiver = &self.processes[to];
            !receiver.endpoint.inbox_is_full() && !receiver.has_unread()
        }
    }

    /// The receiver of a link says how far it has come, which is news.
    #[inline]
    pub(super) fn acknowledge(&mut self, link: usize) {
        if !self.are_all_read_when_it_matters() {
            self.acknowledge_unless_read(link);
        }
    }

    fn acknowledge_unless_read(&mut self, link: usize) {
        if let Some(connection) = self.links[link].receiver.connection
            && !self.is_read_when_it_matters(link)
        {
            let Progress { logged, arrived } = self.progress(link);
            self.answer(link, connection.get(), Frame::Ack { logged, arrived });
        }
    }

    /// Whether all acknowledgements are [read when it
    /// matters](Self::is_read_when_it_matters): so it is for most of a run in an
    /// instant network, where all links of a machine that ticks are up for good. Then
    /// nobody need look at them.
    #[inline]
    pub(super) fn are_all_read_when_it_matters(&self) -> bool {
        self.is_instant && !self.has_ended_ticking
    }

    /// Whether all that the receiver of a link acknowledges can do nothing but reach
    /// its sender in the very instant, and only make it forget. Then the agenda need
    /// not know of it: the sender [reads](Self::read_acknowledgement) how far the
    /// receiver is when that makes a difference.
    fn is_read_when_it_matters(&self, link: usize) -> bool {
        let Link { sender, receiver, .. } = &self.links[link];
        self.is_instant
            && sender.state == State::Up
            && receiver.is_on(sender.connection)
            && self.processes[self.links.sender(link)].stage == Stage::Ticking
    }

    /// The sender of a link, who ticks, reads what the receiver would have acknowledged by
    /// now.
    pub(super) fn read_acknowledgement(&mut self, link: usize) {
        let are_all = self.are_all_read_when_it_matters();
        debug_assert!(!are_all || self.is_read_when_it_matters(link), "link {link} is not up");
        if are_all || self.is_read_when_it_matters(link) {
            let progress = self.progress(link);
            self.be_acknowledged(link, progress);
        }
    }

    /// How far the receiver of a link has come.
    pub(super) fn progress(&mut self, link: usize) -> Progress {
        let from = self.links.sender(link);
        // Not by the link: of many, it is seldom in the cache.
        let to = self.processes[from].endpoint.neighbour_at(self.links.place(link));
        let receiver = &mut self.processes[index_of(to)].endpoint;
        receiver.incoming(id_of(from)).expect("links join neighbours").progress()
    }

    /// The sender's end of a link.
    #[inline]
    pub(super) fn outgoing(&mut self, link: usize) -> &mut Outgoing {
        let from = self.links.sender(link);
        self.processes[from].endpoint.outgoing_at(self.links.place(link))
    }
}
