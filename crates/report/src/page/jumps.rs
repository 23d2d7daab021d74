//! How large the jumps of each clock are: a histogram a machine, all on one scale.

use journal::Record;

use super::scale::{Percent, Px};
use super::tabulation::{Tabulation, head};
use super::tint::tint;
use super::trace::{Lane, Trace};
use crate::number::figure;

/// The height of the tallest bar.
pub(super) const HEIGHT: f64 = 110.0;

/// Bars of a histogram at most.
const BARS_MAX: u64 = 20;

/// The histograms of all machines.
pub(super) struct Jumps {
    pub(super) panels: Vec<Panel>,
    pub(super) table: Tabulation,
}

/// The histogram of one machine.
pub(super) struct Panel {
    pub(super) machine: u32,
    pub(super) tint: usize,
    pub(super) mean: String,
    pub(super) largest: u64,
    pub(super) bars: Vec<Bar>,
}

/// Jumps of one size, or of a few.
pub(super) struct Bar {
    pub(super) x: Percent,
    pub(super) width: Percent,
    pub(super) y: Px,
    pub(super) height: Px,
    pub(super) label: String,
    pub(super) text: String,
    /// Whether its label is written below it.
    pub(super) is_marked: bool,
}

impl Bar {
    /// Where its label stands.
    pub(super) fn middle(&self) -> Percent {
        Percent(self.x.0 + self.width.0 / 2.0)
    }
}

/// Bars of equal width, the first of which begins at 1; 0 has its own if it occurs.
struct Bins {
    width: u64,
    count: usize,
}

impl Jumps {
    pub(super) fn of(trace: &Trace) -> Self {
        let sizes: Vec<_> = trace.lanes.iter().map(sizes).collect();
        let bins = Bins::for_largest(sizes.iter().flatten().copied().max().unwrap_or(1));
        let counts: Vec<_> = sizes.iter().map(|sizes| bins.counts(sizes)).collect();
        let lanes = trace.lanes.iter().enumerate();
        Self {
            panels: lanes
                .map(|(index, lane)| Panel {
                    machine: lane.machine,
                    tint: tint(index),
                    mean: mean(&sizes[index]),
                    largest: sizes[index].iter().copied().max().unwrap_or(0),
                    bars: bars(&bins, &counts[index]),
                })
                .collect(),
            table: bins.table(trace, &counts),
        }
    }
}

/// By how much the clock rose at each event.
fn sizes(lane: &Lane) -> Vec<u64> {
    let mut before = 0;
    let rise = |event: &Record| {
        let rise = event.clock().saturating_sub(before);
        before = event.clock();
        rise
    };
    lane.events().map(rise).collect()
}

fn mean(sizes: &[u64]) -> String {
    let sum: u128 = sizes.iter().map(|&size| u128::from(size)).sum();
    if sizes.is_empty() { "–".to_owned() } else { figure(sum as f64 / sizes.len() as f64) }
}

fn bars(bins: &Bins, counts: &[u64]) -> Vec<Bar> {
    let all = counts.iter().sum::<u64>().max(1) as f64;
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let wide = 1.0 / bins.count as f64;
    let bar = |(bin, &count): (usize, &u64)| {
        let height = match count {
            0 => 0.0,
            // A single jump among many is seen, too.
            _ => (HEIGHT * count as f64 / most).max(1.5),
        };
        Bar {
            x: Percent(wide * (bin as f64 + 0.1)),
            width: Percent(wide * 0.8),
            y: Px(HEIGHT - height),
            height: Px(height),
            label: bins.label(bin),
            text: format!(
                "+{}: {count} of {all}, {} %",
                bins.label(bin),
                figure(100.0 * count as f64 / all)
            ),
            is_marked: bin == 0 || bin + 1 == bins.count || (bin + 1) % bins.marked_every() == 0,
        }
    };
    counts.iter().enumerate().map(bar).collect()
}

impl Bins {
    fn for_largest(largest: u64) -> Self {
        let width = largest.max(1).div_ceil(BARS_MAX);
        Self { width, count: largest.max(1).div_ceil(width) as usize }
    }

    /// A clock that did not rise broke a rule, and is counted with the first.
    fn counts(&self, sizes: &[u64]) -> Vec<u64> {
        let mut counts = vec![0; self.count];
        for size in sizes {
            counts[(size.saturating_sub(1) / self.width) as usize] += 1;
        }
        counts
    }

    /// `3`, or `5–8`.
    fn label(&self, bin: usize) -> String {
        let first = bin as u64 * self.width + 1;
        match self.width {
            1 => first.to_string(),
            width => format!("{first}–{}", first + width - 1),
        }
    }

    fn marked_every(&self) -> usize {
        self.count.div_ceil(4).max(1)
    }

    fn table(&self, trace: &Trace, counts: &[Vec<u64>]) -> Tabulation {
        let row = |bin: usize| {
            let cells = counts.iter().map(|counts| counts[bin].to_string());
            [self.label(bin)].into_iter().chain(cells).collect()
        };
        Tabulation { head: head(trace, "Jump"), rows: (0..self.count).map(row).collect() }
    }
}
