//! A chart of the page as an SVG file of its own, for a document: its colours are
//! those of the page on white paper.

use askama::Template;

use super::chart::{Band, Chart};
use super::jumps::{Jumps, Panel};
use super::mix::Mix;
use super::over_time::{self, ContentOf};
use super::theme::LIGHT;
use super::tint::TINTS;
use super::trace::Trace;
use crate::summary::Summary;

/// A chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// The clocks.
    Clocks,
    /// By how much each clock is behind the largest.
    Drift,
    /// The messages in the inboxes.
    Queues,
    /// What each machine spent its ticks on.
    Mix,
    /// How large the jumps of each clock are.
    Jumps,
}

/// The chart of a run as an SVG file.
///
/// # Panics
/// Never: writing to a string does not fail.
#[must_use]
pub fn picture(trace: &Trace, summary: &Summary, which: Picture) -> String {
    let drawn = match which {
        Picture::Clocks => over_time(trace, summary, over_time::clocks),
        Picture::Drift => over_time(trace, summary, over_time::drift),
        Picture::Queues => over_time(trace, summary, over_time::queues),
        Picture::Mix => MixDrawing::of(summary).render(),
        Picture::Jumps => JumpsDrawing::of(Jumps::of(trace)).render(),
    };
    drawn.expect("writing to a string does not fail")
}

fn over_time(trace: &Trace, summary: &Summary, of: ContentOf) -> askama::Result<String> {
    let chart = over_time::chart(trace, summary, of);
    let drawing = Drawing {
        // A sentence a line: no file breaks lines by itself.
        caption: chart.caption.split_inclusive(". ").map(str::to_owned).collect(),
        chart,
        bands: Band::all(trace),
        colours: LIGHT.tints,
    };
    drawing.render()
}

#[derive(Template)]
#[template(path = "chart.svg")]
struct Drawing {
    chart: Chart,
    caption: Vec<String>,
    bands: Vec<Band>,
    colours: [&'static str; TINTS],
}

#[derive(Template)]
#[template(path = "mix.svg")]
struct MixDrawing {
    mix: Mix,
    height: usize,
    colours: [&'static str; TINTS],
}

impl MixDrawing {
    fn of(summary: &Summary) -> Self {
        let mix = Mix::of(summary);
        Self { height: 90 + 36 * mix.rows.len(), mix, colours: LIGHT.tints }
    }
}

/// Histograms in a row of a drawing.
const PANELS_IN_A_ROW: usize = 3;

#[derive(Template)]
#[template(path = "jumps.svg")]
struct JumpsDrawing {
    /// Each with its place.
    panels: Vec<(usize, usize, Panel)>,
    height: usize,
    colours: [&'static str; TINTS],
}

impl JumpsDrawing {
    fn of(jumps: Jumps) -> Self {
        let height = 86 + 180 * jumps.panels.len().div_ceil(PANELS_IN_A_ROW);
        let panels = jumps.panels.into_iter().enumerate().map(|(index, panel)| {
            let (x, y) = (index % PANELS_IN_A_ROW, index / PANELS_IN_A_ROW);
            (16 + 236 * x, 80 + 180 * y, panel)
        });
        Self { panels: panels.collect(), height, colours: LIGHT.tints }
    }
}
