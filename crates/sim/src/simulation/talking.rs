//! What a process says on its connections: dials, messages, acknowledgements.

use std::time::Duration;

use machine::Progress;

use crate::agenda::{Frame, What};
use crate::link::{Link, State};
use crate::moment::Moment;
use crate::process::Stage;
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
        let incarnation = self.processes[self.links[link].from].incarnation;
        let sender = &mut self.links[link].sender;
        sender.connection += 1;
        sender.attempts += 1;
        sender.state = State::Dialling;
        sender.heard = self.now;
        sender.last_arrival = Moment::EPOCH;
        sender.is_watching = false;
        self.tally.connections += 1;
        self.send(link, Frame::Hello { incarnation });
        self.watch(link, self.patience);
    }

    /// The connection is lost: dials again after a pause.
    pub(super) fn lose_connection(&mut self, link: usize) {
        let (from, to) = (self.links[link].from, self.id(self.links[link].to));
        let process = &mut self.processes[from];
        if let Some(link) = process.endpoint.outgoing(to) {
            link.disconnect();
        }
        let is_dialling = process.is_dialling();
        let sender = &mut self.links[link].sender;
        sender.state = State::Idle;
        if is_dialling {
            let doubled = PAUSE * (1 << sender.attempts.min(10));
            let at = self.now.after(doubled.min(PAUSE_MAX));
            self.agenda.push(at, What::Redial { link: link as u32, connection: sender.connection });
        }
    }

    pub(super) fn redial(&mut self, link: usize, connection: u32) {
        let Self { links, processes, .. } = self;
        let sender = &links[link].sender;
        let is_idle = sender.state == State::Idle && sender.connection == connection;
        if is_idle && processes[links[link].from].is_dialling() {
            self.dial(link);
        }
    }

    /// Looks whether a connection is answered, and gives it up if not. One on which
    /// nothing is to be answered is asked, where connections may be lost unseen.
    pub(super) fn lose_patience(&mut self, link: usize, connection: u32) {
        let sender = &mut self.links[link].sender;
        if sender.connection != connection || sender.state == State::Idle {
            return;
        }
        sender.is_watching = false;
        let silence = self.now.since(sender.heard);
        let is_up = sender.state == State::Up;
        let waits = !is_up || self.is_owed_an_answer(link);
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

    /// Whether messages were transmitted whose arrival is not known.
    fn is_owed_an_answer(&mut self, link: usize) -> bool {
        let (from, to) = (self.links[link].from, self.id(self.links[link].to));
        let outgoing = self.processes[from].endpoint.outgoing(to);
        outgoing.is_some_and(|outgoing| outgoing.in_flight() > 0)
    }

    /// Will look after a time.
    pub(super) fn watch(&mut self, link: usize, after: Duration) {
        let sender = &mut self.links[link].sender;
        if !sender.is_watching && self.may_lose_connections {
            sender.is_watching = true;
            let connection = sender.connection;
            self.agenda
                .push(self.now.after(after), What::Patience { link: link as u32, connection });
        }
    }

    /// The sender of a link transmits what may leave the machine.
    pub(super) fn transmit(&mut self, link: usize) {
        let (from, to) = (self.links[link].from, self.id(self.links[link].to));
        let (mut any, mut unlogged) = (false, 0);
        while let Some(outgoing) = self.processes[from].endpoint.outgoing(to)
            && let Some((seq, stamp)) = outgoing.transmit()
        {
            (any, unlogged) = (true, outgoing.unlogged());
            let sender = &mut self.links[link].sender;
            if seq <= sender.transmitted {
                self.tally.resent += 1;
            } else {
                sender.transmitted = seq;
            }
            self.send(link, Frame::Message { seq, stamp });
        }
        let sender = &mut self.links[link].sender;
        if any && !sender.is_watching && self.may_lose_connections {
            sender.heard = self.now;
            self.watch(link, self.patience);
        }
        if unlogged >= UNREAD_MIN && unlogged.is_power_of_two() {
            self.read_acknowledgement(link);
        }
    }

    /// The receiver of a link says how far it has come, if that is news.
    pub(super) fn acknowledge(&mut self, link: usize) {
        if self.is_read_when_it_matters(link) {
            return;
        }
        let (from, to) = (self.id(self.links[link].from), self.links[link].to);
        let incoming = self.processes[to].endpoint.incoming(from).expect("links join neighbours");
        let progress = incoming.progress();
        let receiver = &mut self.links[link].receiver;
        if let Some(connection) = receiver.connection
            && receiver.told != progress
        {
            receiver.told = progress;
            let Progress { logged, arrived } = progress;
            self.answer(link, connection, Frame::Ack { logged, arrived });
        }
    }

    /// Whether all that the receiver of a link acknowledges can do nothing but reach
    /// its sender in the very instant, and only make it forget. Then the agenda need
    /// not know of it: the sender [reads](Self::read_acknowledgement) how far the
    /// receiver is when that makes a difference.
    fn is_read_when_it_matters(&self, link: usize) -> bool {
        let Link { from, sender, receiver, .. } = &self.links[link];
        self.is_instant
            && sender.state == State::Up
            && receiver.connection == Some(sender.connection)
            && self.processes[*from].stage == Stage::Ticking
    }

    /// The sender of a link reads what the receiver would have acknowledged by now.
    pub(super) fn read_acknowledgement(&mut self, link: usize) {
        if !self.is_read_when_it_matters(link) {
            return;
        }
        let (from, to) = (self.id(self.links[link].from), self.links[link].to);
        let incoming = self.processes[to].endpoint.incoming(from).expect("links join neighbours");
        let progress = incoming.progress();
        self.links[link].receiver.told = progress;
        self.be_acknowledged(link, progress);
    }
}
