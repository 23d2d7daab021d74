//! `offbeat report`: what a run amounted to, and what it shows; of several runs,
//! what differs.

use std::path::PathBuf;

use clap::Args;
use journal::Folder;
use node::Exit;
use report::{Analysis, Comparison, PredictionTable, findings};
use serde::Serialize;

use crate::complaint::Complaint;
use crate::conclusion::{figures, fill};
use crate::page_command::write_page;
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The folders with the logs of the runs; of several, what differs is shown
    #[arg(value_name = "DIR", default_value = "runs/latest")]
    pub(crate) folders: Vec<PathBuf>,

    /// Print the figures as JSON; of several runs, a list
    #[arg(long)]
    pub(crate) json: bool,

    /// Write report.html beside the logs: findings, charts, and a diagram of all events
    #[arg(long, conflicts_with = "json")]
    pub(crate) html: bool,
}

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Complaint> {
    let mut runs = Vec::new();
    let mut pages = Vec::new();
    let mut exit = Exit::Done;
    for path in &args.folders {
        let folder = Folder::open(path)?;
        let (analysis, errors) = Analysis::read(&folder);
        if !errors.is_empty() {
            exit = Exit::LogRefused;
        }
        if args.html {
            pages.push(write_page(&folder, &analysis)?.display().to_string());
        }
        runs.push((path.display().to_string(), analysis));
    }
    terminal::result(&match runs.as_slice() {
        _ if args.html => pages.join("\n"),
        [(_, run)] if args.json => json(&run.document())?,
        several if args.json => {
            json(&several.iter().map(|(_, run)| run.document()).collect::<Vec<_>>())?
        }
        [(_, run)] => report(run),
        several => compared(several),
    });
    Ok(exit)
}

fn json(value: &impl Serialize) -> Result<String, Complaint> {
    serde_json::to_string_pretty(value)
        .map_err(|error| Complaint::failed(format!("cannot write the figures: {error}")))
}

/// The table, the prediction beside it, and what the run shows.
fn report(run: &Analysis) -> String {
    // The table has said already what is damaged.
    let found: Vec<_> =
        findings(run).into_iter().filter(|finding| finding.kind != "damaged_log").collect();
    if found.is_empty() {
        return figures(&run.summary);
    }
    let mut table = run.summary.table().trim_end().to_owned();
    if let Some(prediction) = PredictionTable::of(run) {
        table.push_str(&format!("\n\n{prediction}"));
    }
    found.iter().fold(table, |text, finding| format!("{text}\n\n{}", fill(&finding.sentence)))
}

/// The runs side by side, and what was wrong with their logs.
fn compared(runs: &[(String, Analysis)]) -> String {
    let mut text = Comparison::of(runs).to_string().trim_end().to_owned();
    for error in runs.iter().flat_map(|(_, run)| &run.summary.damage) {
        text.push_str(&format!("\n{error}. The figures count up to there."));
    }
    text
}
