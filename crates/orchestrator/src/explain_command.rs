//! `offbeat explain`: why an event has the clock that it has.

use std::path::PathBuf;

use clap::Args;
use journal::Folder;
use node::Exit;
use report::{EventName, History};

use crate::complaint::Complaint;
use crate::conclusion::fill;
use crate::terminal;

/// Stretches of the chain that are shown without `--all`: the last ones.
const STRETCHES_MAX: usize = 20;

#[derive(Debug, Args)]
#[command(allow_missing_positional = true)]
pub(crate) struct ExplainArgs {
    /// The folder with the logs of a run
    #[arg(value_name = "DIR", default_value = "runs/latest")]
    pub(crate) folder: PathBuf,

    /// The event: machine and clock, as 1:57, or machine and tick, as 1:tick:12
    #[arg(value_name = "EVENT", required = true)]
    pub(crate) event: EventName,

    /// Show the whole chain of causes, not only its last 20 stretches
    #[arg(long)]
    pub(crate) all: bool,
}

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Complaint> {
    let folder = Folder::open(&args.folder)?;
    let (history, errors) = History::read(&folder);
    let explanation =
        history.explain(args.event).map_err(|error| Complaint::usage(error.to_string()))?;
    let mut text = format!("{}\n{}\n", explanation.what, fill(&explanation.why));
    for line in &explanation.around {
        text.push_str(&format!("\n{line}"));
    }
    text.push_str(&format!("\n\n{}", explanation.chain));
    let stretches = &explanation.stretches;
    let hidden = if args.all { 0 } else { stretches.len().saturating_sub(STRETCHES_MAX) };
    if hidden > 0 {
        text.push_str(&format!("\n  {hidden} earlier stretches, shown by --all"));
    }
    for stretch in &stretches[hidden..] {
        text.push_str(&format!("\n  {stretch}"));
    }
    terminal::result(&text);
    Ok(match errors.first() {
        None => Exit::Done,
        Some(error) => {
            terminal::complain(&format!("{error}\nWhat comes after that is left out."));
            Exit::LogRefused
        }
    })
}
