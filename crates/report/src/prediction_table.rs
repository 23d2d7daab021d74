//! The fluid prediction beside what was measured, in lines for people.

use std::fmt;

use crate::analysis::Analysis;
use crate::prediction::{Compared, Figure};

/// The figures that are shown, and how many decimals each has.
const FIGURES: [(&str, usize, fn(&Compared) -> Figure); 4] = [
    ("idle share", 2, |it| it.idle_share),
    ("messages in/s", 2, |it| it.arrivals_per_second),
    ("queue growth/s", 2, |it| it.queue_growth_per_second),
    ("queue at the end", 0, |it| it.queue_end),
];

/// The columns of each figure.
const COLUMNS: [&str; 3] = ["run", "fluid", "diff"];

/// Columns between figures.
const GAP: &str = "   ";

/// A row a machine: each figure as it was, as the fluid limit has it, and the
/// difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredictionTable {
    /// The cells of each machine: its number, then three for each figure.
    rows: Vec<Vec<String>>,
}

impl PredictionTable {
    /// The table of `analysis`; none if the fluid limit says nothing of the run.
    #[must_use]
    pub fn of(analysis: &Analysis) -> Option<Self> {
        let machines = analysis.summary.machines.iter().zip(&analysis.measures);
        let rows: Vec<_> = machines
            .filter_map(|(machine, measures)| Some(row(machine.machine, measures.compared?)))
            .collect();
        (!rows.is_empty()).then_some(Self { rows })
    }

    /// How wide the columns of each figure are, all alike.
    fn width(&self, figure: usize) -> usize {
        let cells = self.rows.iter().flat_map(|row| &row[1 + 3 * figure..4 + 3 * figure]);
        let widest = cells.map(String::len).chain(COLUMNS.map(str::len)).max().unwrap_or(0);
        // The name of the figure stands above its three columns.
        widest.max(FIGURES[figure].0.len().saturating_sub(2).div_ceil(3))
    }
}

fn row(machine: u32, compared: Compared) -> Vec<String> {
    let mut row = vec![machine.to_string()];
    for (_, decimals, of) in FIGURES {
        let Figure { measured, predicted, deviation } = of(&compared);
        row.push(format!("{measured:.decimals$}"));
        row.push(format!("{predicted:.decimals$}"));
        row.push(signed(deviation, decimals));
    }
    row
}

/// `+0.02`, `-7`; without a sign where it rounds to nothing.
fn signed(value: f64, decimals: usize) -> String {
    let text = format!("{value:+.decimals$}");
    match text.bytes().any(|digit| (b'1'..=b'9').contains(&digit)) {
        true => text,
        false => text[1..].to_owned(),
    }
}

impl fmt::Display for PredictionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (mut names, mut columns) = (" ".repeat(7), "machine".to_owned());
        for (figure, (name, ..)) in FIGURES.iter().enumerate() {
            let width = self.width(figure);
            names += &format!("{GAP}{name:─^0$}", 3 * width + 2);
            columns += &format!(
                "{GAP}{:>width$} {:>width$} {:>width$}",
                COLUMNS[0], COLUMNS[1], COLUMNS[2]
            );
        }
        write!(f, "{names}\n{columns}")?;
        for row in &self.rows {
            write!(f, "\n{:>7}", row[0])?;
            for figure in 0..FIGURES.len() {
                let width = self.width(figure);
                let cells = &row[1 + 3 * figure..4 + 3 * figure];
                write!(f, "{GAP}{:>width$} {:>width$} {:>width$}", cells[0], cells[1], cells[2])?;
            }
        }
        Ok(())
    }
}
