//! The runs of a study, and the estimates over them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::figures::{Figures, MachineFigures, RunFigures};
use super::measure::Measure;
use super::sketch::Sketch;
use crate::number::given;
use crate::page::tint::TINTS;

/// A study whose runs are done.
#[derive(Clone, Debug, PartialEq)]
pub struct Study {
    /// What it is about, as a heading.
    pub title: String,
    /// What it asks, in a sentence or a few.
    pub question: String,
    /// What its runs were.
    pub time: StudyTime,
    /// The settings; the first is the baseline of all others.
    pub settings: Vec<Setting>,
    /// Which settings vary the classic experiment; given if the study answers its
    /// four questions.
    pub variations: Option<Variations>,
}

/// The time that runs take place in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyTime {
    /// A simulation.
    Virtual,
    /// Processes, sockets, seconds.
    Live,
}

impl StudyTime {
    /// Runs of this kind, behind their number.
    pub(super) fn of_runs(self) -> &'static str {
        match self {
            Self::Virtual => "runs in virtual time",
            Self::Live => "live runs, each of processes that talk over TCP",
        }
    }
}

/// The two variations that the classic experiment asks for, by the place of their
/// settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variations {
    /// The setting whose rates lie closer together.
    pub closer_rates: usize,
    /// The setting in which fewer events are internal.
    pub fewer_internal: usize,
}

/// A setting and its runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Its name.
    pub name: String,
    /// What it sets, in words.
    pub what: String,
    /// Whether each seed draws rates of its own: then machines are told apart by how
    /// fast they are, not by their numbers.
    pub draws_rates: bool,
    /// Its runs, by seed.
    pub runs: Vec<RunFigures>,
    /// The course of some of them, by seed.
    pub sketches: BTreeMap<u64, Sketch>,
}

/// What figures are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The whole run.
    Run,
    /// The machine at this place, from 0: by number, or by rate if those are drawn.
    Place(usize),
}

impl Setting {
    /// How many machines each of its runs has.
    #[must_use]
    pub fn places(&self) -> usize {
        self.runs.iter().map(|run| run.machines.len()).min().unwrap_or(0)
    }

    /// What the machine at `place` is called.
    #[must_use]
    pub fn label(&self, place: usize) -> String {
        match (self.draws_rates, place, self.places()) {
            (true, 0, _) => "slowest machine".to_owned(),
            (true, place, places) if place + 1 == places => "fastest machine".to_owned(),
            (true, place, _) => format!("machine {} by rate", place + 1),
            (false, place, _) => format!("machine {}{}", place + 1, self.rate_of(place)),
        }
    }

    /// ` (3/s)`; nothing without pacing.
    fn rate_of(&self, place: usize) -> String {
        let machine = self.runs.first().and_then(|run| run.machines.get(place));
        let rate = machine.and_then(|machine| machine.rate);
        rate.map_or(String::new(), |rate| format!(" ({}/s)", given(rate)))
    }

    /// The place of the slowest machine; none if all are as fast, or rates are not
    /// known.
    #[must_use]
    pub fn slowest(&self) -> Option<usize> {
        self.extreme(|one, other| one < other)
    }

    /// The place of the fastest machine, under the same conditions.
    #[must_use]
    pub fn fastest(&self) -> Option<usize> {
        self.extreme(|one, other| one > other)
    }

    fn extreme(&self, is_more: fn(f64, f64) -> bool) -> Option<usize> {
        let run = self.runs.first()?;
        if self.draws_rates {
            let all_equal = self
                .runs
                .iter()
                .all(|run| run.machines.iter().all(|machine| machine.rate == run.machines[0].rate));
            let last = self.places().checked_sub(1)?;
            return (!all_equal).then_some(if is_more(1.0, 0.0) { last } else { 0 });
        }
        let rates: Option<Vec<_>> = run.machines.iter().map(|machine| machine.rate).collect();
        let rates = rates?;
        let mut best = 0;
        for place in 1..rates.len() {
            if is_more(rates[place], rates[best]) {
                best = place;
            }
        }
        rates.iter().any(|&rate| rate != rates[best]).then_some(best)
    }

    /// The machine of `run` at `place`.
    pub(crate) fn machine<'a>(
        &self,
        run: &'a RunFigures,
        place: usize,
    ) -> Option<&'a MachineFigures> {
        match self.draws_rates {
            false => run.machines.get(place),
            true => self.ordered(run).get(place).copied(),
        }
    }

    /// The machines of `run`: by number, or by rate if those are drawn.
    fn ordered<'a>(&self, run: &'a RunFigures) -> Vec<&'a MachineFigures> {
        let mut machines: Vec<_> = run.machines.iter().collect();
        let rate = |machine: &MachineFigures| machine.rate.unwrap_or(f64::INFINITY);
        if self.draws_rates {
            machines.sort_by(|one, other| rate(one).total_cmp(&rate(other)));
        }
        machines
    }

    /// The run under this seed.
    pub(super) fn run_of(&self, seed: u64) -> Option<&RunFigures> {
        self.runs.iter().find(|run| run.seed == seed)
    }

    /// The place of each machine of `run`, by number.
    pub(super) fn places_of(&self, run: &RunFigures) -> Vec<usize> {
        let ordered = self.ordered(run);
        let mut places = vec![0; ordered.len()];
        let numbers = run.machines.iter().zip(0..).map(|(machine, index)| (machine.machine, index));
        let index: BTreeMap<u32, usize> = numbers.collect();
        for (place, machine) in ordered.into_iter().enumerate() {
            places[index[&machine.machine]] = place;
        }
        places
    }

    fn figures<'a>(&self, run: &'a RunFigures, scope: Scope) -> Option<&'a Figures> {
        match scope {
            Scope::Run => Some(&run.run),
            Scope::Place(place) => self.machine(run, place).map(|machine| &machine.figures),
        }
    }

    /// The value of each seed that has one.
    #[must_use]
    pub fn values(&self, scope: Scope, measure: Measure) -> BTreeMap<u64, f64> {
        let value = |run: &RunFigures| self.figures(run, scope)?.get(&measure).copied();
        self.runs.iter().filter_map(|run| Some((run.seed, value(run)?))).collect()
    }

    /// What the values over all seeds amount to; none if there are none.
    #[must_use]
    pub fn estimate(&self, scope: Scope, measure: Measure) -> Option<Estimate> {
        let values: Vec<_> = self.values(scope, measure).into_values().collect();
        Estimate::of(&values)
    }

    /// One machine minus another, seed by seed.
    #[must_use]
    pub fn between(&self, one: usize, other: usize, measure: Measure) -> Option<Estimate> {
        let subtrahend = self.values(Scope::Place(other), measure);
        paired(&self.values(Scope::Place(one), measure), &subtrahend)
    }

    /// Runs that the judge did not hold to be right.
    pub fn unsound(&self) -> impl Iterator<Item = &RunFigures> {
        self.runs.iter().filter(|run| run.holds != Some(true))
    }
}

impl Study {
    /// How many machines the setting with most of them has.
    pub(super) fn machines(&self) -> usize {
        self.settings.iter().map(Setting::places).max().unwrap_or(0)
    }

    /// Which machines are drawn where there are more than colours.
    pub(super) fn drawn(&self) -> String {
        match self.settings.iter().any(|setting| setting.draws_rates) {
            true => format!("the {TINTS} slowest"),
            false => format!("the first {TINTS}"),
        }
    }

    /// The setting that all others are compared with.
    ///
    /// # Panics
    /// If the study has no setting.
    #[must_use]
    pub fn baseline(&self) -> &Setting {
        &self.settings[0]
    }

    /// `setting` minus the baseline, over the seeds that both have; none where they
    /// cannot be compared, as machines by number with machines by rate.
    #[must_use]
    pub fn difference(
        &self,
        setting: &Setting,
        scope: Scope,
        measure: Measure,
    ) -> Option<Estimate> {
        let baseline = self.baseline();
        if scope != Scope::Run
            && (baseline.draws_rates != setting.draws_rates
                || baseline.places() != setting.places())
        {
            return None;
        }
        paired(&setting.values(scope, measure), &baseline.values(scope, measure))
    }

    /// How many runs there are.
    #[must_use]
    pub fn runs(&self) -> usize {
        self.settings.iter().map(|setting| setting.runs.len()).sum()
    }
}

/// The differences of what both have.
fn paired(values: &BTreeMap<u64, f64>, other: &BTreeMap<u64, f64>) -> Option<Estimate> {
    let differences = values.iter().filter_map(|(seed, value)| Some(value - other.get(seed)?));
    Estimate::of(&differences.collect::<Vec<_>>())
}
