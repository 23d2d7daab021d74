//! What a process says on its connections: dials, messages, acknowledgements.

use std::time::Duration;

use machine::Progress;

use crate::agenda::{Frame, What};
use crate::link::State;
use crate::moment::Moment;
use crate::simulation::Simulation;

/// The pause before dialling again after a first failure, doubled after each
/// further one.
const PAUSE: Duration = Duration::from_millis(50);

/// The longest.
const PAUSE_MAX: Duration = Duration::from_secs(1);

impl Simulation {
    /// The sender of a link opens a new connection.
    pub(super) fn dial(&mut self, link: usize) {
        let incarnation = self.processes[self.links[link].from].start.incarnation;
        let sender = &mut self.links[link].sender;
        sender.connection += 1;
        sender.attempts += 1;
        sender.state = State::Dialling;
        sender.heard = self.now;
        sender.last_arrival = Moment::EPOCH;
        sender.is_watching = true;
        let connection = sender.connection;
        self.tally.connections += 1;
        self.send(link, Frame::Hello { incarnation });
        self.agenda.push(self.now.after(self.patience), What::Patience { link, connection });
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
            self.agenda.push(at, What::Redial { link, connection: sender.connection });
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

    /// Looks whether a connection is answered, and gives it up if not.
    pub(super) fn lose_patience(&mut self, link: usize, connection: u32) {
        let (from, to) = (self.links[link].from, self.id(self.links[link].to));
        let sender = &mut self.links[link].sender;
        if sender.connection != connection || sender.state == State::Idle {
            return;
        }
        sender.is_watching = false;
        let outgoing = self.processes[from].endpoint.outgoing(to);
        let waits = sender.state == State::Dialling
            || outgoing.is_some_and(|outgoing| outgoing.in_flight() > 0);
        if waits && self.now.since(sender.heard) >= self.patience {
            self.tally.given_up += 1;
            self.lose_connection(link);
        } else if waits {
            self.watch(link);
        }
    }

    fn watch(&mut self, link: usize) {
        let sender = &mut self.links[link].sender;
        if !sender.is_watching {
            sender.is_watching = true;
            let connection = sender.connection;
            let at = sender.heard.after(self.patience);
            self.agenda.push(at, What::Patience { link, connection });
        }
    }

    /// The sender of a link transmits what may leave the machine.
    pub(super) fn transmit(&mut self, link: usize) {
        let (from, to) = (self.links[link].from, self.id(self.links[link].to));
        let mut any = false;
        while let Some(outgoing) = self.processes[from].endpoint.outgoing(to)
            && let Some((seq, stamp)) = outgoing.transmit()
        {
            any = true;
            let sender = &mut self.links[link].sender;
            if seq <= sender.transmitted {
                self.tally.resent += 1;
            } else {
                sender.transmitted = seq;
            }
            self.send(link, Frame::Message { seq, stamp });
        }
        let sender = &mut self.links[link].sender;
        if any && !sender.is_watching {
            sender.heard = self.now;
            self.watch(link);
        }
    }

    /// The receiver of a link says how far it has come, if that is news.
    pub(super) fn acknowledge(&mut self, link: usize) {
        let (from, to) = (self.id(self.links[link].from), self.links[link].to);
        let Some(incoming) = self.processes[to].endpoint.incoming(from) else {
            return;
        };
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
}
