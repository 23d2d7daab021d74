//! A study as a document in Markdown.

use std::fmt::Write as _;

use super::results::Study;
use super::table::{HEADER, StudyTable};

/// The study as a document: what it asks, what each setting came to, and the answers
/// to the four questions if it has them.
#[must_use]
pub fn markdown(study: &Study) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\nWith charts: [study.html](study.html).\n",
        study.title, study.question
    );
    for answer in study.answers() {
        let _ = write!(text, "\n## {}\n\n", answer.question);
        for sentence in answer.sentences {
            let _ = writeln!(text, "- {sentence}");
        }
    }
    text.push_str("\n## Figures\n");
    for (heading, rows) in StudyTable::of(study).settings {
        let _ = write!(text, "\n### {heading}\n\n| {} |\n", HEADER.join(" | "));
        text.push_str("|---|---:|---|---:|---|\n");
        for row in rows {
            let _ = writeln!(text, "| {} |", escaped(&row.join(" | ")));
        }
    }
    let _ = write!(text, "\n## How this was made\n\n{}\n", escaped(&method(study)));
    text
}

/// A star is a star.
fn escaped(text: &str) -> String {
    text.replace('*', "\\*")
}

/// How many runs there were, what was held of them, and what intervals and marks mean.
pub(super) fn method(study: &Study) -> String {
    let unsound: usize = study.settings.iter().map(|setting| setting.unsound().count()).sum();
    let judged = match unsound {
        0 => "the judge found every one of them right".to_owned(),
        some => format!("the judge did not find {some} of them right"),
    };
    format!(
        "{} {}; {judged}. Intervals are those of the mean over the seeds, at 95 % \
         by Student's t. Differences are taken seed by seed, and are marked with * where their \
         interval does not contain 0. Many intervals stand here, each right 19 times in 20: of \
         20 marks one may be chance.",
        study.runs(),
        study.time.of_runs()
    )
}
