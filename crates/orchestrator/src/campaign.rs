//! Many runs in virtual time, side by side on all cores, each judged.
//!
//! What comes out depends on the seeds alone, not on how many cores there are or
//! who is done first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use check::{Outcome, Verdict};
use node::Exit;
use serde::{Deserialize, Serialize};
use stream::{Simulated, simulate};
use tokio_util::sync::CancellationToken;

use crate::campaign_report::{CampaignJson, text};
use crate::campaign_totals::Totals;
use crate::cli::SimulateArgs;
use crate::complaint::Complaint;
use crate::heading::campaign_outline;
use crate::run_folder::RunFolder;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::side_by_side::{cores, side_by_side};
use crate::simulate_command::LOGS_MAX;
use crate::simulate_command::keep;
use crate::stopping::{runtime, stoppable};
use crate::terminal;
use crate::virtual_plan::virtual_plan;

/// The most failures whose logs are kept; more are counted.
const KEPT_MAX: usize = 10;

/// A run that does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    pub(crate) outcome: Outcome,
    /// What is wrong, in one line.
    pub(crate) what: String,
}

/// Simulates the runs of all `seeds`.
pub(crate) fn run(
    settings: &Settings,
    seeds: Seeds,
    args: &SimulateArgs,
) -> Result<Exit, Complaint> {
    let outline = campaign_outline(&virtual_plan(settings, seeds.first), seeds, settings);
    if args.check_config {
        terminal::result(&outline);
        return Ok(Exit::Done);
    }
    if let Some(out) = &args.out {
        RunFolder::check(out)?;
    }
    terminal::progress(&format!("{outline}\n"));
    let (settings, cores, out) = (settings.clone(), cores(args.cores), args.out.clone());
    let simulating = stoppable(move |stop| {
        let totals = simulate_all(&settings, seeds, cores, stop)?;
        let kept = keep_failures(&settings, &totals, out.as_deref(), stop);
        Ok::<_, Complaint>((totals, kept))
    });
    let (totals, kept) = runtime()?.block_on(simulating)??;
    let left = seeds.after(totals.runs);
    // What was found is told even if its logs cannot be kept.
    let folder = kept.unwrap_or_else(|complaint| {
        terminal::complain(&complaint.message);
        None
    });
    if args.json {
        let json = serde_json::to_string_pretty(&CampaignJson::of(&totals, left))
            .map_err(|error| Complaint::failed(format!("cannot write the figures: {error}")))?;
        terminal::result(&json);
    } else {
        terminal::result(&text(&totals, folder.as_deref(), left));
    }
    Ok(match (exit_of(&totals.failures), left) {
        (Exit::Done, Some(_)) => Exit::CannotTell,
        (exit, _) => exit,
    })
}

/// The exit code that says the worst of these.
pub(crate) fn exit_of<K>(failures: &BTreeMap<K, Failure>) -> Exit {
    let any = |outcome| failures.values().any(|failure| failure.outcome == outcome);
    match () {
        () if any(Outcome::Violated) => Exit::Violated,
        () if any(Outcome::CannotTell) => Exit::CannotTell,
        () if !failures.is_empty() => Exit::Failed,
        () => Exit::Done,
    }
}

/// Simulates all, each core one run after another.
fn simulate_all(
    settings: &Settings,
    seeds: Seeds,
    cores: u64,
    stop: &CancellationToken,
) -> Result<Totals, Complaint> {
    let sums = side_by_side(seeds.count(), cores, stop, |mine: &mut Sum, index| {
        let seed = seeds.first + index;
        if let Ok(totals) = &mut mine.0 {
            match simulate(virtual_plan(settings, seed)) {
                Ok(run) => totals.add(seed, &run, failure(&run)),
                Err(error) => mine.0 = Err(Complaint::usage(error.to_string())),
            }
        }
    });
    sums.into_iter().try_fold(Totals::default(), |all, Sum(mine)| Ok(all.and(mine?)))
}

/// What the runs of one core came to.
struct Sum(Result<Totals, Complaint>);

impl Default for Sum {
    fn default() -> Self {
        Self(Ok(Totals::default()))
    }
}

/// Why a run fails the campaign, if it does.
pub(crate) fn failure(run: &Simulated) -> Option<Failure> {
    let refusal = run.tally.refusals.first().cloned();
    Some(Failure { outcome: run.verdict.outcome, what: fault_of(&run.verdict).or(refusal)? })
}

/// What the judge finds wrong, in one line, if it does.
pub(crate) fn fault_of(verdict: &Verdict) -> Option<String> {
    match verdict.first_violation() {
        Some(violation) => Some(format!("{}: {}", violation.rule.id(), violation.rule.claim())),
        None if verdict.outcome == Outcome::CannotTell => {
            Some(verdict.reasons.first().map(|reason| reason.what.clone()).unwrap_or_default())
        }
        None => None,
    }
}

/// Simulates the first failures again and keeps their logs, until it is told to stop if it
/// was not before; gives the folder that they are in.
fn keep_failures(
    settings: &Settings,
    totals: &Totals,
    out: Option<&Path>,
    stop: &CancellationToken,
) -> Result<Option<PathBuf>, Complaint> {
    if totals.failures.is_empty() || settings.machine_count() > LOGS_MAX {
        return Ok(None);
    }
    let folder = RunFolder::make_unpointed(out)?;
    let was_stopped = stop.is_cancelled();
    for &seed in totals.failures.keys().take(KEPT_MAX) {
        let kept = RunFolder::make(Some(&folder.path.join(format!("seed-{seed}"))))?;
        keep(virtual_plan(settings, seed), &kept)?;
        if stop.is_cancelled() && !was_stopped {
            break;
        }
    }
    Ok(Some(folder.path))
}
