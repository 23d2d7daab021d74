//! `offbeat run`: starts the nodes, watches them, and judges what they logged.

use node::Exit;

use crate::check_command::exit_of;
use crate::cli::RunArgs;
use crate::complaint::Complaint;
use crate::conclusion::fill;
use crate::experiment::settings;
use crate::heading::outline;
use crate::live_run::{keep_tally, live_run};
use crate::live_tally::LiveTally;
use crate::plan::Plan;
use crate::results::Results;
use crate::run_folder::RunFolder;
use crate::settings_check::TimeKind;
use crate::stopping::{runtime, stop_on_signals};
use crate::terminal;
use crate::view::Showing;
use crate::watch::{Conduct, Watched};

pub(crate) fn run(args: RunArgs) -> Result<Exit, Complaint> {
    let settings = settings(args.experiment.as_deref(), args.options.settings, TimeKind::Real)?;
    let mut plan = Plan::new(&settings)?;
    if args.options.check_config {
        terminal::result(&outline(&plan.manifest, plan.rates_were_drawn, &plan.host, &plan.ports));
        return Ok(Exit::Done);
    }
    let folder = RunFolder::make(args.options.out.as_deref())?;
    let watched = runtime()?.block_on(async {
        live_run(&mut plan, &folder, Showing::Shown, &stop_on_signals()?).await
    })?;
    conclude(&folder, &watched)
}

fn on_not_kept(complaint: Complaint) -> Conduct {
    terminal::complain(&complaint.message);
    Conduct::Failed
}

/// Judges the logs, prints the conclusion and keeps it beside them.
fn conclude(folder: &RunFolder, watched: &Watched) -> Result<Exit, Complaint> {
    let results = Results::read(&folder.path)?;
    // What was found is told in any case: it may be that there is no space to keep it.
    let kept = keep_tally(&watched.tally, folder).and_then(|()| results.keep(folder));
    let page = kept.as_ref().ok().and_then(Option::as_deref);
    terminal::progress("");
    terminal::result(&format!("{}{}", told(&watched.tally), results.conclusion(folder, page)));
    let conduct = kept.map_or_else(on_not_kept, |_| watched.conduct);
    Ok(match (exit_of(&results.verdict), conduct) {
        (Exit::Violated, _) => Exit::Violated,
        (_, Conduct::Failed) => Exit::Failed,
        (_, Conduct::InFlight) => Exit::InFlight,
        (exit, Conduct::Good) => exit,
    })
}

/// What network and faults did, above all else; nothing if there were none.
fn told(tally: &LiveTally) -> String {
    let lines: Vec<_> = tally.sentences().iter().map(|sentence| fill(sentence)).collect();
    match lines.is_empty() {
        true => String::new(),
        false => format!("{}\n\n", lines.join("\n")),
    }
}
