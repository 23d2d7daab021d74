//! What a process hears on its connections.

use std::num::NonZeroU32;

use machine::{Arrival, Message, Progress, WelcomeFault};

use crate::agenda::Frame;
use crate::link::State;
use crate::observer::Observer;
use crate::process::{Stage, id_of};
use crate::simulation::Simulation;

impl Simulation {
    /// The receiver of a link hears its sender.
    pub(super) fn hear_sender(
        &mut self,
        link: usize,
        connection: u32,
        frame: Frame,
        observer: &mut impl Observer,
    ) {
        let (from, to) = self.links.ends(link);
        if !self.processes[to].is_alive() {
            if frame != Frame::Closed {
                self.answer(link, connection, Frame::Reset);
            }
            return;
        }
        let is_present = self.links[link].receiver.is_on(connection);
        match frame {
            Frame::Hello { .. } if is_present => {}
            Frame::Hello { incarnation } => self.welcome(link, connection, incarnation, observer),
            Frame::Message { seq, stamp } if is_present => {
                let from = id_of(from);
                self.arrive(link, to, Message { from, seq, stamp });
            }
            Frame::Closed if is_present => {
                self.links[link].receiver.connection = None;
                self.links[link].receiver.has_ended = true;
                self.end_if_closed(to, observer);
            }
            Frame::Heartbeat if is_present => {
                let Progress { logged, arrived } = self.progress(link);
                self.answer(link, connection, Frame::Ack { logged, arrived });
            }
            Frame::Message { .. } | Frame::Heartbeat => self.answer(link, connection, Frame::Reset),
            _ => {}
        }
    }

    /// Answers a Hello. Its connection replaces any other.
    fn welcome(
        &mut self,
        link: usize,
        connection: u32,
        incarnation: u32,
        observer: &mut impl Observer,
    ) {
        let (from, to) = self.links.ends(link);
        let from = id_of(from);
        let process = &mut self.processes[to];
        let incoming = process.endpoint.incoming(from).expect("links join neighbours");
        let Ok(progress) = incoming.hello(incarnation) else {
            return self.answer(link, connection, Frame::Reset);
        };
        let receiver = &mut self.links[link].receiver;
        receiver.connection = NonZeroU32::new(connection);
        receiver.has_ended = false;
        process.unmet -= u32::from(!receiver.has_met);
        receiver.has_met = true;
        let reverse = self.links.reverse(link);
        if let Some(passage) = self.passages.get(reverse) {
            passage.begin_answers();
        }
        let Progress { logged, arrived } = progress;
        self.answer(link, connection, Frame::Welcome { logged, arrived });
        self.begin_if_ready(to, observer);
    }

    /// A message arrives at process `to`, on this link.
    pub(super) fn arrive(&mut self, link: usize, to: usize, message: Message) {
        match self.processes[to].endpoint.arrive(message) {
            Ok(Arrival::Taken) => self.acknowledge(link),
            Ok(Arrival::Repeated) => self.tally.repeated += 1,
            Err(_) => {
                self.tally.gaps += 1;
                self.reset_in(link);
            }
        }
    }

    /// The sender of a link hears its receiver.
    pub(super) fn hear_receiver(
        &mut self,
        link: usize,
        connection: u32,
        frame: Frame,
        observer: &mut impl Observer,
    ) {
        let sender = &self.links[link].sender;
        let from = self.links.sender(link);
        if sender.connection != connection || !self.processes[from].is_alive() {
            return;
        }
        match (frame, sender.state) {
            (Frame::Welcome { logged, arrived }, State::Dialling) => {
                self.be_welcome(link, Progress { logged, arrived }, observer);
            }
            (Frame::Ack { logged, arrived }, State::Up) => {
                self.be_acknowledged(link, Progress { logged, arrived });
            }
            (Frame::Reset, State::Dialling | State::Up) => self.lose_connection(link),
            _ => {}
        }
        self.close_if_arrived(from, observer);
    }

    fn be_welcome(&mut self, link: usize, progress: Progress, observer: &mut impl Observer) {
        if let Err(fault) = self.outgoing(link).welcome(progress) {
            return self.refuse_welcome(link, fault);
        }
        self.hears_of(link);
        let from = self.links.sender(link);
        let process = &mut self.processes[from];
        let sender = &mut self.links[link].sender;
        sender.state = State::Up;
        sender.attempts = 0;
        process.unmet -= u32::from(!sender.has_met);
        sender.has_met = true;
        self.begin_if_ready(from, observer);
        self.transmit(from, self.links.place(link));
    }

    /// A Welcome that does not fit the log: a process whose log is not this run's
    /// ends at once, one whose peer's is not tries again.
    fn refuse_welcome(&mut self, link: usize, fault: WelcomeFault) {
        let (from, to) = self.links.ends(link);
        let (id, to) = (id_of(from), id_of(to));
        self.tally.refusals.push(format!("machine {id} met machine {to}: {fault}"));
        self.close_out(link);
        match fault {
            WelcomeFault::Ahead { .. } => {
                self.processes[from].stage = Stage::Ended;
                for link in self.links.out_of(from) {
                    self.close_out(link);
                    self.reset_in(self.links.reverse(link));
                }
            }
            _ => self.lose_connection(link),
        }
    }

    pub(super) fn be_acknowledged(&mut self, link: usize, progress: Progress) {
        match self.outgoing(link).acknowledge(progress) {
            Ok(()) => self.hears_of(link),
            Err(fault) => {
                let (from, to) = self.links.ends(link);
                let (id, to) = (id_of(from), id_of(to));
                self.tally.refusals.push(format!("machine {id} heard machine {to}: {fault}"));
                self.close_out(link);
                self.lose_connection(link);
            }
        }
    }

    /// The sender of a link was answered.
    fn hears_of(&mut self, link: usize) {
        if let Some(passage) = self.passages.get(link) {
            passage.heard = self.now;
        }
    }
}
