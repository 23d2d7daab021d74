//! What is said when a run is over: figures, reasons, verdict, what to type next.

use std::path::Path;

use check::{Outcome, Verdict};
use report::Summary;

use crate::hint::Program;
use crate::terminal::{BAD, DIM, GOOD, NOTABLE, paint, paint_lead};

/// Where a run is kept.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// The folder of its logs.
    pub folder: &'a Path,
    /// Whether commands find it without being told.
    pub is_latest: bool,
    /// Its page; none if there is none yet.
    pub page: Option<&'a Path>,
}

/// The whole of it.
#[must_use]
pub fn conclusion(
    summary: &Summary,
    verdict: &Verdict,
    place: &Place<'_>,
    program: &Program,
) -> String {
    let named = (!place.is_latest).then_some(place.folder);
    let mut next = vec![
        (program.on_folder("log", named), "every event, in order"),
        (program.on_folder("check", named), "the verdict, rule by rule"),
    ];
    let mut kept = format!("Logs:   {}", place.folder.display());
    match place.page {
        Some(page) => kept.push_str(&format!("\nReport: {}", page.display())),
        None => next.push((program.on_folder("report --html", named), "all of it on one page")),
    }
    format!("{}\n\n{}\n\n{kept}\n\n{}", figures(summary), painted(verdict), hints(&next))
}

/// The table of a run and the sentences that say why.
pub(crate) fn figures(summary: &Summary) -> String {
    let mut text = summary.table().trim_end().to_owned();
    for sentence in summary.sentences() {
        text.push_str(&format!("\n\n{}", fill(&sentence)));
    }
    text
}

/// The verdict, its first word in the colour of its outcome.
pub(crate) fn painted(verdict: &Verdict) -> String {
    let style = match verdict.outcome {
        Outcome::Holds => GOOD,
        Outcome::Violated => BAD,
        Outcome::CannotTell => NOTABLE,
    };
    paint_lead(style, &verdict.to_string())
}

/// Columns that sentences are broken at.
const LINE_WIDTH: usize = 88;

/// Breaks lines so that none is longer than [`LINE_WIDTH`], unless one word is.
pub(crate) fn fill(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= LINE_WIDTH {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}

pub(crate) fn hints(commands: &[(String, &str)]) -> String {
    let width = commands.iter().map(|(command, _)| command.len()).max().unwrap_or_default();
    let lines: Vec<_> = commands
        .iter()
        .enumerate()
        .map(|(index, (command, what))| {
            let label = if index == 0 { "Next: " } else { "      " };
            format!("{label}{command:width$}   {}", paint(DIM, what))
        })
        .collect();
    lines.join("\n")
}
