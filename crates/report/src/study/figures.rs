//! What one run of a study came to, as it is kept for each of them.

use std::collections::BTreeMap;

use journal::Rate;
use serde::{Deserialize, Serialize};

use super::measure::Measure;
use crate::analysis::Analysis;
use crate::distribution::Spread;
use crate::measures::Measures;
use crate::summary::MachineSummary;
use crate::trend::Trend;

/// The value of each measure that there is one of.
pub type Figures = BTreeMap<Measure, f64>;

/// What one run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunFigures {
    /// The seed of the run.
    pub seed: u64,
    /// Whether the judge held it to be right; none if that could not be told.
    pub holds: Option<bool>,
    /// What is wrong, if it does not hold.
    pub wrong: Option<String>,
    /// From the first record to the last.
    pub seconds: f64,
    /// Events of all machines.
    pub events: u64,
    /// The figures of the whole run.
    pub run: Figures,
    /// Those of each machine, by number.
    pub machines: Vec<MachineFigures>,
}

/// What one machine of a run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MachineFigures {
    /// Its number.
    pub machine: u32,
    /// Ticks a second; none without pacing.
    pub rate: Option<f64>,
    /// Its figures.
    pub figures: Figures,
}

impl RunFigures {
    /// The figures of an analysed run; `holds` and `wrong` are the judge's.
    #[must_use]
    pub fn of(run: &Analysis, seed: u64, holds: Option<bool>, wrong: Option<String>) -> Self {
        let machines = run.summary.machines.iter().zip(&run.measures).enumerate();
        let machines: Vec<_> = machines
            .map(|(index, (machine, measures))| MachineFigures {
                machine: machine.machine,
                rate: machine.rate.and_then(Rate::per_second),
                figures: of_machine(run, index, machine, measures),
            })
            .collect();
        Self {
            seed,
            holds,
            wrong,
            seconds: run.summary.seconds,
            events: run.summary.ticks,
            run: of_run(run, &machines),
            machines,
        }
    }
}

fn of_machine(
    run: &Analysis,
    index: usize,
    machine: &MachineSummary,
    measures: &Measures,
) -> Figures {
    let statistics = &machine.statistics;
    let of = |spread: &Spread, value: f64| (spread.count > 0).then_some(value);
    let clock = statistics.clock as f64;
    let figures = [
        (Measure::ClockEnd, Some(clock)),
        (Measure::ClockPerSecond, measures.clock_per_second),
        (Measure::DriftEnd, Some(machine.behind as f64)),
        (Measure::DriftPerSecond, drift_per_second(run, index)),
        (Measure::JumpMean, machine.jump_mean),
        (Measure::JumpP95, of(&measures.jumps, measures.jumps.p95)),
        (Measure::JumpMax, of(&measures.jumps, measures.jumps.max)),
        (
            Measure::SkippedShare,
            (clock > 0.0).then(|| measures.clock_values_skipped as f64 / clock),
        ),
        (Measure::GapMean, of(&measures.gaps_seconds, measures.gaps_seconds.mean)),
        (Measure::QueueMean, machine.queue_mean),
        (Measure::QueueMax, Some(statistics.queue_max as f64)),
        (Measure::QueueGrowth, measures.queue_growth_per_second),
        (Measure::LatencyMean, of(&measures.latency_seconds, measures.latency_seconds.mean)),
    ];
    figures.into_iter().filter_map(|(measure, value)| Some((measure, value?))).collect()
}

/// The slope of the distance to the machine that ends first.
fn drift_per_second(run: &Analysis, index: usize) -> Option<f64> {
    let leader = run.summary.leader?;
    let leader = run.summary.machines.iter().position(|each| each.machine == leader)?;
    let mut trend = Trend::default();
    for row in &run.timeline.rows {
        trend.push(row.seconds, row.clocks[leader] as f64 - row.clocks[index] as f64);
    }
    trend.slope()
}

fn of_run(run: &Analysis, machines: &[MachineFigures]) -> Figures {
    let most = |measure: Measure| {
        let values = machines.iter().filter_map(|machine| machine.figures.get(&measure).copied());
        values.reduce(f64::max)
    };
    let total = |figure: fn(&MachineSummary) -> u64| {
        run.summary.machines.iter().map(figure).map(|it| it as f64).sum::<f64>()
    };
    let ticks = total(|machine| machine.statistics.ticks);
    let clocks = total(|machine| machine.statistics.clock);
    let skipped: f64 = run.measures.iter().map(|each| each.clock_values_skipped as f64).sum();
    Measure::ALL
        .into_iter()
        .filter_map(|measure| {
            let value = match measure {
                Measure::JumpMean => (ticks > 0.0).then(|| clocks / ticks),
                Measure::SkippedShare => (clocks > 0.0).then(|| skipped / clocks),
                Measure::GapMean => pooled(run, |each| &each.gaps_seconds),
                Measure::LatencyMean => pooled(run, |each| &each.latency_seconds),
                measure => most(measure),
            };
            Some((measure, value?))
        })
        .collect()
}

/// The mean over the values of all machines.
fn pooled(run: &Analysis, spread: fn(&Measures) -> &Spread) -> Option<f64> {
    let spreads = || run.measures.iter().map(spread);
    let count: f64 = spreads().map(|each| each.count as f64).sum();
    let sum: f64 = spreads().map(|each| each.mean * each.count as f64).sum();
    (count > 0.0).then(|| sum / count)
}
