//! The table for people.

use crate::item::{Goal, Item};

/// All items, a line each, and below what their floors are.
#[must_use]
pub fn table(items: &[Item]) -> String {
    let heads = ["item", "unit", "ours", "floor", "ratio", "goal", "spread", ""];
    let mut rows = vec![heads.map(str::to_owned)];
    rows.extend(items.iter().map(row));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<usize> = (0..heads.len()).map(|column| width(column).unwrap_or(0)).collect();
    let line = |row: &[String; 8]| {
        let cells = row.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
            if column < 2 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let floors = items.iter().filter(|item| !item.floor.is_empty());
    let floors = floors.map(|item| format!("{}: {}", item.name, item.floor));
    let lines = rows.iter().map(line).chain([String::new(), "Floors".to_owned()]).chain(floors);
    lines.collect::<Vec<_>>().join("\n")
}

fn row(item: &Item) -> [String; 8] {
    let figures = item.figures();
    let spread = match figures.as_slice() {
        [first, .., last] => format!("{}..{}", number(*first), number(*last)),
        _ => String::new(),
    };
    let ratio = match item.goal {
        Goal::RatioAtMost(_) | Goal::GainAtLeast(_) => number(item.figure()),
        Goal::AtMost(_) | Goal::AtLeast(_) => String::new(),
    };
    [
        item.name.to_owned(),
        item.unit.to_owned(),
        number(item.ours()),
        item.floor().map(number).unwrap_or_default(),
        ratio,
        match item.goal {
            Goal::RatioAtMost(most) | Goal::AtMost(most) => format!("<= {}", number(most)),
            Goal::GainAtLeast(least) | Goal::AtLeast(least) => format!(">= {}", number(least)),
        },
        spread,
        if item.is_met() { "met" } else { "not met" }.to_owned(),
    ]
}

/// Three digits or more.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1000.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
