//! Several runs side by side, with what differs from the first.

use std::fmt;

use crate::analysis::Analysis;
use crate::number::count;
use crate::summary::MachineSummary;

/// Written where a run has no such figure.
const NONE: &str = "-";

/// Between columns.
const GAP: usize = 3;

/// Rows of figures, a column a run. `Display` lays them out in lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// The name of each run, as it was given.
    pub names: Vec<String>,
    /// The figures, each with its name and its value in every run. From the second
    /// on a number is followed by its difference from the first.
    pub rows: Vec<(String, Vec<String>)>,
}

/// A figure of one run, and how it is written.
struct Cell {
    value: Option<f64>,
    text: String,
}

impl Comparison {
    /// Compares these runs, each with its name.
    #[must_use]
    pub fn of(runs: &[(String, Analysis)]) -> Self {
        let analyses: Vec<_> = runs.iter().map(|(_, analysis)| analysis).collect();
        let mut rows =
            vec![words("rates", &analyses, rates), words("topology, draw max", &analyses, terms)];
        rows.extend(FIGURES.iter().map(|(name, of)| numbers(*name, &analyses, of)));
        let machines = analyses.iter().map(|it| it.summary.machines.len()).max().unwrap_or(0);
        for machine in 1..=machines as u32 {
            for (name, of) in MACHINE_FIGURES {
                let named = format!("machine {machine}: {name}");
                rows.push(numbers(named, &analyses, |it| of_machine(it, machine, of)));
            }
        }
        Self { names: runs.iter().map(|(name, _)| name.clone()).collect(), rows }
    }
}

type Figure<T> = (&'static str, fn(&T) -> Option<f64>);

/// The figures of a whole run.
const FIGURES: [Figure<Analysis>; 12] = [
    ("seconds", |it| Some(it.summary.seconds)),
    ("events", |it| Some(it.summary.ticks as f64)),
    ("messages sent", |it| Some(it.summary.messages_sent as f64)),
    ("messages received", |it| Some(it.summary.messages_received as f64)),
    ("messages unread", |it| Some(it.summary.messages_queued as f64)),
    ("largest clock", |it| Some(it.summary.clock_max as f64)),
    ("furthest behind", |it| max(it, |machine| machine.behind)),
    ("largest jump", |it| max(it, |machine| machine.statistics.jump_max.map_or(0, |it| it.size))),
    ("longest queue", |it| max(it, |machine| machine.statistics.queue_max)),
    ("fastest drift a second", fastest_drift),
    ("ordered but concurrent, %", |it| Some(100.0 * it.causality.share_ordered_but_concurrent()?)),
    ("messages of longest chain", |it| Some(it.causality.longest_chain.as_ref()?.messages as f64)),
];

/// The figures of one machine.
const MACHINE_FIGURES: [Figure<MachineSummary>; 5] = [
    ("clock", |it| Some(it.statistics.clock as f64)),
    ("mean jump", |it| it.jump_mean),
    ("queue at the end", |it| Some(it.statistics.queue as f64)),
    ("mean queue", |it| it.queue_mean),
    ("receives", |it| Some(it.statistics.receives as f64)),
];

fn max(analysis: &Analysis, of: impl Fn(&MachineSummary) -> u64) -> Option<f64> {
    analysis.summary.machines.iter().map(of).max().map(|most| most as f64)
}

fn fastest_drift(analysis: &Analysis) -> Option<f64> {
    let slopes = analysis.drifts.iter().filter_map(|drift| drift.slope_per_second);
    slopes.map(f64::abs).max_by(f64::total_cmp)
}

fn of_machine(
    analysis: &Analysis,
    machine: u32,
    of: fn(&MachineSummary) -> Option<f64>,
) -> Option<f64> {
    of(analysis.summary.machines.iter().find(|it| it.machine == machine)?)
}

fn rates(analysis: &Analysis) -> Option<String> {
    let rates = analysis.summary.machines.iter().map(|it| it.rate.map(|rate| rate.to_string()));
    Some(rates.collect::<Option<Vec<_>>>()?.join(", "))
}

fn terms(analysis: &Analysis) -> Option<String> {
    let mut machines = analysis.summary.machines.iter();
    let setup = machines.find_map(|it| it.statistics.setup.as_ref())?;
    Some(format!("{}, {}", setup.topology, setup.draw_max))
}

fn words(
    name: &str,
    analyses: &[&Analysis],
    of: impl Fn(&Analysis) -> Option<String>,
) -> (String, Vec<String>) {
    let cells = analyses.iter().map(|it| of(it).unwrap_or_else(|| NONE.to_owned()));
    (name.to_owned(), cells.collect())
}

fn numbers(
    name: impl Into<String>,
    analyses: &[&Analysis],
    of: impl Fn(&Analysis) -> Option<f64>,
) -> (String, Vec<String>) {
    let cells: Vec<_> = analyses.iter().map(|it| Cell::of(of(it))).collect();
    let first = cells.first().and_then(|cell| cell.value);
    let with_difference = |(index, cell): (usize, &Cell)| match (index, first, cell.value) {
        (1.., Some(first), Some(value)) => format!("{} {}", cell.text, difference(value - first)),
        _ => cell.text.clone(),
    };
    (name.into(), cells.iter().enumerate().map(with_difference).collect())
}

impl Cell {
    fn of(value: Option<f64>) -> Self {
        Self { value, text: value.map_or(NONE.to_owned(), written) }
    }
}

/// `(+12)`, `(-0.31)`, `(same)`.
fn difference(by: f64) -> String {
    match by {
        by if by.abs() < 1e-9 => "(same)".to_owned(),
        by if by > 0.0 => format!("(+{})", written(by)),
        by => format!("(-{})", written(-by)),
    }
}

fn written(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        count(value as u64)
    } else if value < 0.01 {
        format!("{value:.3}")
    } else {
        format!("{value:.2}")
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name_width = self.rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let widths: Vec<_> = (0..self.names.len())
            .map(|run| {
                let cells = self.rows.iter().map(|(_, cells)| cells[run].len());
                cells.fold(self.names[run].len(), usize::max)
            })
            .collect();
        let mut line = |name: &str, cells: &[String]| {
            let mut line = format!("{name:name_width$}");
            for (cell, width) in cells.iter().zip(&widths) {
                line += &format!("{:GAP$}{cell:width$}", "");
            }
            writeln!(f, "{}", line.trim_end())
        };
        line("", &self.names)?;
        self.rows.iter().try_for_each(|(name, cells)| line(name, cells))
    }
}
