//! What each machine spent its ticks on: receives, sends, internal events.

use super::scale::Percent;
use super::tabulation::Tabulation;
use super::tint::tint;
use crate::number::count;
use crate::summary::{MachineSummary, Summary};

/// Shares from here on have room for their percentage.
const WRITTEN_MIN: f64 = 0.08;

/// A bar for each machine.
pub(super) struct Mix {
    pub(super) rows: Vec<Row>,
    pub(super) table: Tabulation,
}

/// The bar of one machine.
pub(super) struct Row {
    pub(super) machine: u32,
    pub(super) tint: usize,
    pub(super) parts: Vec<Part>,
}

/// A kind of event.
pub(super) struct Part {
    pub(super) kind: &'static str,
    pub(super) x: Percent,
    pub(super) width: Percent,
    pub(super) middle: Percent,
    /// What it says of itself when asked.
    pub(super) text: String,
    /// What is written on it; nothing if it is too narrow.
    pub(super) written: String,
}

impl Mix {
    pub(super) fn of(summary: &Summary) -> Self {
        let machines = || summary.machines.iter().enumerate();
        Self {
            rows: machines()
                .map(|(index, machine)| Row {
                    machine: machine.machine,
                    tint: tint(index),
                    parts: parts(machine),
                })
                .collect(),
            table: Tabulation {
                head: ["Machine", "Receives", "Sends", "Internal"].map(str::to_owned).into(),
                rows: machines().map(|(_, machine)| cells(machine)).collect(),
            },
        }
    }
}

fn parts(machine: &MachineSummary) -> Vec<Part> {
    let figures = &machine.statistics;
    let kinds =
        [("receive", figures.receives), ("send", figures.sends), ("internal", figures.internals)];
    let mut x = 0.0;
    let part = |(kind, number): (&'static str, u64)| {
        let share = number as f64 / figures.ticks.max(1) as f64;
        let percent = (share * 100.0).round();
        x += share;
        Part {
            kind,
            x: Percent(x - share),
            width: Percent(share),
            middle: Percent(x - share / 2.0),
            text: format!("{} {kind}, {percent} %", count(number)),
            written: if share < WRITTEN_MIN { String::new() } else { format!("{percent} %") },
        }
    };
    kinds.map(part).into()
}

fn cells(machine: &MachineSummary) -> Vec<String> {
    let figures = &machine.statistics;
    let counts = [figures.receives, figures.sends, figures.internals].map(count);
    [machine.machine.to_string()].into_iter().chain(counts).collect()
}
