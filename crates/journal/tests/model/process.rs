//! A machine's process: the endpoint and the log from which production code
//! brings it back. It knows no network.

use std::hash::{Hash, Hasher};
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use journal::{
    FORMAT, Pacing, Rate, Reader, Record, Recovered, RecoveryError, StampRule, Start, Time,
    Topology, recover_from,
};
use machine::{Endpoint, MachineId, Progress};

use crate::plan::{Flaw, Plan};

/// All happens at one instant: no property rests on time.
const TIME: Time = Time::from_micros(946_684_800_000_000);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Process {
    pub(crate) endpoint: Endpoint,
    /// What write(2) has returned for.
    pub(crate) log: Vec<Arc<Record>>,
    /// The records of steps that are not in the log yet.
    pub(crate) unwritten: Vec<Arc<Record>>,
}

impl Process {
    /// A machine before its first tick, as its first start record gives it.
    pub(crate) fn new(id: MachineId, plan: &Plan) -> Self {
        let start = Arc::new(Record::from(first_start(id, plan)));
        let endpoint = recover(std::slice::from_ref(&start), "").expect("a start record is a log");
        Self { endpoint: endpoint.endpoint, log: vec![start], unwritten: vec![] }
    }

    pub(crate) fn tick(&mut self, draw: u64) {
        let step = self.endpoint.tick(draw).expect("a short history does not overflow a clock");
        let record = Record::of_step(&step, TIME);
        self.unwritten.push(Arc::new(record));
    }

    /// The first `count` of the records reach the log.
    pub(crate) fn write(&mut self, count: usize) {
        let written = self.unwritten.drain(..count);
        self.log.extend(written);
    }

    /// Dies and starts again from the log, which ends in half a line if a record
    /// was being written.
    pub(crate) fn restart(&mut self) -> Result<(), RecoveryError> {
        let line = self.unwritten.first().map_or_else(String::new, |record| record.to_json());
        let recovered = recover(&self.log, &line[..line.len() / 2])?;
        let start = recovered.first_start.clone().resumed(&recovered);
        self.endpoint = recovered.endpoint;
        self.unwritten.clear();
        self.log.push(Arc::new(Record::from(start)));
        Ok(())
    }

    /// Takes the last record out of the log, as no storage may.
    pub(crate) fn lose_last_record(&mut self) {
        if self.log.last().is_some_and(|record| !matches!(**record, Record::Start(_))) {
            self.log.pop();
        }
    }

    /// What the machine says of the link from `peer`. The endpoint gives its links
    /// only to those who may change them.
    pub(crate) fn progress(&self, peer: MachineId) -> Progress {
        let mut endpoint = self.endpoint.clone();
        endpoint.incoming(peer).expect("all machines are neighbours").progress()
    }

    /// The last message to `peer` that the machine has forgotten.
    pub(crate) fn forgotten(&self, peer: MachineId) -> u64 {
        let mut endpoint = self.endpoint.clone();
        let link = endpoint.outgoing(peer).expect("all machines are neighbours");
        link.last() - link.unlogged() as u64
    }

    /// Whether the link to `peer` keeps messages.
    pub(crate) fn carries(&self, peer: MachineId) -> bool {
        let mut endpoint = self.endpoint.clone();
        endpoint.outgoing(peer).expect("all machines are neighbours").unlogged() > 0
    }

    /// Whether a receive is not in the log yet.
    pub(crate) fn receives_unwritten(&self) -> bool {
        self.unwritten.iter().any(|record| matches!(**record, Record::Receive(_)))
    }

    /// How often the process has started.
    pub(crate) fn incarnation(&self) -> u32 {
        self.log.iter().filter(|record| matches!(***record, Record::Start(_))).count() as u32
    }

    /// How many messages its machine has sent, written or not.
    pub(crate) fn messages_sent(&self) -> usize {
        let records = self.log.iter().chain(&self.unwritten);
        let sent = records.map(|record| match &**record {
            Record::Send(send) => send.to.len(),
            _ => 0,
        });
        sent.sum()
    }
}

/// Records hold floats and are not hashable. What tells the records of one model
/// apart is this; the rest is the same in all of them.
impl Hash for Process {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.endpoint.hash(state);
        self.log.len().hash(state);
        for record in self.log.iter().chain(&self.unwritten) {
            hash_record(record, state);
        }
    }
}

fn hash_record<H: Hasher>(record: &Record, state: &mut H) {
    (record.tick(), record.queue(), record.clock()).hash(state);
    match record {
        Record::Start(start) => start.incarnation.hash(state),
        Record::Internal(internal) => internal.draw.hash(state),
        Record::Send(send) => (send.draw, &send.to, &send.seq).hash(state),
        Record::Receive(receive) => (receive.from, receive.seq, receive.stamp).hash(state),
        Record::Stop(_) => {}
    }
}

/// Re-drives the machine's code with the bytes that its file would hold.
fn recover(log: &[Arc<Record>], torn: &str) -> Result<Recovered, RecoveryError> {
    let mut bytes = Vec::with_capacity(512);
    for record in log {
        bytes.extend_from_slice(record.to_json().as_bytes());
        bytes.push(b'\n');
    }
    bytes.extend_from_slice(torn.as_bytes());
    let reader = Reader::new(Cursor::new(bytes), Path::new("machine.jsonl"));
    let recovered = recover_from(reader)?.expect("a log holds its first start record");
    assert_eq!(recovered.torn, !torn.is_empty(), "half a line is told from a whole one");
    Ok(recovered)
}

/// Without a seed and a generator: the draws are inputs, and recovery takes them
/// from the log.
fn first_start(id: MachineId, plan: &Plan) -> Start {
    Start {
        log: FORMAT.to_owned(),
        time: TIME,
        run: "model".to_owned(),
        machine: id.get(),
        machines: plan.machines,
        topology: Topology::Full,
        rate: Rate::Max,
        draw_max: 10,
        seed: None,
        generator: None,
        phase: 0.0,
        pacing: Pacing::Even,
        stamp: if plan.has(Flaw::StampsBefore) { StampRule::Before } else { StampRule::After },
        duration: None,
        incarnation: 1,
        clock: 0,
    }
}
