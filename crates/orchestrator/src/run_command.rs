//! `offbeat run`: starts the nodes, watches them, and judges what they logged.

use std::io;

use node::Exit;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use crate::check_command::exit_of;
use crate::cli::RunArgs;
use crate::complaint::Complaint;
use crate::conclusion::fill;
use crate::experiment::settings;
use crate::heading::outline;
use crate::live_tally::LiveTally;
use crate::plan::Plan;
use crate::ports::first_taken;
use crate::results::Results;
use crate::run_folder::RunFolder;
use crate::settings_check::TimeKind;
use crate::terminal;
use crate::watch::{Conduct, Watch, Watched};

pub(crate) fn run(args: RunArgs) -> Result<Exit, Complaint> {
    let settings = settings(args.experiment.as_deref(), args.options.settings, TimeKind::Real)?;
    let mut plan = Plan::new(&settings)?;
    if args.options.check_config {
        terminal::result(&outline(&plan.manifest, plan.rates_were_drawn, &plan.host, &plan.ports));
        return Ok(Exit::Done);
    }
    let folder = RunFolder::make(args.options.out.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Complaint::failed(format!("cannot start: {error}")))?;
    let watched = runtime.block_on(conduct(&mut plan, &folder))?;
    conclude(&folder, &watched)
}

/// Runs the nodes to their end, on other ports if the default ones are taken.
async fn conduct(plan: &mut Plan, folder: &RunFolder) -> Result<Watched, Complaint> {
    let stop = stop_on_signals()
        .map_err(|error| Complaint::failed(format!("cannot listen for signals: {error}")))?;
    if plan.ports_may_change {
        leave_taken_ports(plan)?;
    }
    let first = watch(plan, folder, &stop).await?;
    let has_failed = !first.began && first.conduct == Conduct::Failed;
    if !has_failed || !plan.ports_may_change || first_taken(&plan.host, &plan.ports).is_none() {
        return Ok(first);
    }
    leave_taken_ports(plan)?;
    watch(plan, folder, &stop).await
}

async fn watch(
    plan: &mut Plan,
    folder: &RunFolder,
    stop: &CancellationToken,
) -> Result<Watched, Complaint> {
    let proxy = plan.lay_proxy()?;
    Ok(Watch::start(plan, folder, proxy, stop)?.run_to_end().await)
}

/// Changes to free ports if one is taken, and says so.
fn leave_taken_ports(plan: &mut Plan) -> Result<(), Complaint> {
    if let Some((port, error)) = first_taken(&plan.host, &plan.ports) {
        plan.change_ports()?;
        terminal::progress(&format!("Port {port} cannot be used ({error}): taking free ones."));
    }
    Ok(())
}

fn stop_on_signals() -> io::Result<CancellationToken> {
    let stop = CancellationToken::new();
    for kind in [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()] {
        let mut signals = signal(kind)?;
        let stop = stop.clone();
        tokio::spawn(async move {
            signals.recv().await;
            stop.cancel();
        });
    }
    Ok(stop)
}

fn on_not_kept(complaint: Complaint) -> Conduct {
    terminal::complain(&complaint.message);
    Conduct::Failed
}

/// Judges the logs, prints the conclusion and keeps it beside them.
fn conclude(folder: &RunFolder, watched: &Watched) -> Result<Exit, Complaint> {
    let results = Results::read(&folder.path)?;
    // What was found is told in any case: it may be that there is no space to keep it.
    let kept = keep(&watched.tally, folder).and_then(|()| results.keep(folder));
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

fn keep(tally: &LiveTally, folder: &RunFolder) -> Result<(), Complaint> {
    match tally.is_empty() {
        true => Ok(()),
        false => folder.write_json("faults.json", &tally.json()),
    }
}
