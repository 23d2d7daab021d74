//! What was measured, and what was wanted.

use serde::Serialize;

/// One repetition: the item, and its floor right before or after it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Pair {
    /// What the item took.
    pub ours: f64,
    /// What its floor took; none if the goal is a figure and not a ratio.
    pub floor: Option<f64>,
}

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// The item over its floor, at most.
    RatioAtMost(f64),
    /// The floor over the item, at least.
    GainAtLeast(f64),
    /// The item itself, at most.
    AtMost(f64),
    /// The item itself, at least.
    AtLeast(f64),
}

/// An item, measured.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Item {
    /// What it is.
    pub name: &'static str,
    /// What its floor is; empty if there is none.
    pub floor: &'static str,
    /// In what both are measured.
    pub unit: &'static str,
    /// What is wanted.
    pub goal: Goal,
    /// All repetitions.
    pub pairs: Vec<Pair>,
}

impl Item {
    /// What the goal speaks of, in each repetition, in ascending order.
    #[must_use]
    pub fn figures(&self) -> Vec<f64> {
        let figure = |pair: &Pair| match (self.goal, pair.floor) {
            (Goal::RatioAtMost(_), Some(floor)) => pair.ours / floor,
            (Goal::GainAtLeast(_), Some(floor)) => floor / pair.ours,
            _ => pair.ours,
        };
        let mut figures: Vec<_> = self.pairs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures
    }

    /// The median of the [`figures`](Self::figures).
    #[must_use]
    pub fn figure(&self) -> f64 {
        median(self.figures())
    }

    /// The median of what the item took.
    #[must_use]
    pub fn ours(&self) -> f64 {
        median(self.pairs.iter().map(|pair| pair.ours).collect())
    }

    /// The median of what its floor took.
    #[must_use]
    pub fn floor(&self) -> Option<f64> {
        let floors: Option<Vec<_>> = self.pairs.iter().map(|pair| pair.floor).collect();
        floors.map(median)
    }

    /// Whether the goal is met.
    #[must_use]
    pub fn is_met(&self) -> bool {
        match self.goal {
            Goal::RatioAtMost(most) | Goal::AtMost(most) => self.figure() <= most,
            Goal::GainAtLeast(least) | Goal::AtLeast(least) => self.figure() >= least,
        }
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
