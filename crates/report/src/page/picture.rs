//! A chart of the page as an SVG file of its own, for a document: its colours are
//! those of the page on white paper.

use askama::Template;

use super::absence::absences;
use super::chart::{Band, Chart};
use super::over_time;
use super::tint::TINTS;
use super::trace::Trace;
use crate::summary::Summary;

/// The colours of the machines, as the style sheet has them in the light.
pub(super) const COLOURS: [&str; TINTS] =
    ["#0b4191", "#c8430a", "#0f7a5c", "#a73386", "#5f3e05", "#07637d", "#6a45c8", "#49525c"];

/// A chart over time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Picture {
    /// The clocks.
    Clocks,
    /// By how much each clock is behind the largest.
    Drift,
    /// The messages in the inboxes.
    Queues,
}

/// The chart of a run as an SVG file.
///
/// # Panics
/// Never: writing to a string does not fail.
#[must_use]
pub fn picture(trace: &Trace, summary: &Summary, which: Picture) -> String {
    let absences = absences(trace);
    let chart = over_time::chart(trace, summary, which);
    let drawing = Drawing {
        // A sentence a line: no file breaks lines by itself.
        caption: chart.caption.split_inclusive(". ").map(str::to_owned).collect(),
        chart,
        bands: absences.iter().map(|absence| Band::of(trace, absence)).collect(),
        colours: COLOURS,
    };
    drawing.render().expect("writing to a string does not fail")
}

#[derive(Template)]
#[template(path = "chart.svg")]
struct Drawing {
    chart: Chart,
    caption: Vec<String>,
    bands: Vec<Band>,
    colours: [&'static str; TINTS],
}
