//! `offbeat study`: several settings under many seeds, in virtual time or live.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use journal::Timespan;
use node::Exit;
use report::{Setting, Study, StudyDocument, answer_charts, markdown, study_page};
use tokio_util::sync::CancellationToken;

use crate::campaign::exit_of;
use crate::complaint::Complaint;
use crate::hint::Program;
use crate::seeds::Seeds;
use crate::settings_check::TimeKind;
use crate::side_by_side::{cores, side_by_side};
use crate::stopping::{runtime, stop_on_signals, stoppable};
use crate::study_file::{Asked, StudyPlan, seeds_of};
use crate::study_folder::StudyFolder;
use crate::study_live::{Ending, run_live};
use crate::study_outline::{in_words, study_time};
use crate::study_run::{Job, StudyRun};
use crate::study_text::{Failures, text};
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct StudyArgs {
    /// The name of a study that is built in, as assignment, or a file of that form
    #[arg(value_name = "PRESET|FILE.toml")]
    study: String,

    /// Run real node processes, as offbeat run does [default: as the study says]
    #[arg(long = "live", conflicts_with = "is_virtual")]
    is_live: bool,

    /// Run in virtual time
    #[arg(long = "virtual")]
    is_virtual: bool,

    /// The seeds that each setting is run under: how many, or FROM..TO [default: the study's]
    #[arg(long, value_name = "SEEDS", env = "OFFBEAT_SEEDS", hide_env = true, value_parser = seeds_of)]
    seeds: Option<Seeds>,

    /// How long each run lasts, as 10s, to try it [default: as the settings say]
    #[arg(long, value_name = "TIME", env = "OFFBEAT_DURATION", hide_env = true)]
    duration: Option<Timespan>,

    /// How many runs go on at once [default: as many as there are cores; live, as many as do
    /// not disturb each other]
    #[arg(long, value_name = "N", env = "OFFBEAT_CORES", hide_env = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    cores: Option<u16>,

    /// Where the results go: a folder that is absent or empty, or that of this very study, which
    /// then goes on [default: runs/DATE-TIME]
    #[arg(long, value_name = "DIR", env = "OFFBEAT_OUT", hide_env = true)]
    out: Option<PathBuf>,

    /// Print all of it as JSON
    #[arg(long)]
    json: bool,
}

impl StudyArgs {
    fn asked(&self) -> Asked {
        let live = self.is_live.then_some(TimeKind::Real);
        let time = live.or(self.is_virtual.then_some(TimeKind::Virtual));
        Asked { seeds: self.seeds, time, duration: self.duration }
    }
}

/// Finished runs.
type Runs = BTreeMap<Job, StudyRun>;

pub(crate) fn run(args: &StudyArgs) -> Result<Exit, Complaint> {
    let plan = StudyPlan::read(&args.study, args.asked())?;
    let folder = Arc::new(StudyFolder::open(args.out.as_deref(), &plan)?);
    let mut runs = folder.finished(&plan)?;
    let missing: Vec<_> = plan.jobs().filter(|job| !runs.contains_key(job)).collect();
    terminal::progress(&heading(&plan, runs.len(), &folder));
    let endings = runtime()?.block_on(make(&plan, &folder, missing, args.cores))?;
    let unfinished = sort(&plan, endings, &mut runs);
    if let Some(exit) = unfinished {
        terminal::progress(&how_to_go_on(&plan, runs.len(), &folder));
        return Ok(exit);
    }
    let failures = failures(&plan, &runs);
    let study = study(&plan, runs);
    let json = write_documents(&study, &folder)?;
    terminal::result(&if args.json { json } else { text(&study, &failures, &folder.path) });
    Ok(exit_of(&failures))
}

/// What is about to be done.
fn heading(plan: &StudyPlan, done: usize, folder: &StudyFolder) -> String {
    let Seeds { first, last } = plan.seeds;
    let what = match plan.time {
        TimeKind::Virtual => "runs in virtual time",
        TimeKind::Real => "live runs",
    };
    let mut text = format!(
        "{}: {} settings under seeds {first} to {last}, {} {what}.\n",
        plan.title,
        plan.settings.len(),
        plan.runs()
    );
    if done > 0 {
        text += &format!("{done} of them are done, in {}.\n", folder.path.display());
    }
    text
}

/// Makes the runs that are missing.
async fn make(
    plan: &StudyPlan,
    folder: &Arc<StudyFolder>,
    jobs: Vec<Job>,
    at_once: Option<u16>,
) -> Result<Vec<(Job, Ending)>, Complaint> {
    if plan.time == TimeKind::Real {
        return Ok(run_live(plan, folder, jobs, at_once, &stop_on_signals()?).await);
    }
    let (plan, folder) = (plan.clone(), Arc::clone(folder));
    stoppable(move |stop| simulate(&plan, &folder, &jobs, cores(at_once), stop)).await
}

fn simulate(
    plan: &StudyPlan,
    folder: &StudyFolder,
    jobs: &[Job],
    cores: u64,
    stop: &CancellationToken,
) -> Vec<(Job, Ending)> {
    let step = |mine: &mut Vec<_>, index: u64| {
        let job = jobs[index as usize];
        let kept = StudyRun::simulate(plan, job)
            .and_then(|run| folder.keep(plan, job, &run).map(|()| Ending::Done(Box::new(run))));
        mine.push((job, kept.unwrap_or_else(|complaint| Ending::Failed(complaint.message))));
    };
    let sums = side_by_side(jobs.len() as u64, cores, stop, step);
    let mut endings: Vec<_> = sums.into_iter().flatten().collect();
    let left = &jobs[endings.len()..];
    endings.extend(left.iter().map(|&job| (job, Ending::Unfinished)));
    endings
}

/// Puts the finished runs among the others. Says which failed, and gives the exit code
/// if the study is not done.
fn sort(plan: &StudyPlan, endings: Vec<(Job, Ending)>, runs: &mut Runs) -> Option<Exit> {
    let mut exit = None;
    for (job, ending) in endings {
        match ending {
            Ending::Done(run) => drop(runs.insert(job, *run)),
            Ending::Unfinished => exit = exit.or(Some(Exit::CannotTell)),
            Ending::Failed(what) => {
                let (setting, _) = &plan.settings[job.setting];
                terminal::complain(&format!("{setting}, seed {}: {what}", job.seed));
                exit = Some(Exit::Failed);
            }
        }
    }
    exit
}

fn how_to_go_on(plan: &StudyPlan, done: usize, folder: &StudyFolder) -> String {
    let typed = Program::as_started().typed_with_out(&folder.path);
    format!("{done} of {} runs are done and kept. To go on:\n  {typed}", plan.runs())
}

fn failures(plan: &StudyPlan, runs: &Runs) -> Failures {
    let name = |job: &Job| (plan.settings[job.setting].0.clone(), job.seed);
    let failure = |(job, run): (&Job, &StudyRun)| Some((name(job), run.failure.clone()?));
    runs.iter().filter_map(failure).collect()
}

fn study(plan: &StudyPlan, runs: Runs) -> Study {
    let mut settings: Vec<_> = plan
        .settings
        .iter()
        .map(|(name, settings)| Setting {
            name: name.clone(),
            what: in_words(settings, plan.seeds.first),
            draws_rates: settings.rates_are_drawn(),
            runs: Vec::new(),
            sketches: BTreeMap::new(),
        })
        .collect();
    for (job, run) in runs {
        let setting = &mut settings[job.setting];
        setting.runs.push(run.figures);
        setting.sketches.extend(run.sketch.map(|sketch| (job.seed, sketch)));
    }
    let StudyPlan { title, question, variations, .. } = plan.clone();
    Study { title, question, time: study_time(plan.time), settings, variations }
}

/// Writes the study into its folder; gives it as JSON, too.
fn write_documents(study: &Study, folder: &StudyFolder) -> Result<String, Complaint> {
    let json = serde_json::to_string_pretty(&StudyDocument::of(study))
        .map_err(|error| Complaint::failed(format!("cannot write the study: {error}")))?;
    folder.write("study.json", &format!("{json}\n"))?;
    for chart in answer_charts(study) {
        folder.write(&chart.name, &chart.svg)?;
    }
    folder.write("study.md", &markdown(study))?;
    folder.write("study.html", &study_page(study, |name, seed| folder.page_of(name, seed)))?;
    Ok(json)
}
