//! `report.html`: a run on one page that needs nothing but a browser.
//!
//! Figures and charts are drawn here, as HTML and SVG that need no script. The
//! events are embedded, and the page's own script draws the space-time diagram of
//! them: L. Lamport, *Time, Clocks, and the Ordering of Events in a Distributed
//! System*, CACM 21(7), 1978, figure 1. All text is escaped by the templates.

mod absence;
mod chart;
mod columns;
mod embedded;
mod heading;
mod jumps;
mod mix;
mod over_time;
mod picture;
pub(crate) mod policy;
mod sample;
pub(crate) mod scale;
pub(crate) mod tabulation;
pub(crate) mod theme;
pub(crate) mod tint;
mod trace;

use askama::Template;

use crate::finding::{EventRef, Finding};
use crate::summary::Summary;
use crate::table::Table;
use absence::absences;
use chart::{Band, Chart};
use embedded::Embedded;
pub(crate) use heading::Fact;
use heading::Heading;
use jumps::Jumps;
use mix::Mix;
pub use picture::{Picture, picture};
use policy::policy;
/// The look of this page, which that of a study shares.
pub(crate) const SHARED_STYLE: &str = include_str!("page/page.css");
/// How it is printed.
pub(crate) const SHARED_PRINT: &str = include_str!("page/print.css");
pub(crate) use sample::Samples;
pub use trace::{Cut, Trace};

/// The page's script, in the order in which its parts need each other.
const SCRIPT: &str = concat!(
    "(() => {\n\"use strict\";\n",
    include_str!("page/data.js"),
    include_str!("page/causality.js"),
    include_str!("page/words.js"),
    include_str!("page/view.js"),
    include_str!("page/ground.js"),
    include_str!("page/arrows.js"),
    include_str!("page/marks.js"),
    include_str!("page/overview.js"),
    include_str!("page/diagram.js"),
    include_str!("page/panel.js"),
    include_str!("page/theme.js"),
    include_str!("page/tools.js"),
    include_str!("page/tips.js"),
    include_str!("page/page.js"),
    "})();\n"
);

const STYLE: &str = concat!(
    include_str!("page/page.css"),
    include_str!("page/diagram.css"),
    include_str!("page/print.css"),
);

/// What the judge said, as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Whether the rules hold; none if that cannot be told.
    pub holds: Option<bool>,
    /// The verdict in a sentence or a few, without its first word: `21 rules, …`.
    pub text: String,
    /// What was violated: a rule with its claim and how often, or a run with what is wrong.
    pub violations: Vec<String>,
}

impl Judgement {
    pub(crate) fn word(&self) -> &'static str {
        match self.holds {
            Some(true) => "Holds",
            Some(false) => "Violated",
            None => "Cannot tell",
        }
    }

    pub(crate) fn class(&self) -> &'static str {
        match self.holds {
            Some(true) => "holds",
            Some(false) => "violated",
            None => "untold",
        }
    }
}

/// The page of a run.
///
/// # Panics
/// Never: writing to a string does not fail.
#[must_use]
pub fn page(
    trace: &Trace,
    summary: &Summary,
    findings: &[Finding],
    judgement: Option<&Judgement>,
) -> String {
    let absences = absences(trace);
    let page = Page {
        policy: policy(SCRIPT, STYLE),
        style: STYLE,
        heading: Heading::of(trace, summary),
        judgement,
        findings: findings.iter().map(|finding| Shown::of(trace, finding)).collect(),
        charts: over_time::charts(trace, summary),
        jumps: Jumps::of(trace),
        mix: Mix::of(summary),
        table: Table::of(summary),
        tints: (0..summary.machines.len()).map(tint::tint).collect(),
        bands: Band::all(trace),
        has_cuts: !trace.cuts.is_empty(),
        embedded: Embedded::of(trace, &absences),
    };
    page.render().expect("writing to a string does not fail")
}

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    policy: String,
    style: &'static str,
    heading: Heading,
    judgement: Option<&'a Judgement>,
    findings: Vec<Shown<'a>>,
    charts: Vec<Chart>,
    jumps: Jumps,
    mix: Mix,
    table: Table,
    tints: Vec<usize>,
    bands: Vec<Band>,
    has_cuts: bool,
    embedded: Embedded,
}

impl Page<'_> {
    fn title(&self) -> &str {
        &self.heading.title
    }
}

/// A finding with links to what shows it.
struct Shown<'a> {
    finding: &'a Finding,
    /// Machine and clock of each event.
    events: Vec<(u32, u64)>,
}

impl<'a> Shown<'a> {
    fn of(trace: &Trace, finding: &'a Finding) -> Self {
        let event =
            |event: &EventRef| Some((event.machine, trace.clock(event.machine, event.tick)?));
        let mut events: Vec<_> = finding.events.iter().filter_map(event).collect();
        // Two at one clock are one link.
        events.dedup();
        Self { finding, events }
    }
}
