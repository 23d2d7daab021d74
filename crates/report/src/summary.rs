//! A whole run: the figures of all its machines side by side.

use journal::{Folder, Rate, ReadError, Reader, Time};
use serde::Serialize;

use crate::fluid::{Network, Prediction};
use crate::notes::notes;
use crate::sentences::sentences;
use crate::statistics::Statistics;
use crate::table::Table;

/// What a run amounted to, or what it has come to so far.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The run's id, as the first machine that has started gives it.
    pub run: Option<String>,
    /// The earliest record of all machines.
    pub start: Option<Time>,
    /// The latest record of all machines.
    pub end: Option<Time>,
    /// From the one to the other, in seconds.
    pub seconds: f64,
    /// The machine with the largest clock, the first of them if there are
    /// several; none before the first event.
    pub leader: Option<u32>,
    /// The largest clock.
    pub clock_max: u64,
    /// Events of all machines.
    pub ticks: u64,
    /// Messages sent by all machines.
    pub messages_sent: u64,
    /// Messages received by all machines.
    pub messages_received: u64,
    /// Messages in the inboxes of all machines.
    pub messages_queued: u64,
    /// The machines, by number.
    pub machines: Vec<MachineSummary>,
    /// What the fluid limit says; none if it does not say one thing, if a rate
    /// is `max`, or if not all machines of the run are here.
    pub prediction: Option<Prediction>,
    /// What kept logs from being read to their ends, one sentence each.
    pub damage: Vec<String>,
}

/// One machine of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MachineSummary {
    /// Its number.
    pub machine: u32,
    /// The rate it was set to, in ticks per second or `max`; none if it never
    /// started.
    pub rate: Option<Rate>,
    /// By how much its clock is smaller than the largest.
    pub behind: u64,
    /// [`Statistics::mean_jump`].
    pub jump_mean: Option<f64>,
    /// [`Statistics::mean_queue`].
    pub queue_mean: Option<f64>,
    /// Everything that its log says.
    #[serde(flatten)]
    pub statistics: Statistics,
}

impl Summary {
    /// The summary of the machines with these numbers and statistics.
    #[must_use]
    pub fn of(machines: impl IntoIterator<Item = (u32, Statistics)>) -> Self {
        let mut machines: Vec<_> = machines.into_iter().collect();
        machines.sort_by_key(|(machine, _)| *machine);
        let all = || machines.iter().map(|(_, statistics)| statistics);
        let total = |figure: fn(&Statistics) -> u64| all().map(figure).fold(0, u64::saturating_add);
        let start = all().filter_map(|each| each.start).min();
        let end = all().filter_map(|each| each.end).max();
        let clock_max = all().map(|each| each.clock).max().unwrap_or(0);
        Self {
            run: all().find_map(|each| Some(each.setup.as_ref()?.run.clone())),
            start,
            end,
            seconds: start.zip(end).map_or(0.0, |(start, end)| end.seconds_since(start)),
            leader: leader(&machines, clock_max),
            clock_max,
            ticks: total(|each| each.ticks),
            messages_sent: total(|each| each.messages_sent),
            messages_received: total(|each| each.receives),
            messages_queued: total(|each| each.queue),
            prediction: prediction(&machines),
            machines: machines
                .into_iter()
                .map(|(machine, statistics)| MachineSummary::of(machine, statistics, clock_max))
                .collect(),
            damage: Vec::new(),
        }
    }

    /// Reads the logs of `folder`. A log that cannot be read on counts up to
    /// there; the errors come beside the summary, whose [`damage`](Self::damage)
    /// says the same in words.
    #[must_use]
    pub fn read(folder: &Folder) -> (Self, Vec<ReadError>) {
        let mut machines = Vec::new();
        let mut errors = Vec::new();
        for (machine, path) in &folder.logs {
            let mut statistics = Statistics::new();
            let read = Reader::open(path).and_then(|mut lines| {
                lines.try_for_each(|line| line.map(|line| statistics.push(&line.record)))
            });
            errors.extend(read.err());
            machines.push((*machine, statistics));
        }
        let mut summary = Self::of(machines);
        summary.damage = errors.iter().map(ReadError::to_string).collect();
        (summary, errors)
    }

    /// The table at the end of a run, and below it a line for each thing that
    /// did not go as planned.
    #[must_use]
    pub fn table(&self) -> String {
        Table::of(self).to_string()
    }

    /// What did not go as planned, a line each: restarts, missed slots, logs
    /// without an end. The table has them below it.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        notes(self)
    }

    /// One to three sentences that say why the figures are what they are.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        sentences(self)
    }
}

impl MachineSummary {
    fn of(machine: u32, statistics: Statistics, clock_max: u64) -> Self {
        Self {
            machine,
            rate: statistics.rate,
            behind: clock_max - statistics.clock,
            jump_mean: statistics.mean_jump(),
            queue_mean: statistics.mean_queue(),
            statistics,
        }
    }
}

fn leader(machines: &[(u32, Statistics)], clock_max: u64) -> Option<u32> {
    machines
        .iter()
        .find(|(_, statistics)| statistics.clock == clock_max && statistics.ticks > 0)
        .map(|(machine, _)| *machine)
}

/// Needs every machine of the run, and that they agree on what the run is.
fn prediction(machines: &[(u32, Statistics)]) -> Option<Prediction> {
    let all = || machines.iter().map(|(_, statistics)| statistics);
    let first = all().next()?.setup.as_deref()?;
    let agree = all().zip(1..).all(|(statistics, number)| {
        statistics.machine == number
            && statistics.setup.as_deref().is_some_and(|setup| {
                setup.machines == first.machines
                    && setup.topology == first.topology
                    && setup.draw_max == first.draw_max
            })
    });
    let network = Network {
        rates: all().map(|statistics| statistics.rate?.per_second()).collect::<Option<_>>()?,
        topology: first.topology,
        draw_max: first.draw_max,
    };
    (agree && machines.len() == first.machines as usize).then(|| network.predict())?
}
