//! Many runs in virtual time, side by side on all cores, each judged.
//!
//! What comes out depends on the seeds alone, not on how many cores there are or
//! who is done first.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use check::Outcome;
use node::Exit;

use crate::campaign_report::{CampaignJson, text};
use crate::campaign_totals::Totals;
use crate::complaint::Complaint;
use crate::heading::{campaign_outline, progress_bar};
use crate::run_folder::RunFolder;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::simulate_command::keep;
use crate::stream::{Simulated, simulate};
use crate::terminal::{self, Canvas};
use crate::virtual_plan::virtual_plan;

/// The most failures whose logs are kept; more are counted.
const KEPT_MAX: usize = 10;

/// How often the progress is shown on a terminal.
const DRAW_EVERY: Duration = Duration::from_millis(200);

/// How often a line says how it goes where there is no terminal.
const SAY_EVERY: Duration = Duration::from_secs(10);

/// A run that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) outcome: Outcome,
    /// What is wrong, in one line.
    pub(crate) what: String,
}

/// Simulates the runs of all `seeds`.
pub(crate) fn run(
    settings: &Settings,
    seeds: Seeds,
    out: Option<&Path>,
    json: bool,
    check_config: bool,
) -> Result<Exit, Complaint> {
    let outline = campaign_outline(&virtual_plan(settings, seeds.first), seeds, settings);
    if check_config {
        terminal::result(&outline);
        return Ok(Exit::Done);
    }
    terminal::progress(&format!("{outline}\n"));
    let totals = simulate_all(settings, seeds)?;
    let folder = keep_failures(settings, &totals, out)?;
    if json {
        let json = serde_json::to_string_pretty(&CampaignJson::of(&totals))
            .map_err(|error| Complaint::failed(format!("cannot write the figures: {error}")))?;
        terminal::result(&json);
    } else {
        terminal::result(&text(&totals, folder.as_deref()));
    }
    Ok(exit_of(&totals.failures))
}

fn exit_of(failures: &BTreeMap<u64, Failure>) -> Exit {
    let any = |outcome| failures.values().any(|failure| failure.outcome == outcome);
    match () {
        () if any(Outcome::Violated) => Exit::Violated,
        () if any(Outcome::CannotTell) => Exit::CannotTell,
        () if !failures.is_empty() => Exit::Failed,
        () => Exit::Done,
    }
}

/// Simulates all, each core one run after another.
fn simulate_all(settings: &Settings, seeds: Seeds) -> Result<Totals, Complaint> {
    let next = AtomicU64::new(0);
    let done = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let totals = Mutex::new(Ok(Totals::default()));
    let work = || {
        let mut mine = Ok(Totals::default());
        while let index = next.fetch_add(1, Ordering::Relaxed)
            && index < seeds.count()
            && let Ok(totals) = &mut mine
        {
            let seed = seeds.first + index;
            match simulate(virtual_plan(settings, seed)) {
                Ok(run) => totals.add(seed, &run, failure(&run)),
                Err(error) => mine = Err(Complaint::usage(error.to_string())),
            }
            done.fetch_add(1, Ordering::Relaxed);
        }
        let mut all = totals.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *all = match (std::mem::replace(&mut *all, Ok(Totals::default())), mine) {
            (Ok(all), Ok(mine)) => Ok(all.and(mine)),
            (Err(error), _) | (_, Err(error)) => Err(error),
        };
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores()).map(|_| scope.spawn(work)).collect();
        scope.spawn(|| show_progress(&done, seeds.count(), &is_over));
        let results: Vec<_> = workers.into_iter().map(thread::ScopedJoinHandle::join).collect();
        is_over.store(true, Ordering::Relaxed);
        if let Some(Err(panic)) = results.into_iter().find(Result::is_err) {
            std::panic::resume_unwind(panic);
        }
    });
    totals.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// How many runs are simulated at once: as many as there are cores, or as the
/// environment says.
fn cores() -> usize {
    let said = std::env::var("OFFBEAT_CORES").ok().and_then(|text| text.parse().ok());
    said.filter(|&cores| cores > 0)
        .unwrap_or_else(|| thread::available_parallelism().map_or(1, NonZero::get))
}

/// Why a run fails the campaign, if it does.
fn failure(run: &Simulated) -> Option<Failure> {
    let what = match run.verdict.first_violation() {
        Some(violation) => format!("{}: {}", violation.rule.id(), violation.rule.claim()),
        None if run.verdict.outcome == Outcome::CannotTell => {
            run.verdict.reasons.first().map(|reason| reason.what.clone()).unwrap_or_default()
        }
        None if !run.tally.refusals.is_empty() => run.tally.refusals[0].clone(),
        None => return None,
    };
    Some(Failure { outcome: run.verdict.outcome, what })
}

fn show_progress(done: &AtomicU64, count: u64, is_over: &AtomicBool) {
    let width = Canvas::width();
    let mut canvas = Canvas::default();
    let mut said = Instant::now();
    while !is_over.load(Ordering::Relaxed) {
        thread::sleep(DRAW_EVERY.min(Duration::from_millis(50)));
        let done = done.load(Ordering::Relaxed);
        match width {
            Some(width) if said.elapsed() >= DRAW_EVERY => {
                said = Instant::now();
                canvas.draw(&[progress_bar(done, count, "runs").chars().take(width).collect()]);
            }
            None if said.elapsed() >= SAY_EVERY => {
                said = Instant::now();
                terminal::progress(&format!("{done} of {count} runs"));
            }
            _ => {}
        }
    }
    if width.is_some() {
        canvas.draw(&[]);
    }
}

/// Simulates the first failures again and keeps their logs; gives the folder that
/// they are in.
fn keep_failures(
    settings: &Settings,
    totals: &Totals,
    out: Option<&Path>,
) -> Result<Option<std::path::PathBuf>, Complaint> {
    if totals.failures.is_empty() {
        return Ok(None);
    }
    let folder = RunFolder::make_unpointed(out)?;
    for &seed in totals.failures.keys().take(KEPT_MAX) {
        let kept = RunFolder::make(Some(&folder.path.join(format!("seed-{seed}"))))?;
        keep(virtual_plan(settings, seed), &kept)?;
    }
    Ok(Some(folder.path))
}
