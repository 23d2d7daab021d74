//! A chart over time with a line for each machine: its geometry. How it is marked
//! up, the template says.
//!
//! Heights are pixels, widths are shares: text keeps its size however wide the
//! page is.

use super::absence::{Absence, absences};
use super::scale::{Percent, Px, Scale};
use super::tabulation::Tabulation;
use super::tint::tint;
use super::trace::{Cut, Trace};

/// The height of the area that lines are drawn in.
pub(super) const HEIGHT: f64 = 200.0;

/// The height of a line of text beside a line's end.
const LABEL_HEIGHT: f64 = 15.0;

/// Machines up to this many have their names beside the ends of their lines.
const NAMED_MAX: usize = 12;

/// A chart over time.
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// What it shows, in a sentence.
    pub(super) caption: String,
    /// What is counted up its left side.
    pub(super) unit: &'static str,
    pub(super) columns: usize,
    pub(super) rows: Vec<Mark>,
    pub(super) times: Vec<Mark>,
    pub(super) lines: Vec<Line>,
    pub(super) table: Tabulation,
}

/// A round number along an axis.
pub(super) struct Mark {
    pub(super) at: String,
    pub(super) text: String,
}

/// The line of a machine.
pub(super) struct Line {
    pub(super) machine: u32,
    pub(super) tint: usize,
    pub(super) path: String,
    /// Where its name stands; none if there are too many.
    pub(super) label_y: Option<Px>,
    /// The figure at its end.
    pub(super) end: String,
}

/// A time in which a machine was not there or links were cut, drawn across the chart.
pub(super) struct Band {
    pub(super) x: Percent,
    pub(super) width: Percent,
    /// That of its machine, `m1`, or `cut`.
    pub(super) class: String,
    pub(super) sentence: String,
}

/// What a chart over time is made of.
pub(super) struct Content {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) caption: String,
    pub(super) unit: &'static str,
    /// The figures of each machine, column by column.
    pub(super) rows: Vec<Vec<Option<u64>>>,
}

impl Chart {
    pub(super) fn of(trace: &Trace, content: Content) -> Self {
        let Content { id, title, caption, unit, rows } = content;
        let highest = rows.iter().flatten().flatten().max().copied().unwrap_or(0);
        let scale = Scale::to(highest as f64, 4.0);
        let columns = rows.first().map_or(1, Vec::len);
        Self {
            id,
            title,
            caption,
            unit,
            columns,
            rows: scale.marks().into_iter().map(|(share, text)| mark(y(share), text)).collect(),
            times: times(trace.seconds),
            lines: lines(trace, &scale, &rows),
            table: Tabulation::over_time(trace, &rows),
        }
    }

    /// What a screen reader says of it.
    pub(super) fn label(&self) -> String {
        let ends = self.lines.iter().take(NAMED_MAX);
        let ends: Vec<_> =
            ends.map(|line| format!("machine {} ends at {}", line.machine, line.end)).collect();
        format!("{} over time: {}.", self.title, ends.join(", "))
    }
}

/// Round seconds along the bottom.
pub(super) fn times(seconds: f64) -> Vec<Mark> {
    let marks = Scale::up_to(seconds, 6.0).marks();
    marks.into_iter().map(|(share, text)| mark(Percent(share), text)).collect()
}

fn mark(at: impl ToString, text: String) -> Mark {
    Mark { at: at.to_string(), text }
}

fn y(share: f64) -> Px {
    Px(HEIGHT * (1.0 - share))
}

fn lines(trace: &Trace, scale: &Scale, rows: &[Vec<Option<u64>>]) -> Vec<Line> {
    let ends: Vec<_> = rows.iter().map(|row| row.last().copied().flatten().unwrap_or(0)).collect();
    let heights: Vec<_> = ends.iter().map(|&end| y(scale.share(end as f64)).0).collect();
    let labels = apart(&heights);
    let lanes = trace.lanes.iter().enumerate();
    lanes
        .map(|(index, lane)| Line {
            machine: lane.machine,
            tint: tint(index),
            path: path(scale, &rows[index]),
            label_y: (rows.len() <= NAMED_MAX).then_some(Px(labels[index] + 4.0)),
            end: crate::number::count(ends[index]),
        })
        .collect()
}

/// Level for a column, then up or down to the next.
fn path(scale: &Scale, row: &[Option<u64>]) -> String {
    let mut path = String::new();
    let mut before = None;
    for (column, figure) in row.iter().enumerate() {
        let at = figure.map(|figure| y(scale.share(figure as f64)));
        if at != before {
            match (before, at) {
                (None, Some(at)) => path += &format!("M{column} {at}"),
                (Some(_), Some(at)) => path += &format!("H{column}V{at}"),
                (_, None) => path += &format!("H{column}"),
            }
            before = at;
        }
    }
    match before {
        Some(_) => path + &format!("H{}", row.len()),
        None => path,
    }
}

/// Labels at these heights, moved so that none covers another.
fn apart(heights: &[f64]) -> Vec<f64> {
    let mut order: Vec<_> = (0..heights.len()).collect();
    order.sort_by(|&a, &b| heights[a].total_cmp(&heights[b]));
    let mut labels = heights.to_vec();
    let mut lowest = f64::NEG_INFINITY;
    for &index in &order {
        labels[index] = labels[index].max(lowest + LABEL_HEIGHT);
        lowest = labels[index];
    }
    let mut highest = HEIGHT + LABEL_HEIGHT;
    for &index in order.iter().rev() {
        labels[index] = labels[index].min(highest - LABEL_HEIGHT);
        highest = labels[index];
    }
    labels
}

impl Band {
    /// Of all links, and over them those of all machines.
    pub(super) fn all(trace: &Trace) -> Vec<Self> {
        let absences = absences(trace);
        let absences = absences.iter().map(|absence| Self::of_absence(trace, absence));
        trace.cuts.iter().map(|cut| Self::of_cut(trace, cut)).chain(absences).collect()
    }

    fn of_absence(trace: &Trace, absence: &Absence) -> Self {
        let index = trace.lanes.iter().position(|lane| lane.machine == absence.machine);
        let class = format!("m{}", tint(index.unwrap_or(0)));
        Self::over(trace, (absence.from, absence.to), class, absence.sentence())
    }

    fn of_cut(trace: &Trace, cut: &Cut) -> Self {
        Self::over(trace, (cut.from, cut.to), "cut".to_owned(), cut.sentence())
    }

    fn over(trace: &Trace, (from, to): (f64, f64), class: String, sentence: String) -> Self {
        let share = |seconds: f64| if trace.seconds > 0.0 { seconds / trace.seconds } else { 0.0 };
        Self { x: Percent(share(from)), width: Percent(share(to - from)), class, sentence }
    }
}
