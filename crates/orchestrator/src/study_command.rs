//! `offbeat study`: several settings under many seeds, in virtual time.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use journal::Manifest;
use node::Exit;
use report::{
    Analysis, RunFigures, Setting, Study, StudyAnswer, StudyDocument, StudyTable, markdown,
};

use crate::campaign::{Failure, exit_of, failure};
use crate::complaint::Complaint;
use crate::conclusion::fill;
use crate::heading::and_some;
use crate::rates::Rates;
use crate::run_folder::RunFolder;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::side_by_side::{cores, side_by_side};
use crate::stream::simulate_and_record;
use crate::study_file::{StudyPlan, seeds_of};
use crate::terminal;
use crate::virtual_plan::virtual_plan;

#[derive(Debug, Args)]
pub(crate) struct StudyArgs {
    /// The name of a study that is built in, as assignment, or a file of that form
    #[arg(value_name = "PRESET|FILE.toml")]
    study: String,

    /// The seeds that each setting is run under: how many, or FROM..TO [default: the study's]
    #[arg(long, value_name = "SEEDS", env = "OFFBEAT_SEEDS", hide_env = true, value_parser = seeds_of)]
    seeds: Option<Seeds>,

    /// How many runs are simulated at once [default: as many as there are cores]
    #[arg(long, value_name = "N", env = "OFFBEAT_CORES", hide_env = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    cores: Option<u16>,

    /// Keep study.json and study.md, in a folder that is absent or empty [default: none]
    #[arg(long, value_name = "DIR", env = "OFFBEAT_OUT", hide_env = true)]
    out: Option<PathBuf>,

    /// Print all of it as JSON
    #[arg(long)]
    json: bool,
}

/// What one core's runs came to, by their places among all.
type Done = Vec<(u64, Result<(RunFigures, Option<Failure>), Complaint>)>;

pub(crate) fn run(args: &StudyArgs) -> Result<Exit, Complaint> {
    let plan = StudyPlan::read(&args.study, args.seeds)?;
    if let Some(out) = &args.out {
        RunFolder::check(out)?;
    }
    let Seeds { first, last } = plan.seeds;
    terminal::progress(&format!(
        "{}: {} settings under seeds {first} to {last}, {} runs in virtual time.\n",
        plan.title,
        plan.settings.len(),
        plan.runs()
    ));
    let (study, failures) = study(plan, cores(args.cores))?;
    if let Some(out) = &args.out {
        let folder = RunFolder::make_unpointed(Some(out))?;
        folder.write_json("study.json", &StudyDocument::of(&study))?;
        folder.write("study.md", &markdown(&study))?;
    }
    let text = match args.json {
        true => serde_json::to_string_pretty(&StudyDocument::of(&study))
            .map_err(|error| Complaint::failed(format!("cannot write the study: {error}")))?,
        false => text(&study, &failures, args.out.as_ref()),
    };
    terminal::result(&text);
    Ok(exit_of(&failures))
}

/// Failures by setting and seed.
type Failures = BTreeMap<(String, u64), Failure>;

/// Runs all settings under all seeds.
fn study(plan: StudyPlan, cores: u64) -> Result<(Study, Failures), Complaint> {
    let (seeds, runs) = (plan.seeds, plan.runs());
    let sums = side_by_side(runs, cores, |mine: &mut Done, index| {
        let (_, settings) = &plan.settings[(index / seeds.count()) as usize];
        mine.push((index, one_run(settings, seeds.first + index % seeds.count())));
    });
    let mut done: Done = sums.into_iter().flatten().collect();
    done.sort_by_key(|(index, _)| *index);
    let mut done = done.into_iter().map(|(_, run)| run);
    let mut failures = Failures::new();
    let mut settings = Vec::new();
    for (name, setting) in plan.settings {
        let mut runs = Vec::new();
        for run in done.by_ref().take(seeds.count() as usize) {
            let (figures, failure) = run?;
            failures.extend(failure.map(|failure| ((name.clone(), figures.seed), failure)));
            runs.push(figures);
        }
        let what = in_words(&setting, seeds.first);
        settings.push(Setting { name, what, draws_rates: setting.rates_are_drawn(), runs });
    }
    let StudyPlan { title, question, variations, .. } = plan;
    Ok((Study { title, question, settings, variations }, failures))
}

fn one_run(settings: &Settings, seed: u64) -> Result<(RunFigures, Option<Failure>), Complaint> {
    let (run, records) = simulate_and_record(virtual_plan(settings, seed))
        .map_err(|error| Complaint::usage(error.to_string()))?;
    let failure = failure(&run);
    let analysis = Analysis::of((1..).zip(records));
    let wrong = failure.as_ref().map(|failure| failure.what.clone());
    let holds = match run.verdict.outcome {
        check::Outcome::CannotTell => None,
        check::Outcome::Violated => Some(false),
        check::Outcome::Holds => Some(wrong.is_none()),
    };
    Ok((RunFigures::of(&analysis, seed, holds, wrong), failure))
}

/// What a setting is, in words.
fn in_words(settings: &Settings, seed: u64) -> String {
    let Manifest { machines, rates, draw_max, topology, pacing, phase, duration, .. } =
        virtual_plan(settings, seed).manifest;
    let seconds = duration.map_or(0.0, |duration| duration.as_secs_f64());
    let rates = match &settings.rates {
        Some(Rates::Given(_)) => format!("rates {}", and_some(&rates)),
        drawn => format!("rates drawn from {}", range_of(drawn.as_ref())),
    };
    format!(
        "{machines} machines for {seconds} s, {rates}, draws from 1 to {draw_max}, {topology} topology, \
         {pacing} pacing, {phase} phases"
    )
}

fn range_of(rates: Option<&Rates>) -> String {
    use machine::draw::RateRange::{Integers, Reals};
    let default = Rates::default();
    match rates.unwrap_or(&default) {
        Rates::Drawn(Integers { first, last }) => format!("{first} to {last}"),
        Rates::Drawn(Reals { from, to }) => format!("{from} up to {to}"),
        Rates::Given(_) => String::new(),
    }
}

/// What is shown on a terminal.
fn text(study: &Study, failures: &Failures, out: Option<&PathBuf>) -> String {
    let mut text = format!("{}\n", StudyTable::of(study));
    for StudyAnswer { question, sentences } in study.answers() {
        text += &format!("{}\n\n", question);
        for sentence in sentences {
            text += &format!("{}\n", fill(&sentence));
        }
        text.push('\n');
    }
    text += &fill(
        "Intervals are those of the mean, at 95 % by Student's t; differences are taken seed by \
         seed. A * marks those whose interval does not contain 0.",
    );
    text += &match failures.len() {
        0 => format!("\n\nThe judge holds each of the {} runs to be right.", study.runs()),
        some => format!("\n\nFailed: {some} of {} runs:", study.runs()),
    };
    for ((setting, seed), Failure { what, .. }) in failures.iter().take(10) {
        text += &format!("\n  {setting}, seed {seed}: {what}");
    }
    if let Some(out) = out {
        let out = out.display();
        text += &format!("\n\nStudy:   {out}/study.md\nFigures: {out}/study.json");
    }
    text
}
