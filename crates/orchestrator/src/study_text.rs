//! What a study says on a terminal.

use std::collections::BTreeMap;
use std::path::Path;

use report::{Study, StudyAnswer, StudyTable};

use crate::campaign::Failure;
use crate::conclusion::fill;

/// Failures that are listed.
const LISTED_MAX: usize = 10;

/// Failures by setting and seed.
pub(crate) type Failures = BTreeMap<(String, u64), Failure>;

/// The whole of it. `folder` is where it is kept.
pub(crate) fn text(study: &Study, failures: &Failures, folder: &Path) -> String {
    let mut text = format!("{}\n", StudyTable::of(study));
    for StudyAnswer { question, sentences, .. } in study.answers() {
        text += &format!("{}\n\n", fill(&question));
        for sentence in sentences {
            text += &format!("{}\n", fill(&sentence));
        }
        text.push('\n');
    }
    text += &fill(
        "Intervals are those of the mean, at 95 % by Student's t; differences are taken seed by \
         seed. A * marks those whose interval does not contain 0.",
    );
    text += &match failures.len() {
        0 => format!("\n\nThe judge holds each of the {} runs to be right.", study.runs()),
        some => format!("\n\nFailed: {some} of {} runs:", study.runs()),
    };
    for ((setting, seed), Failure { what, .. }) in failures.iter().take(LISTED_MAX) {
        text += &format!("\n  {setting}, seed {seed}: {what}");
    }
    if failures.len() > LISTED_MAX {
        text += &format!("\n  and {} more", failures.len() - LISTED_MAX);
    }
    let folder = folder.display();
    text += &format!("\n\nStudy:   {folder}/study.html, and as text {folder}/study.md");
    text += &format!("\nFigures: {folder}/study.json");
    text
}
