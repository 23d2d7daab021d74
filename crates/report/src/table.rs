//! The table at the end of a run: plain text, a row a machine, 80 columns wide
//! for the usual figures.

use std::fmt;

use crate::notes::notes;
use crate::number::given;
use crate::summary::{MachineSummary, Summary};
use journal::Rate;

/// Written where there is no figure.
const NONE: &str = "-";

/// What stands above several columns, the number of which it has.
const GROUPS: [(&str, usize); 6] =
    [("", 1), ("", 2), ("events", 3), ("", 2), ("jump", 2), ("queue", 2)];

/// The names of the columns.
const HEADER: [&str; COLUMNS] = [
    "machine", "ticks/s", "ticks", "receive", "send", "internal", "clock", "behind", "mean", "max",
    "end", "max",
];

const COLUMNS: usize = 12;

/// The figures of a run in rows, and the notes below them. `Display` lays them
/// out in lines, each ended by a newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The cells of each machine, in the order of the columns: machine, ticks/s,
    /// ticks, receives, sends, internal events, clock, how far it is behind the
    /// largest, mean and largest jump, queue at the end and at most.
    pub rows: Vec<[String; COLUMNS]>,
    /// A line for each thing that did not go as planned.
    pub notes: Vec<String>,
}

impl Table {
    /// The table of `summary`.
    #[must_use]
    pub fn of(summary: &Summary) -> Self {
        Self { rows: summary.machines.iter().map(row).collect(), notes: notes(summary) }
    }

    fn widths(&self) -> [usize; COLUMNS] {
        std::array::from_fn(|column| {
            let cells = self.rows.iter().map(|row| row[column].len());
            cells.fold(HEADER[column].len(), usize::max)
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        writeln!(f, "{}", group_line(&widths).trim_end())?;
        writeln!(f, "{}", line(&HEADER, &widths))?;
        for row in &self.rows {
            writeln!(f, "{}", line(row, &widths))?;
        }
        for note in &self.notes {
            writeln!(f, "{note}")?;
        }
        Ok(())
    }
}

fn row(machine: &MachineSummary) -> [String; COLUMNS] {
    let statistics = &machine.statistics;
    let mean = machine.jump_mean.map(|mean| format!("{mean:.2}"));
    let largest = statistics.jump_max.map(|jump| jump.size.to_string());
    [
        machine.machine.to_string(),
        machine.rate.map_or(NONE.to_owned(), rate),
        statistics.ticks.to_string(),
        statistics.receives.to_string(),
        statistics.sends.to_string(),
        statistics.internals.to_string(),
        statistics.clock.to_string(),
        machine.behind.to_string(),
        mean.unwrap_or(NONE.to_owned()),
        largest.unwrap_or(NONE.to_owned()),
        statistics.queue.to_string(),
        statistics.queue_max.to_string(),
    ]
}

fn rate(rate: Rate) -> String {
    match rate {
        Rate::PerSecond(rate) => given(rate),
        Rate::Max => "max".to_owned(),
    }
}

/// The cells, right-aligned: two spaces between groups, one within.
fn line(cells: &[impl AsRef<str>], widths: &[usize]) -> String {
    let mut line = String::new();
    let mut column = 0;
    for (_, columns) in GROUPS {
        for place in 0..columns {
            let gap = if place == 0 && column > 0 { 2 } else { column.min(1) };
            let width = gap + widths[column];
            line += &format!("{:>width$}", cells[column].as_ref());
            column += 1;
        }
    }
    line
}

/// The names of the groups, each in the middle of a rule above its columns.
fn group_line(widths: &[usize]) -> String {
    let mut line = String::new();
    let mut column = 0;
    for (name, columns) in GROUPS {
        let width = widths[column..column + columns].iter().sum::<usize>() + columns - 1;
        if column > 0 {
            line += "  ";
        }
        line += &match name {
            "" => " ".repeat(width),
            name => format!("{name:─^width$}"),
        };
        column += columns;
    }
    line
}
