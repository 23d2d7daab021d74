//! Small multiples: the course of all runs, setting beside setting, on common scales.
//!
//! E. R. Tufte, *Envisioning Information*, 1990, chapter 4.

use crate::number::given;
use crate::page::scale::{Percent, Px, Scale};
use crate::page::tint::tint;
use crate::study::figures::RunFigures;
use crate::study::results::{Setting, Study};
use crate::study::sketch::Sketch;

/// The size that lines are drawn in: the page stretches it.
const WIDTH: f64 = 600.0;
const HEIGHT: f64 = 100.0;

/// Seeds up to which each run has a small chart of its own.
pub(super) const SEEDS_MAX: usize = 10;

/// What is drawn over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Clock,
    Behind,
    Queue,
}

/// A chart for each setting, all on one scale.
pub(super) struct Family {
    pub(super) title: &'static str,
    pub(super) caption: &'static str,
    pub(super) panels: Vec<Panel>,
}

/// The runs of a setting, over each other.
pub(super) struct Panel {
    pub(super) title: String,
    /// The page of the run, if it has one.
    pub(super) link: Option<String>,
    pub(super) rows: Vec<(Percent, String)>,
    pub(super) times: Vec<(Percent, String)>,
    pub(super) lines: Vec<Line>,
    /// What a screen reader says of it.
    pub(super) label: String,
}

/// A machine in a run.
pub(super) struct Line {
    pub(super) tint: usize,
    pub(super) path: String,
}

/// How far time and figures go, over all settings.
struct Frame {
    seconds: f64,
    scale: Scale,
}

/// The charts of all settings, each with all its runs.
pub(super) fn families(study: &Study) -> Vec<Family> {
    let family = |kind: Kind| {
        let frame = Frame::of(study, kind);
        let panel = |setting: &Setting| {
            let title = match (setting.sketches.len(), setting.runs.len()) {
                (1, 1) => format!("{}, a run", setting.name),
                (some, all) if some == all => format!("{}, {all} runs", setting.name),
                (some, all) => format!("{}, the first {some} of {all} runs", setting.name),
            };
            let runs = setting.sketches.iter().map(|(seed, it)| (setting.run_of(*seed), it));
            frame.panel(kind, setting, title, None, runs)
        };
        Family {
            title: kind.title(),
            caption: kind.caption(),
            panels: study.settings.iter().map(panel).collect(),
        }
    };
    [Kind::Clock, Kind::Behind, Kind::Queue].map(family).into()
}

/// A small chart for each run, setting by setting; none of many seeds. `page` is where
/// the page of a run is.
pub(super) fn run_by_run(
    study: &Study,
    page: impl Fn(&str, u64) -> Option<String>,
) -> Vec<(String, Vec<Panel>)> {
    if study.settings.iter().any(|setting| setting.runs.len() > SEEDS_MAX) {
        return Vec::new();
    }
    let frame = Frame::of(study, Kind::Clock);
    let panels = |setting: &Setting| {
        let panel = |(seed, sketch): (&u64, &Sketch)| {
            let run = setting.run_of(*seed);
            let title = format!("Seed {seed}{}", run.map(rates).unwrap_or_default());
            let one = [(run, sketch)].into_iter();
            frame.panel(Kind::Clock, setting, title, page(&setting.name, *seed), one)
        };
        (setting.name.clone(), setting.sketches.iter().map(panel).collect())
    };
    study.settings.iter().map(panels).collect()
}

/// `: 1, 3, 6/s`; nothing without pacing, or of many.
fn rates(run: &RunFigures) -> String {
    let rates: Option<Vec<_>> = run.machines.iter().map(|it| Some(given(it.rate?))).collect();
    match rates {
        Some(rates) if rates.len() <= 4 => format!(": {}/s", rates.join(", ")),
        _ => String::new(),
    }
}

impl Kind {
    fn title(self) -> &'static str {
        match self {
            Self::Clock => "Clocks",
            Self::Behind => "Drift",
            Self::Queue => "Queues",
        }
    }

    fn caption(self) -> &'static str {
        match self {
            Self::Clock => "The Lamport clock of each machine.",
            Self::Behind => "By how much each clock is behind the largest of its run.",
            Self::Queue => "Messages waiting in each inbox.",
        }
    }

    /// The figures of each machine, column by column.
    fn rows(self, sketch: &Sketch) -> Vec<Vec<Option<u64>>> {
        let clocks = &sketch.clocks;
        let behind = |(largest, clock): (&u64, &u64)| Some(largest.saturating_sub(*clock));
        match self {
            Self::Clock => {
                clocks.iter().map(|row| row.iter().copied().map(Some).collect()).collect()
            }
            Self::Behind => {
                let of = |row: &Vec<u64>| sketch.largest.iter().zip(row).map(behind).collect();
                clocks.iter().map(of).collect()
            }
            Self::Queue => sketch.queues.clone(),
        }
    }
}

impl Frame {
    fn of(study: &Study, kind: Kind) -> Self {
        let sketches = || study.settings.iter().flat_map(|setting| setting.sketches.values());
        let highest = sketches()
            .flat_map(|sketch| kind.rows(sketch).into_iter().flatten().flatten())
            .max()
            .unwrap_or(0);
        Self {
            seconds: sketches().map(|sketch| sketch.seconds).fold(0.0, f64::max),
            scale: Scale::to(highest as f64, 3.0),
        }
    }

    fn panel<'a>(
        &self,
        kind: Kind,
        setting: &Setting,
        title: String,
        link: Option<String>,
        runs: impl Iterator<Item = (Option<&'a RunFigures>, &'a Sketch)>,
    ) -> Panel {
        let up = |(share, text): (f64, String)| (Percent(1.0 - share), text);
        let along = |(share, text): (f64, String)| (Percent(share), text);
        Panel {
            label: format!("{} over time: {title}", kind.title()),
            title,
            link,
            rows: self.scale.marks().into_iter().map(up).collect(),
            times: Scale::up_to(self.seconds, 4.0).marks().into_iter().map(along).collect(),
            lines: runs.flat_map(|(run, sketch)| self.lines(kind, setting, run, sketch)).collect(),
        }
    }

    fn lines(
        &self,
        kind: Kind,
        setting: &Setting,
        run: Option<&RunFigures>,
        sketch: &Sketch,
    ) -> Vec<Line> {
        let places = run.map(|run| setting.places_of(run)).unwrap_or_default();
        let rows = kind.rows(sketch).into_iter().enumerate();
        rows.map(|(index, row)| Line {
            tint: tint(places.get(index).copied().unwrap_or(index)),
            path: self.path(&row, sketch.seconds),
        })
        .collect()
    }

    /// From 0 at the beginning, column by column; nothing where there is no figure.
    fn path(&self, row: &[Option<u64>], seconds: f64) -> String {
        let width = if self.seconds > 0.0 { WIDTH * seconds / self.seconds } else { 0.0 };
        let mut path = format!("M0 {HEIGHT}");
        let mut is_gap = false;
        for (column, figure) in (1..).zip(row) {
            let x = Px(width * f64::from(column) / row.len() as f64);
            let Some(figure) = figure else {
                is_gap = true;
                continue;
            };
            let y = Px(HEIGHT * (1.0 - self.scale.share(*figure as f64)));
            path += &format!("{}{x} {y}", if is_gap { 'M' } else { 'L' });
            is_gap = false;
        }
        path
    }
}
