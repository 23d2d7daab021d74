//! S1: whether draws of unknown origin are uniform.

use crate::chi_square;
use crate::findings::{Findings, Proof, Sight};
use crate::rule::Rule;

/// The most cells that draws are counted in.
const CELLS_MAX: u64 = 64;

/// The fewest draws to be expected in a cell. The usual 5 is for the usual
/// alpha; so far out in the tail the statistic needs more to be chi-square.
const EXPECTED_MIN: f64 = 20.0;

/// How seldom a fair generator may be called unfair.
const ALPHA: f64 = 1e-9;

/// How often each value in 1..=draw_max was drawn; if there are many values, how
/// often each of 64 runs of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Histogram {
    draw_max: u64,
    cells: Vec<u64>,
}

impl Histogram {
    pub(crate) fn new(draw_max: u64) -> Self {
        Self { draw_max, cells: vec![0; draw_max.min(CELLS_MAX) as usize] }
    }

    pub(crate) fn draw_max(&self) -> u64 {
        self.draw_max
    }

    /// Counts `draw`; false if it is not in 1..=draw_max.
    pub(crate) fn add(&mut self, draw: u64) -> bool {
        let is_possible = (1..=self.draw_max).contains(&draw);
        if is_possible {
            let cells = self.cells.len() as u128;
            let cell = u128::from(draw - 1) * cells / u128::from(self.draw_max);
            self.cells[cell as usize] += 1;
        }
        is_possible
    }

    /// Adds what `other` has counted, if it counts the same values.
    pub(crate) fn merge(&mut self, other: &Self) {
        if self.draw_max == other.draw_max {
            for (cell, more) in self.cells.iter_mut().zip(&other.cells) {
                *cell += more;
            }
        }
    }

    /// Tests the fit, if enough was drawn. `whose` says whose draws these are.
    pub(crate) fn judge(&self, whose: &str, witnesses: Vec<Sight>, findings: &mut Findings) {
        let Some(statistic) = self.statistic() else {
            return;
        };
        let degrees = self.cells.len() - 1;
        let p = chi_square::survival(statistic, degrees);
        findings.judge(Rule::S1, p >= ALPHA, || {
            Proof::new(
                witnesses,
                format!("the draws of {whose} uniform in 1..={}", self.draw_max),
                format!(
                    "chi-square {statistic:.1} with {degrees} degrees of freedom, p = {p:.1e}; \
                     counts {:?}",
                    self.cells
                ),
            )
        });
    }

    /// None where it would not follow the chi-square distribution.
    fn statistic(&self) -> Option<f64> {
        let total = self.cells.iter().sum::<u64>() as f64;
        let expected = |cell: usize| total * self.share(cell);
        let cells = 0..self.cells.len();
        if cells.len() < 2 || cells.clone().any(|cell| expected(cell) < EXPECTED_MIN) {
            return None;
        }
        let terms = cells.map(|cell| {
            let expected = expected(cell);
            (self.cells[cell] as f64 - expected).powi(2) / expected
        });
        Some(terms.sum())
    }

    /// The share of the values that fall into `cell`.
    fn share(&self, cell: usize) -> f64 {
        let (cells, values) = (self.cells.len() as u128, u128::from(self.draw_max));
        let first = |cell: usize| (cell as u128 * values).div_ceil(cells);
        (first(cell + 1) - first(cell)) as f64 / values as f64
    }
}
