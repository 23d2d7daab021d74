//! The live runs of a study, side by side: real node processes, each run in a folder of
//! its own, judged when it ends.
//!
//! Machines that tick a few times a second leave a computer idle, so many runs go on at
//! once. How many is bounded by what they cost, so that none is late because of others.

use std::path::Path;
use std::sync::Arc;

use check::Outcome;
use journal::{Manifest, StopReason};
use report::{Sketch, Trace};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::campaign::{Failure, fault_of};
use crate::complaint::Complaint;
use crate::live_run::{keep_tally, live_run};
use crate::plan::{Plan, manifest};
use crate::ports::Ports;
use crate::results::Results;
use crate::run_folder::RunFolder;
use crate::settings::Settings;
use crate::study_board::{Board, show_progress};
use crate::study_file::StudyPlan;
use crate::study_folder::StudyFolder;
use crate::study_run::{Job, StudyRun};
use crate::terminal::Canvas;
use crate::view::Showing;
use crate::watch::{Conduct, Watched};

/// What all runs that go on at once may cost together: as many shares as there may be
/// node processes. On two cores, 360 that ticked 1 to 6 times a second missed no slot,
/// which is to be reached within 50 ms; a third of that leaves room on lesser computers.
const SHARES: u32 = 120;

/// Ticks a second that one share is good for: a machine of more takes more shares.
const TICKS_A_SHARE: f64 = 50.0;

/// How a run of a study ended.
#[derive(Debug)]
pub(crate) enum Ending {
    Done(Box<StudyRun>),
    /// It was ended early, or never begun, because the study was.
    Unfinished,
    /// Its nodes failed, or something could not be written.
    Failed(String),
}

/// What the runs of a study share.
struct Lab {
    plan: StudyPlan,
    folder: Arc<StudyFolder>,
    /// What may go on at once.
    shares: Semaphore,
    /// Whether a share is a run, whatever that costs.
    are_counted: bool,
    board: Board,
    stop: CancellationToken,
}

/// Makes these runs, `at_once` side by side if that is given.
pub(crate) async fn run_live(
    plan: &StudyPlan,
    folder: &Arc<StudyFolder>,
    jobs: Vec<Job>,
    at_once: Option<u16>,
    stop: &CancellationToken,
) -> Vec<(Job, Ending)> {
    let seconds: f64 = jobs.iter().map(|job| duration(plan, *job)).sum();
    let lab = Arc::new(Lab {
        plan: plan.clone(),
        folder: Arc::clone(folder),
        shares: Semaphore::new(at_once.map_or(SHARES, u32::from) as usize),
        are_counted: at_once.is_some(),
        board: Board::new(jobs.len(), seconds),
        stop: stop.clone(),
    });
    let mut runs = JoinSet::new();
    for job in jobs {
        runs.spawn(one_run(Arc::clone(&lab), job));
    }
    let endings = async {
        let mut endings = Vec::new();
        while let Some(ending) = runs.join_next().await {
            endings
                .push(ending.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic())));
        }
        endings
    };
    let mut canvas = Canvas::default();
    let endings = tokio::select! {
        endings = endings => endings,
        never = show_progress(&lab.board, &lab.stop, &mut canvas) => match never {},
    };
    if Canvas::width().is_some() {
        canvas.draw(&[]);
    }
    endings
}

fn duration(plan: &StudyPlan, job: Job) -> f64 {
    manifest_of(plan, job).duration.map_or(0.0, |duration| duration.as_secs_f64())
}

fn manifest_of(plan: &StudyPlan, job: Job) -> Manifest {
    manifest(&plan.settings[job.setting].1, job.seed, String::new())
}

/// What a run costs, all at most; one without pacing takes all that it gets.
fn cost(manifest: &Manifest, all: u32) -> u32 {
    let shares = |rate: f64| (rate / TICKS_A_SHARE).ceil().max(1.0) as u32;
    let machines = manifest.rates.iter().map(|rate| rate.per_second().map(shares));
    machines.sum::<Option<u32>>().unwrap_or(all).min(all)
}

async fn one_run(lab: Arc<Lab>, job: Job) -> (Job, Ending) {
    let manifest = manifest_of(&lab.plan, job);
    let cost = if lab.are_counted { 1 } else { cost(&manifest, SHARES) };
    let permit = tokio::select! {
        biased;
        () = lab.stop.cancelled() => return (job, Ending::Unfinished),
        permit = lab.shares.acquire_many(cost) => permit,
    };
    let place = lab.board.begin(duration(&lab.plan, job));
    let ending = live(&lab, job).await;
    lab.board.end(place);
    drop(permit);
    (job, ending.unwrap_or_else(|complaint| Ending::Failed(complaint.message)))
}

async fn live(lab: &Lab, job: Job) -> Result<Ending, Complaint> {
    let logs = lab.folder.logs(&lab.plan, job);
    // It ended just before its study did: it is judged, and not made again.
    if logs.exists() {
        return judged(lab, job, &RunFolder::there(&logs), Conduct::Good);
    }
    let (name, settings) = &lab.plan.settings[job.setting];
    let under_way = lab.folder.under_way(&logs)?;
    let mut plan = Plan::new(&Settings {
        seed: Some(job.seed),
        ports: Some(Ports::Auto),
        name: Some(name.clone()),
        ..settings.clone()
    })?;
    let folder = RunFolder::make_unpointed(Some(&under_way))?;
    let watched = live_run(&mut plan, &folder, Showing::Quiet, &lab.stop).await?;
    if let Some(ending) = not_done(&watched, lab.stop.is_cancelled(), &under_way)? {
        return Ok(ending);
    }
    lab.folder.done(&under_way, &logs)?;
    let folder = RunFolder::there(&logs);
    keep_tally(&watched.tally, &folder)?;
    judged(lab, job, &folder, watched.conduct)
}

/// The ending of a run that cannot be counted; none if it can.
fn not_done(
    watched: &Watched,
    was_stopped: bool,
    folder: &Path,
) -> Result<Option<Ending>, Complaint> {
    if was_stopped && !lasted(folder)? {
        return Ok(Some(Ending::Unfinished));
    }
    let what = || match watched.complaints.is_empty() {
        true => "its nodes failed".to_owned(),
        false => watched.complaints.join("\n"),
    };
    Ok((watched.conduct == Conduct::Failed).then(|| Ending::Failed(what())))
}

/// Whether every machine stopped because its time was over.
fn lasted(folder: &Path) -> Result<bool, Complaint> {
    let run = Results::read(folder)?.analysis.summary;
    let mut machines = run.machines.iter();
    Ok(machines.all(|machine| machine.statistics.stop_reason == Some(StopReason::Duration)))
}

/// Judges the logs, keeps what `offbeat run` keeps beside them, and counts the run.
fn judged(lab: &Lab, job: Job, folder: &RunFolder, conduct: Conduct) -> Result<Ending, Complaint> {
    let results = Results::read(&folder.path)?;
    results.keep(folder)?;
    let sketch = lab.plan.is_sketched(job).then(|| Sketch::of(&Trace::read(&results.logs)));
    let outcome = results.verdict.outcome;
    let in_flight = (conduct == Conduct::InFlight && outcome == Outcome::Holds)
        .then(|| "a machine stopped with messages in flight".to_owned());
    let what = fault_of(&results.verdict).or(in_flight);
    let failure = what.map(|what| Failure { outcome, what });
    let run = StudyRun::of(&results.analysis, job, sketch, outcome, failure);
    lab.folder.keep(&lab.plan, job, &run)?;
    Ok(Ending::Done(Box::new(run)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_costs_what_its_machines_tick() {
        let manifest = |rates: &str| {
            let rates = Some(rates.parse().unwrap());
            manifest(&Settings { rates, ..Settings::default() }, 1, String::new())
        };
        let cost = |rates: &str| cost(&manifest(rates), SHARES);
        assert_eq!(cost("1,3,6"), 3);
        assert_eq!(cost("1,50,51"), 4);
        assert_eq!(cost("1,3,max"), SHARES, "it takes all that it gets");
        assert_eq!(cost("100000"), SHARES, "more than there is cannot be had");
    }
}
