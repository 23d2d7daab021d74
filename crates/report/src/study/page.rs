//! `study.html`: a study on one page that needs nothing but a browser, not even its
//! scripts. All text is escaped by the template.

mod axis;
mod drawing;
mod multiples;
mod whiskers;

use askama::Template;

use super::answers::{About, Answer};
use super::markdown::{method, reading};
use super::results::{Study, StudyTime};
use super::table::{HEADER, StudyTable};
use crate::number::count;
use crate::page::policy::policy_without_script;
use crate::page::tint::{TINTS, tint};
use crate::page::{Fact, Judgement, SHARED_PRINT, SHARED_STYLE};
pub use drawing::{AnswerChart, answer_charts};
use multiples::{Family, Panel, SEEDS_MAX, families, run_by_run};
use whiskers::Figure;
pub(super) use whiskers::TICKS_MAX;

/// The page's own look, behind that of a run's.
const OWN_STYLE: &str = include_str!("page/study.css");

/// The page of a study. `page` is where that of a run is, from the page of the study, if
/// it has one: of a setting of this name, under a seed.
///
/// # Panics
/// Never: writing to a string does not fail.
#[must_use]
pub fn study_page(study: &Study, page: impl Fn(&str, u64) -> Option<String>) -> String {
    let style = [SHARED_STYLE, OWN_STYLE, SHARED_PRINT].concat();
    let answers = study.answers().into_iter().map(|answer| Shown::of(study, answer));
    let page = Page {
        policy: policy_without_script(&style),
        style,
        study,
        judgement: judgement(study),
        facts: facts(study),
        reading: reading(study),
        key: key(study),
        answers: answers.collect(),
        families: families(study),
        runs: run_by_run(study, page),
        table: StudyTable::of(study),
        method: method(study),
    };
    page.render().expect("writing to a string does not fail")
}

#[derive(Template)]
#[template(path = "study.html")]
struct Page<'a> {
    policy: String,
    style: String,
    study: &'a Study,
    judgement: Judgement,
    facts: Vec<Fact>,
    reading: String,
    /// The machines: number of the colour, and name.
    key: Vec<(usize, String)>,
    answers: Vec<Shown>,
    families: Vec<Family>,
    runs: Vec<(String, Vec<Panel>)>,
    table: StudyTable,
    method: String,
}

impl Page<'_> {
    fn title(&self) -> &str {
        &self.study.title
    }
}

/// An answer with what shows it.
struct Shown {
    question: String,
    /// Whether the question is not that of the study, which stands above.
    has_question: bool,
    sentences: Vec<String>,
    /// Whether each figure has two plots, side by side.
    is_wide: bool,
    figures: Vec<Figure>,
}

impl Shown {
    fn of(study: &Study, answer: Answer) -> Self {
        let Answer { question, sentences, measures, about } = answer;
        Self {
            figures: measures.into_iter().map(|it| Figure::of(study, it, about)).collect(),
            is_wide: about == About::Both && study.settings.len() > 1,
            has_question: question != study.question,
            question,
            sentences,
        }
    }
}

/// Runs that do not hold and are listed.
const LISTED_MAX: usize = 10;

/// What the judge said of all runs.
fn judgement(study: &Study) -> Judgement {
    let unsound: Vec<_> = study
        .settings
        .iter()
        .flat_map(|setting| setting.unsound().map(|run| (&setting.name, run)))
        .collect();
    let runs = count(study.runs() as u64);
    let holds = match () {
        () if unsound.is_empty() => Some(true),
        () if unsound.iter().any(|(_, run)| run.holds == Some(false)) => Some(false),
        () => None,
    };
    let text = match unsound.len() {
        0 => format!("The judge holds each of the {runs} runs to be right."),
        some => format!("{some} of {runs} runs are not held to be right."),
    };
    let listed = unsound.iter().take(LISTED_MAX).map(|(name, run)| {
        let wrong = run.wrong.as_deref().unwrap_or("the judge cannot tell");
        format!("{name}, seed {}: {wrong}", run.seed)
    });
    let more = unsound.len().saturating_sub(LISTED_MAX);
    let more = (more > 0).then(|| format!("and {more} more"));
    Judgement { holds, text, violations: listed.chain(more).collect() }
}

fn facts(study: &Study) -> Vec<Fact> {
    let seeds: Vec<_> = study.baseline().runs.iter().map(|run| run.seed).collect();
    let seeds = match seeds.as_slice() {
        [first, .., last] => format!("{first} to {last}"),
        all => all.iter().map(u64::to_string).collect(),
    };
    let events: u64 =
        study.settings.iter().flat_map(|setting| &setting.runs).map(|run| run.events).sum();
    let time = match study.time {
        StudyTime::Virtual => "virtual",
        StudyTime::Live => "real: processes that talk over TCP",
    };
    let fact = |name, value| Fact { name, value };
    vec![
        fact("Runs", count(study.runs() as u64)),
        fact("Settings", study.settings.len().to_string()),
        fact("Seeds of each", seeds),
        fact("Events", count(events)),
        fact("Time", time.to_owned()),
    ]
}

/// The colours of the machines: by rate where those are drawn, by number otherwise.
fn key(study: &Study) -> Vec<(usize, String)> {
    let baseline = study.baseline();
    let most = study.machines().min(TINTS);
    let name = |place: usize| match (baseline.draws_rates, most == baseline.places()) {
        (true, true) => baseline.label(place),
        (true, false) => format!("machine {} by rate", place + 1),
        (false, _) => format!("machine {}", place + 1),
    };
    (0..most).map(|place| (tint(place), name(place))).collect()
}
