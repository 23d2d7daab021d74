//! The records of a run, whole: what charts and diagram are drawn from.

use journal::{Folder, Reader, Record, Start, Time};
use serde::Serialize;

use crate::number::figure;

/// The records of all machines of a run, on one scale of time: seconds after the
/// earliest record.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The earliest record's time; none if there are no records.
    pub(super) begin: Option<Time>,
    /// From the earliest record to the latest, in seconds.
    pub(super) seconds: f64,
    /// The machines, by number.
    pub(super) lanes: Vec<Lane>,
    /// When links were cut, by their begin.
    pub(super) cuts: Vec<Cut>,
}

/// A time in which links carried nothing, which no log tells.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cut {
    /// What was cut, as the subject of a sentence and its verb: `Nothing came from machine 2
    /// to machine 3`.
    #[serde(skip)]
    pub words: String,
    /// In seconds after the run's begin.
    pub from: f64,
    /// The same; at the end of the run, if it is later.
    pub to: f64,
}

impl Cut {
    /// `Nothing came from machine 2 to machine 3 from 10 s to 20 s.`
    pub(super) fn sentence(&self) -> String {
        format!("{} from {} s to {} s.", self.words, figure(self.from), figure(self.to))
    }
}

/// The records of one machine, in the order of its log.
#[derive(Clone, Debug)]
pub(super) struct Lane {
    pub(super) machine: u32,
    pub(super) records: Vec<Record>,
}

impl Trace {
    /// The records of the machines with these numbers.
    #[must_use]
    pub fn of(machines: impl IntoIterator<Item = (u32, Vec<Record>)>) -> Self {
        let lane = |(machine, records)| Lane { machine, records };
        let mut lanes: Vec<_> = machines.into_iter().map(lane).collect();
        lanes.sort_by_key(|lane| lane.machine);
        let times = || lanes.iter().flat_map(|lane| lane.records.iter().map(Record::time));
        let begin = times().min();
        let seconds = begin.zip(times().max()).map_or(0.0, |(begin, end)| end.seconds_since(begin));
        Self { begin, seconds, lanes, cuts: Vec::new() }
    }

    /// The same run, in which these links were cut.
    #[must_use]
    pub fn with_cuts(mut self, cuts: impl IntoIterator<Item = Cut>) -> Self {
        let seconds = self.seconds;
        let within = |cut: Cut| Cut { to: cut.to.min(seconds), ..cut };
        self.cuts = cuts.into_iter().map(within).filter(|cut| cut.from < cut.to).collect();
        self.cuts.sort_by(|one, other| one.from.total_cmp(&other.from));
        self
    }

    /// The records again, each log with the number of its machine.
    pub fn into_logs(self) -> impl Iterator<Item = (u32, Vec<Record>)> {
        self.lanes.into_iter().map(|lane| (lane.machine, lane.records))
    }

    /// From the earliest record to the latest.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Reads the logs of `folder`, each as far as it can be read: how far that is,
    /// the summary says.
    #[must_use]
    pub fn read(folder: &Folder) -> Self {
        Self::of(folder.logs.iter().map(|(machine, path)| {
            let lines = Reader::open(path).into_iter().flatten();
            let records = lines.map_while(Result::ok).map(|line| line.record);
            (*machine, records.collect())
        }))
    }

    /// Seconds after the earliest record.
    pub(super) fn at(&self, time: Time) -> f64 {
        self.begin.map_or(0.0, |begin| time.seconds_since(begin))
    }

    /// Where `time` stands between the earliest record, 0, and the latest, 1.
    pub(super) fn share(&self, time: Time) -> f64 {
        if self.seconds > 0.0 { self.at(time) / self.seconds } else { 0.0 }
    }

    /// Events of all machines.
    pub(super) fn events(&self) -> usize {
        self.lanes.iter().map(|lane| lane.events().count()).sum()
    }

    /// What the first machine that started was set to do.
    pub(super) fn setup(&self) -> Option<&Start> {
        self.lanes.iter().find_map(Lane::setup)
    }

    /// The clock after the tick of this number.
    pub(super) fn clock(&self, machine: u32, tick: u64) -> Option<u64> {
        let lane = self.lanes.iter().find(|lane| lane.machine == machine)?;
        lane.events().find(|event| event.tick() == Some(tick)).map(Record::clock)
    }
}

impl Lane {
    /// Its internal events, sends and receives.
    pub(super) fn events(&self) -> impl Iterator<Item = &Record> {
        self.records.iter().filter(|record| record.tick().is_some())
    }

    /// What the machine was set to do.
    pub(super) fn setup(&self) -> Option<&Start> {
        self.records.iter().find_map(|record| match record {
            Record::Start(start) => Some(&**start),
            _ => None,
        })
    }

    /// Ticks per second, if they are paced.
    pub(super) fn rate(&self) -> Option<f64> {
        self.setup()?.rate.per_second()
    }
}
