//! A study as a document in Markdown.

use std::fmt::Write as _;

use super::page::{TICKS_MAX, answer_charts};
use super::results::Study;
use super::table::{HEADER, StudyTable};
use crate::page::tint::TINTS;

/// How a chart of an answer is read, and what it leaves out.
pub(super) fn reading(study: &Study) -> String {
    let has_ticks = study.settings.iter().all(|setting| setting.runs.len() <= TICKS_MAX);
    let ticks = match has_ticks {
        true => "each thin tick is a run".to_owned(),
        false => format!("of more than {TICKS_MAX} runs none is drawn by itself"),
    };
    let machines = study.machines();
    let rest = match machines {
        ..=TINTS => String::new(),
        _ => format!(
            " Of {machines} machines only {} are drawn; the file study.json has all.",
            study.drawn()
        ),
    };
    format!(
        "A dot is the mean over the runs, its line the 95 % interval of that mean; {ticks}. A \
         hollow dot is a difference whose interval contains 0: none is shown.{rest}"
    )
}

/// The study as a document: what it asks, the answers with their charts, which are
/// [files](answer_charts()) beside it, and what each setting came to.
#[must_use]
pub fn markdown(study: &Study) -> String {
    let mut text = format!(
        "# {}\n\n{}\n\nWith the course of every run: [study.html](study.html).\n\n{}\n",
        study.title,
        study.question,
        reading(study)
    );
    for (answer, chart) in study.answers().into_iter().zip(answer_charts(study)) {
        let _ = write!(text, "\n## {}\n\n", answer.question);
        for sentence in answer.sentences {
            let _ = writeln!(text, "- {sentence}");
        }
        let _ = write!(text, "\n![{}]({})\n", chart.title, chart.name);
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
