//! The logs of a run while they grow.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use journal::{Folder, Line, ReadError, Reader, Record, Time};
use report::{Event, Statistics, Summary};

/// One log that may not be there yet.
#[derive(Debug)]
pub(crate) struct Tail {
    pub(crate) machine: u32,
    path: PathBuf,
    reader: Option<Reader<BufReader<File>>>,
}

impl Tail {
    /// The log of `machine` in `folder`.
    pub(crate) fn new(folder: &Path, machine: u32) -> Self {
        Self { machine, path: folder.join(Folder::log_name(machine)), reader: None }
    }

    /// Hands on the lines that have come since the last call.
    ///
    /// # Errors
    /// [`ReadError`] if there is a log but it cannot be read on.
    pub(crate) fn read(&mut self, mut take: impl FnMut(Line)) -> Result<(), ReadError> {
        if self.reader.is_none() && self.path.exists() {
            self.reader = Some(Reader::open(&self.path)?);
        }
        self.reader.iter_mut().flatten().try_for_each(|line| line.map(&mut take))
    }
}

/// What the logs of a run amount to so far.
#[derive(Debug)]
pub(crate) struct Progress {
    machines: Vec<(Tail, Statistics)>,
    /// The last event of each machine that had one.
    last: BTreeMap<u32, Event>,
    traffic: Traffic,
}

/// The last message of each link, by sender and receiver.
#[derive(Debug, Default)]
struct Traffic {
    sent: BTreeMap<(u32, u32), u64>,
    received: BTreeMap<(u32, u32), u64>,
}

impl Traffic {
    fn push(&mut self, machine: u32, record: &Record) {
        match record {
            Record::Send(send) => {
                let links = send.to.iter().map(|to| (machine, *to));
                self.sent.extend(links.zip(send.seq.iter().copied()));
            }
            Record::Receive(receive) => {
                self.received.insert((receive.from, machine), receive.seq);
            }
            _ => {}
        }
    }
}

impl Progress {
    /// The progress of the run of `machines` machines in `folder`.
    pub(crate) fn new(folder: &Path, machines: u32) -> Self {
        let machine = |id| (Tail::new(folder, id), Statistics::new());
        let machines = (1..=machines).map(machine).collect();
        Self { machines, last: BTreeMap::new(), traffic: Traffic::default() }
    }

    /// Reads what has come. A log that cannot be read is the judge's to report.
    pub(crate) fn update(&mut self) {
        for (tail, statistics) in &mut self.machines {
            let machine = tail.machine;
            let _ = tail.read(|line| {
                let last = Event::of(&line.record, statistics.clock);
                self.last.extend(last.map(|event| (machine, event)));
                statistics.push(&line.record);
                self.traffic.push(machine, &line.record);
            });
        }
    }

    /// The last message of a link that was sent, and the last that was received.
    pub(crate) fn traffic(&self, from: u32, to: u32) -> (u64, u64) {
        let last = |all: &BTreeMap<_, u64>| all.get(&(from, to)).copied().unwrap_or_default();
        (last(&self.traffic.sent), last(&self.traffic.received))
    }

    /// The messages in the inbox of a machine after its last record.
    pub(crate) fn queue(&self, machine: u32) -> u64 {
        let mut machines = self.machines.iter();
        let found = machines.find(|(tail, _)| tail.machine == machine);
        found.map_or(0, |(_, statistics)| statistics.queue)
    }

    /// The last event of each machine that had one.
    pub(crate) fn last_events(&self) -> &BTreeMap<u32, Event> {
        &self.last
    }

    /// The summary so far.
    pub(crate) fn summary(&self) -> Summary {
        Summary::of(self.machines.iter().map(|(tail, figures)| (tail.machine, figures.clone())))
    }

    /// When the last machine began, once all have.
    pub(crate) fn all_began(&self) -> Option<Time> {
        let began = self.machines.iter().map(|(_, statistics)| statistics.start);
        began.collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}

/// Whether a record is the last of its machine for now.
pub(crate) fn is_stop(record: &Record) -> bool {
    matches!(record, Record::Stop(_))
}
