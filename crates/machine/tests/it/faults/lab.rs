//! The drivers of the laboratory: they carry what endpoints say, and keep logs.

use std::collections::BTreeMap;

use machine::{Arrival, Endpoint, MachineId, Message, Outgoing, StampRule, Topology};

use super::history::{Drivers, Op};
use super::link::{Forward, Link};
use super::log::{Log, Logged, recover, sent};

/// How often what happened.
pub(crate) type Seen = BTreeMap<&'static str, u64>;

/// A process and its log.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) endpoint: Endpoint,
    pub(crate) log: Log,
    /// The steps that are not in the log yet.
    pub(crate) unwritten: Vec<Logged>,
}

#[derive(Debug)]
pub(crate) struct Lab {
    machines: u32,
    pub(crate) drivers: Drivers,
    pub(crate) processes: Vec<Process>,
    pub(crate) links: Vec<Link>,
    pub(crate) seen: Seen,
}

impl Lab {
    pub(crate) fn new(machines: u32, drivers: Drivers) -> Self {
        let ids = || (1..=machines).map(MachineId::new);
        let processes = ids()
            .map(|id| Process {
                endpoint: recover(fresh(id, machines), &vec![]),
                log: vec![vec![]],
                unwritten: vec![],
            })
            .collect();
        let links = ids()
            .flat_map(|from| {
                let neighbours = Topology::Full.neighbours(from, machines);
                neighbours.into_iter().map(move |to| Link::new(from, to))
            })
            .collect();
        Self { machines, drivers, processes, links, seen: Seen::new() }
    }

    pub(crate) fn apply(&mut self, op: &Op) {
        let machine = |number: usize| number % self.processes.len();
        let link = |number: usize| number % self.links.len();
        match *op {
            Op::Tick { machine: number, draw } => self.tick(machine(number), draw),
            Op::Commit { machine: number } => self.commit(machine(number)),
            Op::Crash { machine: number, written } => self.crash(machine(number), written),
            Op::Dial { link: number } => self.dial(link(number)),
            Op::Transmit { link: number, messages_max } => {
                self.transmit(link(number), messages_max);
            }
            Op::Deliver { link: number, connection } => self.deliver(link(number), connection),
            Op::Acknowledge { link: number } => self.acknowledge(link(number)),
            Op::Return { link: number } => self.return_frame(link(number)),
            Op::GiveUp { link: number } => self.give_up(link(number)),
            Op::Reconnect { link: number } => self.reconnect(link(number)),
            Op::Cut { link: number } => self.cut(link(number)),
        }
    }

    pub(crate) fn saw(&mut self, what: &'static str, happened: bool) {
        *self.seen.entry(what).or_default() += u64::from(happened);
    }

    pub(crate) fn process(&mut self, id: MachineId) -> &mut Process {
        &mut self.processes[id.get() as usize - 1]
    }

    /// The sender's end of a link.
    pub(crate) fn outgoing(&mut self, link: usize) -> &mut Outgoing {
        let (from, to) = (self.links[link].from, self.links[link].to);
        self.process(from).endpoint.outgoing(to).unwrap()
    }

    pub(crate) fn tick(&mut self, machine: usize, draw: u64) {
        let process = &mut self.processes[machine];
        let step = Logged::from(process.endpoint.tick(draw).unwrap());
        let is_receipt = step.receipt().is_some();
        process.unwritten.push(step);
        self.saw("received", is_receipt);
    }

    pub(crate) fn commit(&mut self, machine: usize) {
        let process = &mut self.processes[machine];
        process.write(usize::MAX);
        process.endpoint.commit();
    }

    fn crash(&mut self, machine: usize, written: usize) {
        let process = &mut self.processes[machine];
        let before = process.unwritten.len();
        process.write(written);
        let lost = process.unwritten.len();
        let queue = process.endpoint.machine().queue();
        process.unwritten.clear();
        let id = process.endpoint.id();
        process.endpoint = recover(fresh(id, self.machines), &process.log);
        process.log.push(vec![]);
        let incarnations = process.log.len();
        self.links.iter_mut().filter(|link| link.from == id).for_each(|link| link.dialled = None);
        self.links.iter_mut().filter(|link| link.to == id).for_each(Link::orphan);

        self.saw("crashed", true);
        self.saw("crashed more than once", incarnations > 2);
        self.saw("crashed before a step was in the log", lost > 0);
        self.saw("crashed between the log and the commit", lost < before);
        self.saw("crashed as a receiver between arrival and receipt", queue > 0);
    }

    fn transmit(&mut self, link: usize, messages_max: usize) {
        for _ in 0..messages_max {
            let Some((seq, stamp)) = self.outgoing(link).transmit() else {
                return self.saw_held_back(link);
            };
            let (from, to) = (self.links[link].from, self.links[link].to);
            let is_logged = sent(&self.process(from).log, to).any(|sent| sent == (seq, stamp));
            assert!(is_logged, "message {seq} from {from} to {to} left before its record");

            let link = &mut self.links[link];
            let is_resent = seq <= link.transmitted;
            link.transmitted = link.transmitted.max(seq);
            let connection = link.connection(link.dialled).expect("a connected link has one");
            if !connection.is_orphan {
                connection.forward.push_back(Forward::Message { seq, stamp });
            }
            self.saw("resent", is_resent);
        }
    }

    fn saw_held_back(&mut self, link: usize) {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let is_connected = self.outgoing(link).is_connected();
        let unwritten = &self.process(from).unwritten;
        let holds_back = unwritten.iter().any(|step| step.sent_to(to).is_some());
        self.saw("held back a step that is not in the log", is_connected && holds_back);
    }

    pub(crate) fn deliver(&mut self, link: usize, connection: usize) {
        let carrying = self.links[link].carrying().count();
        if carrying == 0 {
            return;
        }
        let source = self.links[link].carrying().nth(connection % carrying);
        let source = source.expect("the remainder is less than their number");
        let (number, frame) = (source.number, source.forward.pop_front());
        match frame {
            Some(Forward::Hello { incarnation }) => self.hello(link, number, incarnation),
            Some(Forward::Message { seq, stamp }) => self.arrive(link, number, seq, stamp),
            None => {}
        }
    }

    fn arrive(&mut self, link: usize, number: u64, seq: u64, stamp: u64) {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let is_replaced = self.links[link].answered != Some(number);
        if is_replaced && self.drivers == Drivers::IgnoreReplacedConnections {
            return;
        }
        let arrival = self.process(to).endpoint.arrive(Message { from, seq, stamp });
        let arrival = arrival.expect("a message of an honest peer fits its link");
        self.saw("repeated", arrival == Arrival::Repeated);
        self.saw("an older connection was heard after a newer one", is_replaced);
    }
}

impl Process {
    /// The first `count` of the steps reach the log.
    fn write(&mut self, count: usize) {
        let count = count.min(self.unwritten.len());
        let steps = self.unwritten.drain(..count);
        self.log.last_mut().expect("a process has an incarnation").extend(steps);
    }
}

fn fresh(id: MachineId, machines: u32) -> Endpoint {
    Endpoint::new(id, machines, Topology::Full, StampRule::After)
}
