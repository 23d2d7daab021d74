//! The clocks of all machines at evenly spaced times: what drift is read from.

use journal::{Record, Time};
use serde::Serialize;

use crate::merge::Step;
use crate::trend::Trend;

/// Rows kept at most; when they are full every second one goes.
const ROWS_MAX: usize = 512;

/// The distance of rows at first, in microseconds.
const STEP_FIRST: i64 = 15_625;

/// Machines up to which all pairs are looked at; beyond, each with the leader.
const ALL_PAIRS_MACHINES_MAX: usize = 32;

/// The clocks of all machines over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// 256 to 512 rows of a run of 4 s or more, by time.
    pub rows: Vec<Row>,
}

/// The clocks at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Seconds since the first record of all machines.
    pub seconds: f64,
    /// The clock of each machine, in their order; 0 before its first event.
    pub clocks: Vec<u64>,
}

/// How two clocks drift apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Drift {
    /// A machine.
    pub machine: u32,
    /// The one that it is compared with.
    pub other: u32,
    /// The clock of the first minus that of the other at the end.
    pub end: i64,
    /// The same on average over time.
    pub mean: f64,
    /// The largest such difference in either direction, with its sign.
    pub extreme: i64,
    /// By how much the difference rises a second, by least squares; none of a run
    /// of one moment.
    pub slope_per_second: Option<f64>,
}

/// Takes down the rows while records come.
#[derive(Debug)]
pub(crate) struct Recorder {
    timeline: Timeline,
    clocks: Vec<u64>,
    start: Option<Time>,
    step: i64,
    now: i64,
}

impl Recorder {
    pub(crate) fn new(machines: usize) -> Self {
        Self {
            timeline: Timeline::default(),
            clocks: vec![0; machines],
            start: None,
            step: STEP_FIRST,
            now: 0,
        }
    }

    pub(crate) fn push(&mut self, step: &Step) {
        let time = step.record.time();
        let start = *self.start.get_or_insert(time);
        let now = time.as_micros().saturating_sub(start.as_micros());
        while self.next_row() < now {
            let micros = self.next_row();
            self.write(micros);
        }
        self.now = self.now.max(now);
        if !matches!(step.record, Record::Start(_)) {
            self.clocks[step.log] = step.record.clock();
        }
    }

    /// When the next row is due, in microseconds.
    fn next_row(&self) -> i64 {
        (self.timeline.rows.len() as i64).saturating_mul(self.step)
    }

    fn write(&mut self, micros: i64) {
        if self.timeline.rows.len() == ROWS_MAX {
            let mut number = 0;
            self.timeline.rows.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.step *= 2;
        } else {
            let seconds = micros as f64 / 1e6;
            self.timeline.rows.push(Row { seconds, clocks: self.clocks.clone() });
        }
    }

    /// The rows, the last of them at the end.
    pub(crate) fn finish(mut self) -> Timeline {
        let seconds = self.now as f64 / 1e6;
        if self.start.is_some() {
            self.timeline.rows.push(Row { seconds, clocks: self.clocks });
        }
        self.timeline
    }
}

impl Timeline {
    /// How the clocks of `machines` drift: of up to 32, all pairs; beyond, each
    /// with that of the `leader`.
    pub(crate) fn drifts(&self, machines: &[u32], leader: Option<u32>) -> Vec<Drift> {
        let pairs: Vec<_> = match leader.and_then(|it| machines.binary_search(&it).ok()) {
            Some(leader) if machines.len() > ALL_PAIRS_MACHINES_MAX => {
                (0..machines.len()).filter(|&one| one != leader).map(|one| (one, leader)).collect()
            }
            _ => {
                let all = 0..machines.len();
                all.clone().flat_map(|one| (one + 1..all.end).map(move |two| (one, two))).collect()
            }
        };
        pairs.into_iter().map(|pair| self.drift(machines, pair)).collect()
    }

    fn drift(&self, machines: &[u32], (one, other): (usize, usize)) -> Drift {
        let mut trend = Trend::default();
        let (mut end, mut extreme) = (0, 0_i64);
        for row in &self.rows {
            end = row.clocks[one].wrapping_sub(row.clocks[other]) as i64;
            trend.push(row.seconds, end as f64);
            if end.unsigned_abs() > extreme.unsigned_abs() {
                extreme = end;
            }
        }
        Drift {
            machine: machines[one],
            other: machines[other],
            end,
            mean: trend.mean().unwrap_or(0.0),
            extreme,
            slope_per_second: trend.slope(),
        }
    }
}
