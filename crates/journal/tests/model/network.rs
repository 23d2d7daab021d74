//! How connections are dialled, answered, used and lost: what the driver of an
//! endpoint does, with production code deciding what every frame means.

use machine::{Arrival, Message, Progress};

use crate::link::{Back, Forward, Hearing};
use crate::plan::{Flaw, Network, Plan};
use crate::sight::Sight;
use crate::world::{World, index};

impl World {
    /// The sender opens a connection and says Hello.
    pub(crate) fn dial(&mut self, link: usize) {
        let from = index(self.links[link].from);
        let incarnation = self.processes[from].incarnation();
        self.link(link).dial(incarnation);
    }

    /// The sender has its connection no more.
    pub(crate) fn lose(&mut self, link: usize) {
        self.outgoing(link).disconnect();
        self.let_go(link);
    }

    /// A new connection from dialling to Welcome, as one event.
    pub(crate) fn connect(&mut self, plan: &Plan, link: usize) {
        self.lose(link);
        self.dial(link);
        let newest = self.links[link].connections.len() - 1;
        self.deliver(plan, link, newest);
        self.hear(plan, link);
        self.transmit_all(link);
    }

    /// Hands everything that is in the log to the sender's connection.
    pub(crate) fn transmit_all(&mut self, link: usize) {
        while self.transmit(link) {}
    }

    /// Hands the next message to the sender's connection; false if there is none.
    pub(crate) fn transmit(&mut self, link: usize) -> bool {
        let Some((seq, stamp)) = self.outgoing(link).transmit() else {
            return false;
        };
        let pipe = self.link(link);
        let is_resent = seq <= pipe.transmitted;
        pipe.transmitted = pipe.transmitted.max(seq);
        let held = pipe.held_mut().expect("a link that transmits has a connection");
        if held.hearing != Hearing::Closed {
            held.forward.push_back(Forward::Message { seq, stamp });
        }
        self.seen.note(Sight::Resent, is_resent);
        true
    }

    /// The receiver reads the next frame of a connection.
    pub(crate) fn deliver(&mut self, plan: &Plan, link: usize, connection: usize) {
        let forward = &mut self.link(link).connections[connection].forward;
        let frame = match plan.has(Flaw::DeliversOutOfOrder) {
            true => forward.pop_back(),
            false => forward.pop_front(),
        };
        match frame {
            Some(Forward::Hello { incarnation }) => self.hello(plan, link, connection, incarnation),
            Some(Forward::Message { seq, stamp }) => self.arrive(link, connection, seq, stamp),
            None => {}
        }
        self.link(link).forget_dead_connections();
    }

    fn hello(&mut self, plan: &Plan, link: usize, connection: usize, incarnation: u32) {
        let answer = self.incoming(link).hello(incarnation);
        let Ok(progress) = answer else {
            self.seen.note(Sight::StaleHello, true);
            return self.link(link).connections[connection].close();
        };
        self.note_hello(link, connection);
        let pipe = self.link(link);
        pipe.become_present(connection, plan.has(Flaw::HearsReplacedConnections));
        pipe.connections[connection].say(Back::Welcome(progress));
    }

    fn note_hello(&mut self, link: usize, connection: usize) {
        let pipe = &self.links[link];
        let newer = &pipe.connections[connection + 1..];
        let is_late = newer.iter().any(|each| each.hearing == Hearing::Present);
        let cuts_off = pipe.present_carries_messages();
        let receiver = &self.processes[index(pipe.to)];
        let is_unwritten = receiver.receives_unwritten();
        self.seen.note(Sight::LateHello, is_late);
        self.seen.note(Sight::CutOff, cuts_off);
        self.seen.note(Sight::HelloWhileUnwritten, is_unwritten);
    }

    fn arrive(&mut self, link: usize, connection: usize, seq: u64, stamp: u64) {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let message = Message { from, seq, stamp };
        let arrival = self.process(index(to)).endpoint.arrive(message);
        let Some(arrival) = self.fault(arrival) else {
            return self.link(link).connections[connection].close();
        };
        let pipe = self.link(link);
        let is_refill = arrival == Arrival::Taken && seq <= pipe.arrived;
        pipe.arrived = pipe.arrived.max(seq);
        let has_outlived = !pipe.connections[connection].is_held;
        self.seen.note(Sight::Refilled, is_refill);
        self.seen.note(Sight::Repeated, arrival == Arrival::Repeated);
        self.seen.note(Sight::Outlived, has_outlived);
    }

    /// The receiver writes an acknowledgement; false if it has nothing new to say,
    /// or nobody to say it to.
    pub(crate) fn acknowledge(&mut self, plan: &Plan, link: usize) -> bool {
        let pipe = &self.links[link];
        let Some(held) = pipe.held().filter(|held| held.hearing == Hearing::Present) else {
            return false;
        };
        let progress = self.processes[index(pipe.to)].progress(pipe.from);
        if progress == held.said {
            return false;
        }
        if let Some(held) = self.link(link).held_mut() {
            held.say(Back::Acknowledgement(progress));
        }
        if plan.network == Network::Prompt {
            self.hear(plan, link);
        }
        true
    }

    /// The sender reads the next frame of its connection.
    pub(crate) fn hear(&mut self, plan: &Plan, link: usize) {
        let frame = self.link(link).held_mut().and_then(|held| held.back.pop_front());
        match frame {
            Some(Back::Welcome(progress)) => self.welcome(plan, link, progress),
            Some(Back::Acknowledgement(progress)) => self.acknowledged(link, progress),
            None => {}
        }
    }

    fn welcome(&mut self, plan: &Plan, link: usize, said: Progress) {
        let pipe = &self.links[link];
        let in_the_log = self.processes[index(pipe.to)].progress(pipe.from).logged;
        let outgoing = self.outgoing(link);
        let known = Progress {
            logged: outgoing.last() - outgoing.unlogged() as u64,
            arrived: outgoing.last() - outgoing.in_flight(),
        };
        let progress = if plan.has(Flaw::IgnoresTheWelcome) { known } else { said };
        let welcomed = outgoing.welcome(progress);
        if self.fault(welcomed).is_none() {
            return self.lose(link);
        }
        self.seen.note(Sight::FellBack, said.arrived < known.arrived);
        self.seen.note(Sight::WelcomeLate, said.logged < in_the_log);
    }

    fn acknowledged(&mut self, link: usize, progress: Progress) {
        let acknowledged = self.outgoing(link).acknowledge(progress);
        if self.fault(acknowledged).is_none() {
            self.lose(link);
        }
    }
}
