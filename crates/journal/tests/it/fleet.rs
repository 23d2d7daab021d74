//! A few machines that exchange messages and write logs: a tiny driver. It moves
//! a message only when its send is in the log, as every driver must.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use journal::{Record, StampRule, Start, Stop, StopReason, Sync, Time, Topology, Writer, recover};
use machine::draw::Draws;
use machine::{Endpoint, MachineId, Message};
use tempfile::TempDir;

use crate::sample::{TIME, start};

/// What a fleet is to be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) machines: u32,
    pub(crate) topology: Topology,
    pub(crate) stamp: StampRule,
    pub(crate) draw_max: u64,
    pub(crate) seed: u64,
    /// Whether the start records tell the seed and the generator.
    pub(crate) known: bool,
}

pub(crate) struct Fleet {
    pub(crate) nodes: Vec<Node>,
    /// The stamps of all messages in the log of their sender, by link.
    sent: BTreeMap<(u32, u32), Vec<u64>>,
    micros: i64,
    _folder: TempDir,
}

pub(crate) struct Node {
    pub(crate) path: PathBuf,
    pub(crate) endpoint: Endpoint,
    pub(crate) start: Start,
    /// How many records are in its log.
    pub(crate) records: u64,
    pub(crate) stop: Option<Stop>,
    pub(crate) torn: bool,
    draws: Draws,
    writer: Option<Writer>,
}

impl Fleet {
    pub(crate) fn new(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nodes = (1..=plan.machines)
            .map(|id| Node::new(plan, id, folder.path().join(format!("machine-{id}.jsonl"))))
            .collect();
        let mut fleet = Self { nodes, sent: BTreeMap::new(), micros: TIME, _folder: folder };
        (0..fleet.nodes.len()).for_each(|node| fleet.begin(node));
        fleet
    }

    /// Ticks the node `count` times, each tick's record in the log before the next.
    pub(crate) fn tick(&mut self, node: usize, count: usize) {
        for _ in 0..count {
            let time = self.time();
            let node = &mut self.nodes[node];
            let (record, messages) = node.step(time);
            node.log(&record);
            node.endpoint.commit();
            let from = node.start.machine;
            for (to, stamp) in messages {
                self.sent.entry((from, to)).or_default().push(stamp);
            }
        }
    }

    /// Lets at most `count` messages arrive from one node at another.
    pub(crate) fn carry(&mut self, from: usize, to: usize, count: usize) {
        for _ in 0..count {
            if let Some(message) = self.next_message(from, to) {
                self.nodes[to].endpoint.arrive(message).unwrap();
            }
        }
    }

    /// The next message from one node to another; none if all have arrived, or if
    /// they are no neighbours.
    pub(crate) fn next_message(&mut self, from: usize, to: usize) -> Option<Message> {
        let (sender, receiver) = (from as u32 + 1, to as u32 + 1);
        let from = MachineId::new(sender);
        let arrived = self.nodes[to].endpoint.incoming(from)?.progress().arrived;
        let stamp = *self.sent.get(&(sender, receiver))?.get(arrived as usize)?;
        Some(Message { from, seq: arrived + 1, stamp })
    }

    /// The stamps of all messages sent on a link.
    pub(crate) fn stamps(&self, from: u32, to: u32) -> &[u64] {
        self.sent.get(&(from, to)).map_or(&[], Vec::as_slice)
    }

    /// The node stops in good order.
    pub(crate) fn stop(&mut self, node: usize, reason: StopReason) {
        let time = self.time();
        let node = &mut self.nodes[node];
        let machine = node.endpoint.machine();
        let (ticks, clock, queue) = (machine.ticks(), machine.clock(), machine.queue() as u64);
        let stop = Stop { time, reason, ticks, missed: 3, queue, in_flight: 2, clock };
        node.log(&Record::Stop(stop.clone()));
        node.stop = Some(stop);
        node.crash("");
    }

    /// The node resumes from its log, which a crash left with `torn` at its end.
    pub(crate) fn restart(&mut self, node: usize, torn: &str) {
        let crashed = &mut self.nodes[node];
        crashed.crash(torn);
        let mut writer = Writer::open(&crashed.path, Sync::Never).unwrap();
        let recovered = recover(&crashed.path).unwrap().unwrap();
        writer.cut_to(recovered.length);
        crashed.torn = false;
        crashed.stop = None;
        crashed.start = crashed.start.clone().resumed(&recovered);
        crashed.endpoint = recovered.endpoint;
        crashed.writer = Some(writer);
        self.begin(node);
    }

    fn begin(&mut self, node: usize) {
        let time = self.time();
        let node = &mut self.nodes[node];
        node.start.time = time;
        node.log(&Record::from(node.start.clone()));
    }

    fn time(&mut self) -> Time {
        self.micros += 1_001;
        Time::from_micros(self.micros)
    }
}

impl Node {
    fn new(plan: Plan, machine: u32, path: PathBuf) -> Self {
        let Plan { machines, topology, stamp, draw_max, seed, known } = plan;
        let id = MachineId::new(machine);
        let told = Start { machine, machines, topology, stamp, draw_max, ..start() };
        Self {
            writer: Some(Writer::open(&path, Sync::Never).unwrap()),
            path,
            endpoint: Endpoint::new(id, machines, topology.into(), stamp.into()),
            start: Start {
                seed: known.then_some(seed),
                generator: told.generator.clone().filter(|_| known),
                ..told
            },
            records: 0,
            stop: None,
            torn: false,
            draws: Draws::new(seed, id, draw_max),
        }
    }

    /// One step; its record, and what it sends to whom.
    fn step(&mut self, time: Time) -> (Record, Vec<(u32, u64)>) {
        let draw = self.draws.of_tick(self.endpoint.machine().ticks() + 1);
        step(&mut self.endpoint, draw, time)
    }

    pub(crate) fn draw(&mut self, tick: u64) -> u64 {
        self.draws.of_tick(tick)
    }

    fn log(&mut self, record: &Record) {
        let writer = self.writer.as_mut().unwrap();
        writer.append(record);
        writer.commit().unwrap();
        self.records += 1;
    }

    /// The process dies; its last write may have been cut short.
    pub(crate) fn crash(&mut self, torn: &str) {
        self.writer = None;
        let mut file = OpenOptions::new().append(true).open(&self.path).unwrap();
        file.write_all(torn.as_bytes()).unwrap();
        self.torn |= !torn.is_empty();
    }
}

/// One step of `endpoint`; its record, and what it sends to whom.
pub(crate) fn step(endpoint: &mut Endpoint, draw: u64, time: Time) -> (Record, Vec<(u32, u64)>) {
    let step = endpoint.tick(draw).unwrap();
    let messages = match step.event {
        machine::Event::Send { recipients, stamp, .. } => {
            recipients.iter().map(|recipient| (recipient.to.get(), stamp)).collect()
        }
        _ => Vec::new(),
    };
    (Record::of_step(&step, time), messages)
}
