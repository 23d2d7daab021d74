//! Everything that is measured of a run, in one pass over its logs.
//!
//! Memory is in proportion to machines, links and messages in flight, not to the
//! logs.

use journal::{Folder, ReadError, Reader, Record};

use crate::causality::{Causality, Census};
use crate::incident::{Incidents, Watch};
use crate::link_load::{LinkLoad, Loads};
use crate::measures::{Measures, Meter};
use crate::merge::Merge;
use crate::prediction::Compared;
use crate::statistics::Statistics;
use crate::summary::{MachineSummary, Summary};
use crate::timeline::{Drift, Recorder, Timeline};

/// What a run amounted to, and what was behind it.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// The figures that a run is told by.
    pub summary: Summary,
    /// Distributions and trends, in the order of the summary's machines.
    pub measures: Vec<Measures>,
    /// What did not go evenly, in the same order.
    pub incidents: Vec<Incidents>,
    /// The links that carried messages, by sender and recipient.
    pub links: Vec<LinkLoad>,
    /// The clocks over time.
    pub timeline: Timeline,
    /// How clocks drift apart, pair by pair.
    pub drifts: Vec<Drift>,
    /// What happened before what.
    pub causality: Causality,
}

/// The records of a log, or why it cannot be read on.
type Logs<I> = Vec<(u32, I)>;

/// The logs of a folder, opened; a log that cannot be is as an empty one.
pub(crate) fn open(
    folder: &Folder,
) -> (Logs<impl Iterator<Item = Result<Record, ReadError>>>, Vec<ReadError>) {
    let mut errors = Vec::new();
    let logs = folder.logs.iter().map(|(machine, path)| {
        let reader = Reader::open(path).map_err(|error| errors.push(error)).ok();
        let lines = reader.into_iter().flatten();
        (*machine, lines.map(|line| line.map(|line| line.record)))
    });
    let logs = logs.collect();
    (logs, errors)
}

impl Analysis {
    /// Reads the logs of `folder`. A log that cannot be read on counts up to there;
    /// the errors come beside, as with [`Summary::read`].
    #[must_use]
    pub fn read(folder: &Folder) -> (Self, Vec<ReadError>) {
        let (logs, mut errors) = open(folder);
        let (mut analysis, more) = Self::pass(logs);
        errors.extend(more);
        analysis.summary.damage = errors.iter().map(ReadError::to_string).collect();
        (analysis, errors)
    }

    /// Analyses these logs, each with the number of its machine.
    #[must_use]
    pub fn of(logs: impl IntoIterator<Item = (u32, Vec<Record>)>) -> Self {
        let logs = logs.into_iter().map(|(machine, log)| (machine, log.into_iter().map(Ok)));
        Self::pass(logs.collect()).0
    }

    fn pass(logs: Logs<impl Iterator<Item = Result<Record, ReadError>>>) -> (Self, Vec<ReadError>) {
        let mut merge = Merge::new(logs);
        let mut pass = Pass::new(merge.machines());
        while let Some(step) = merge.next() {
            pass.loads.push(&step);
            pass.meters[step.log].push(&step);
            pass.statistics[step.log].push(&step.record);
            pass.watches[step.log].push(&step);
            pass.recorder.push(&step);
            pass.census.push(&step, |log| merge.is_open(log));
        }
        (pass.finish(), merge.into_errors())
    }
}

/// All that looks at each record.
struct Pass {
    machines: Vec<u32>,
    statistics: Vec<Statistics>,
    meters: Vec<Meter>,
    watches: Vec<Watch>,
    loads: Loads,
    recorder: Recorder,
    census: Census,
}

impl Pass {
    fn new(machines: Vec<u32>) -> Self {
        let count = machines.len();
        Self {
            machines,
            statistics: vec![Statistics::new(); count],
            meters: (0..count).map(|_| Meter::new()).collect(),
            watches: (0..count).map(|_| Watch::default()).collect(),
            loads: Loads::default(),
            recorder: Recorder::new(count),
            census: Census::new(count),
        }
    }

    fn finish(self) -> Analysis {
        let machines = self.machines;
        let summary = Summary::of(machines.iter().copied().zip(self.statistics));
        let mut measures: Vec<_> = self.meters.into_iter().map(Meter::finish).collect();
        for (machine, measures) in summary.machines.iter().zip(&mut measures) {
            measures.compared = compared(&summary, machine, measures);
        }
        let timeline = self.recorder.finish();
        Analysis {
            drifts: timeline.drifts(&machines, summary.leader),
            timeline,
            summary,
            measures,
            incidents: self.watches.into_iter().map(Watch::finish).collect(),
            links: self.loads.finish(),
            causality: self.census.finish(&machines),
        }
    }
}

fn compared(summary: &Summary, machine: &MachineSummary, measures: &Measures) -> Option<Compared> {
    let flows = &summary.prediction.as_ref()?.machines;
    let flow = flows.iter().find(|flow| flow.machine == machine.machine)?;
    let rate = machine.rate?.per_second()?;
    Compared::new(flow, rate, &machine.statistics, measures)
}
