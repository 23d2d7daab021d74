//! Interval plots: of each setting the mean with its 95 % interval, as a dot with
//! whiskers, and every run as a tick behind it.
//!
//! W. S. Cleveland, *The Elements of Graphing Data*, 1994, chapter 3.4.

use super::axis::{Axis, Mark};
use crate::page::scale::Percent;
use crate::page::tabulation::Tabulation;
use crate::page::tint::{TINTS, tint};
use crate::study::answers::About;
use crate::study::estimate::Estimate;
use crate::study::measure::Measure;
use crate::study::results::{Scope, Setting, Study};
use crate::study::wording::{capital, mean, range, signed};

/// Runs of a setting that have a tick of their own; of more, ticks would be a bar.
pub(in crate::study) const TICKS_MAX: usize = 60;

/// Pixels: the line of a setting's name, that of its whole run, those of its machines,
/// and what is left free below.
const NAME: usize = 20;
const RUN: usize = 14;
const MACHINE: usize = 9;
const FREE: usize = 12;

/// A measure, drawn.
pub(super) struct Figure {
    pub(super) title: String,
    /// What it is of, and what is counted.
    pub(super) caption: String,
    pub(super) plots: Vec<Plot>,
    pub(super) table: Tabulation,
}

/// The values of a measure, or its differences to the baseline.
pub(super) struct Plot {
    /// What it shows.
    pub(super) heading: &'static str,
    pub(super) is_difference: bool,
    pub(super) marks: Vec<Mark>,
    pub(super) height: usize,
    pub(super) groups: Vec<Group>,
    /// What a screen reader says of it.
    pub(super) label: String,
}

/// A setting.
pub(super) struct Group {
    pub(super) name: String,
    /// The mean and its interval.
    pub(super) figures: String,
    pub(super) name_y: usize,
    /// Its runs.
    pub(super) ticks: Vec<Percent>,
    pub(super) ticks_y: usize,
    /// Those of the whole run and of its machines.
    pub(super) whiskers: Vec<Whisker>,
}

/// An estimate.
pub(super) struct Whisker {
    /// The colour of its machine; none of a whole run.
    pub(super) tint: Option<usize>,
    pub(super) y: usize,
    pub(super) mean: Percent,
    pub(super) ends: Option<(Percent, Percent)>,
    /// Whether a difference is shown.
    pub(super) is_shown: bool,
    pub(super) text: String,
}

/// What a plot is drawn from: a setting, and what is estimated of it.
struct Row<'a> {
    setting: &'a Setting,
    run: Option<Estimate>,
    machines: Vec<Estimate>,
    values: Vec<f64>,
}

impl Figure {
    pub(super) fn of(study: &Study, measure: Measure, about: About) -> Self {
        let values = Plot::of(study, measure, false);
        let has_others = study.settings.len() > 1;
        let differences = || Plot::of(study, measure, true);
        let plots = match about {
            About::Differences if has_others => vec![differences()],
            About::Both if has_others => vec![values, differences()],
            _ => vec![values],
        };
        let unit = if measure.unit().is_empty() { "" } else { ", " };
        Self {
            title: capital(measure.title()),
            caption: format!("{}{unit}{}", capital(measure.of_run()), measure.unit()),
            plots,
            table: table(study, measure),
        }
    }

    /// Whether it is said above each plot what that shows.
    pub(super) fn has_headings(&self) -> bool {
        self.plots.len() > 1 || self.plots.iter().any(|plot| plot.is_difference)
    }
}

impl Plot {
    fn of(study: &Study, measure: Measure, is_difference: bool) -> Self {
        let rows: Vec<_> = match is_difference {
            false => study.settings.iter().map(|setting| values(setting, measure)).collect(),
            true => {
                let others = study.settings.iter().skip(1);
                others.map(|setting| differences(study, setting, measure)).collect()
            }
        };
        let axis = Axis::over(rows.iter().flat_map(Row::extent));
        let mut height = 0;
        let groups: Vec<_> =
            rows.iter().map(|row| row.group(&axis, measure, &mut height)).collect();
        let said: Vec<_> =
            groups.iter().map(|group| format!("{} {}", group.name, group.figures)).collect();
        let heading = if is_difference { "Minus the baseline" } else { "Mean of the runs" };
        Self {
            heading,
            is_difference,
            marks: axis.marks(),
            height,
            label: format!("{}, {}: {}.", measure.title(), heading.to_lowercase(), said.join("; ")),
            groups,
        }
    }
}

fn values(setting: &Setting, measure: Measure) -> Row<'_> {
    let places = 0..setting.places().min(TINTS);
    Row {
        setting,
        run: setting.estimate(Scope::Run, measure),
        machines: places.filter_map(|it| setting.estimate(Scope::Place(it), measure)).collect(),
        values: setting.values(Scope::Run, measure).into_values().collect(),
    }
}

fn differences<'a>(study: &Study, setting: &'a Setting, measure: Measure) -> Row<'a> {
    let places = 0..setting.places().min(TINTS);
    let of = |scope| study.difference(setting, scope, measure);
    let before = study.baseline().values(Scope::Run, measure);
    let values = setting.values(Scope::Run, measure).into_iter();
    Row {
        setting,
        run: of(Scope::Run),
        machines: places.filter_map(|it| of(Scope::Place(it))).collect(),
        values: values.filter_map(|(seed, value)| Some(value - before.get(&seed)?)).collect(),
    }
}

impl Row<'_> {
    /// The values that are to stand on the axis.
    fn extent(&self) -> impl Iterator<Item = f64> + '_ {
        let estimates = self.run.iter().chain(&self.machines);
        let ends = estimates.flat_map(|it| it.interval.unwrap_or([it.mean, it.mean]));
        ends.chain(self.ticks().iter().copied())
    }

    fn ticks(&self) -> &[f64] {
        if self.values.len() > TICKS_MAX { &[] } else { &self.values }
    }

    /// Draws it below what is there, `height` pixels.
    fn group(&self, axis: &Axis, measure: Measure, height: &mut usize) -> Group {
        let name_y = *height + NAME - 7;
        let ticks_y = *height + NAME + RUN / 2;
        let run =
            self.run.iter().map(|it| Whisker::of(axis, it, None, ticks_y, "the run", measure));
        let machines = self.machines.iter().enumerate().map(|(place, estimate)| {
            let y = *height + NAME + RUN + MACHINE * place + MACHINE / 2;
            let who = self.setting.label(place);
            Whisker::of(axis, estimate, Some(tint(place)), y, &who, measure)
        });
        let whiskers = run.chain(machines).collect();
        *height += NAME + RUN + MACHINE * self.machines.len() + FREE;
        Group {
            name: self.setting.name.clone(),
            figures: self.run.as_ref().map_or_else(|| "–".to_owned(), |it| mean(it, "")),
            name_y,
            ticks: self.ticks().iter().map(|&value| axis.at(value)).collect(),
            ticks_y,
            whiskers,
        }
    }
}

impl Whisker {
    fn of(
        axis: &Axis,
        estimate: &Estimate,
        tint: Option<usize>,
        y: usize,
        who: &str,
        measure: Measure,
    ) -> Self {
        Self {
            tint,
            y,
            mean: axis.at(estimate.mean),
            ends: estimate.interval.map(|[low, high]| (axis.at(low), axis.at(high))),
            is_shown: estimate.sign() != 0,
            text: format!("{}: {}", capital(who), mean(estimate, measure.unit())),
        }
    }
}

/// The means of all settings and their machines, and the differences.
fn table(study: &Study, measure: Measure) -> Tabulation {
    let head = ["Of", "Mean", "95 % interval", "Minus baseline", "95 % interval"];
    let rows = study.settings.iter().enumerate().flat_map(|(index, setting)| {
        let places = (0..setting.places().min(TINTS)).map(Scope::Place);
        let scopes = [Scope::Run].into_iter().chain(places);
        scopes.filter_map(move |scope| {
            let difference = study.difference(setting, scope, measure).filter(|_| index > 0);
            let cells = |it: &Estimate| [signed(it.mean), range(it).unwrap_or_else(none)];
            let who = match scope {
                Scope::Run => setting.name.clone(),
                Scope::Place(place) => format!("{}, {}", setting.name, setting.label(place)),
            };
            let [mean, interval] = cells(&setting.estimate(scope, measure)?);
            let [minus, around] = difference.as_ref().map_or_else(|| [none(), none()], cells);
            Some(vec![who, mean, interval, minus, around])
        })
    });
    Tabulation { head: head.map(str::to_owned).into(), rows: rows.collect() }
}

fn none() -> String {
    "–".to_owned()
}
