//! `offbeat simulate`: a run in virtual time, or many.

use std::fmt::Write as _;

use check::Verdict;
use node::Exit;
use report::Summary;
use serde::Serialize;
use sim::Plan;
use stream::{Simulated, simulate, simulate_into};

use crate::campaign;
use crate::check_command::exit_of;
use crate::cli::SimulateArgs;
use crate::complaint::Complaint;
use crate::conclusion::{figures, hints, painted};
use crate::experiment::settings;
use crate::heading::virtual_outline;
use crate::hint::Program;
use crate::plan::seed;
use crate::results::Results;
use crate::run_folder::RunFolder;
use crate::run_manifest::RunManifest;
use crate::settings_check::TimeKind;
use crate::tally_text::{TallyJson, sentences};
use crate::terminal;
use crate::virtual_plan::virtual_plan;

pub(crate) fn run(args: SimulateArgs) -> Result<Exit, Complaint> {
    let settings = settings(args.experiment.as_deref(), args.settings.clone(), TimeKind::Virtual)?;
    if let Some(seeds) = args.seeds {
        return campaign::run(&settings, seeds, &args);
    }
    let plan = virtual_plan(&settings, seed(&settings)?);
    let outline = virtual_outline(&plan, settings.rates_are_drawn());
    if args.check_config {
        terminal::result(&outline);
        return Ok(Exit::Done);
    }
    terminal::progress(&format!("{outline}\n"));
    match &args.out {
        Some(out) => {
            check_logs(&plan)?;
            let folder = RunFolder::make(Some(out))?;
            let (run, text) = keep(plan, &folder)?;
            show(&run, &text, args.json)
        }
        None => {
            let seed = plan.manifest.seed;
            let run = simulate(plan).map_err(|error| Complaint::usage(error.to_string()))?;
            let text = unkept_conclusion(&run, seed);
            show(&run, &text, args.json)
        }
    }
}

/// The most machines that have a log each: every log is an open file.
pub(crate) const LOGS_MAX: u32 = 1000;

fn check_logs(plan: &Plan) -> Result<(), Complaint> {
    match plan.manifest.machines <= LOGS_MAX {
        true => Ok(()),
        false => {
            Err(Complaint::usage(format!("--out keeps the logs of at most {LOGS_MAX} machines"))
                .remedy("leave it out: figures and verdict need no logs"))
        }
    }
}

/// Simulates into a folder, and judges what stands there.
pub(crate) fn keep(plan: Plan, folder: &RunFolder) -> Result<(Simulated, String), Complaint> {
    folder.write_manifest(
        "# What this run was. It is an experiment, too: `offbeat simulate` repeats it.",
        &RunManifest::new(&plan.manifest, &plan.network, &plan.faults),
    )?;
    let tally = simulate_into(plan, &folder.path)?;
    let results = Results::read(&folder.path)?;
    let page = results.keep(folder)?;
    let mut text = results.conclusion(folder, page.as_deref());
    for sentence in sentences(&tally).iter().rev() {
        text.insert_str(0, &format!("{sentence}\n"));
    }
    let Results { analysis, verdict, .. } = results;
    Ok((Simulated { summary: analysis.summary, verdict, tally }, text))
}

/// What is said of a run whose logs were not kept.
fn unkept_conclusion(run: &Simulated, seed: u64) -> String {
    let mut text = String::new();
    for sentence in sentences(&run.tally) {
        let _ = writeln!(text, "{sentence}");
    }
    if !text.is_empty() {
        text.push('\n');
    }
    let program = Program::as_started();
    let again = program.virtually(&format!("--seed {seed}"));
    let next = [
        (format!("{again} --out DIR"), "the same run, its logs kept"),
        (program.virtually("--seeds 1..1000"), "a thousand runs"),
    ];
    let _ =
        write!(text, "{}\n\n{}\n\n{}", figures(&run.summary), painted(&run.verdict), hints(&next));
    text
}

fn show(run: &Simulated, text: &str, json: bool) -> Result<Exit, Complaint> {
    if json {
        let json =
            Json { summary: &run.summary, verdict: &run.verdict, tally: (&run.tally).into() };
        let json = serde_json::to_string_pretty(&json)
            .map_err(|error| Complaint::failed(format!("cannot write the figures: {error}")))?;
        terminal::result(&json);
    } else {
        terminal::result(text);
    }
    Ok(exit_code(run))
}

/// The exit code that says what a simulated run came to.
fn exit_code(run: &Simulated) -> Exit {
    match exit_of(&run.verdict) {
        Exit::Done if !run.tally.refusals.is_empty() => Exit::Failed,
        Exit::Done if run.has_messages_in_flight() => Exit::InFlight,
        exit => exit,
    }
}

/// What `--json` prints.
#[derive(Serialize)]
struct Json<'a> {
    summary: &'a Summary,
    verdict: &'a Verdict,
    tally: TallyJson,
}
