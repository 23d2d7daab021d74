//! A study as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::answers::Answer;
use super::estimate::Estimate;
use super::figures::RunFigures;
use super::measure::Measure;
use super::results::{Scope, Setting, Study, StudyTime};

/// The name of the format.
pub const STUDY_FORMAT: &str = "offbeat-study/1";

/// What is estimated of each measure that there is one of.
type Estimates = BTreeMap<Measure, Estimate>;

/// A study with its estimates.
#[derive(Debug, Serialize)]
pub struct StudyDocument<'a> {
    format: &'static str,
    title: &'a str,
    question: &'a str,
    time: StudyTime,
    settings: Vec<SettingDocument<'a>>,
    answers: Vec<Answer>,
}

#[derive(Debug, Serialize)]
struct SettingDocument<'a> {
    name: &'a str,
    what: &'a str,
    run: Estimates,
    minus_baseline: Estimates,
    machines: Vec<PlaceDocument>,
    runs: &'a [RunFigures],
}

#[derive(Debug, Serialize)]
struct PlaceDocument {
    label: String,
    figures: Estimates,
    minus_baseline: Estimates,
}

impl<'a> StudyDocument<'a> {
    /// The document of `study`.
    #[must_use]
    pub fn of(study: &'a Study) -> Self {
        let settings = study.settings.iter().enumerate();
        Self {
            format: STUDY_FORMAT,
            title: &study.title,
            question: &study.question,
            time: study.time,
            settings: settings.map(|(place, setting)| of_setting(study, place, setting)).collect(),
            answers: study.answers(),
        }
    }
}

fn of_setting<'a>(study: &Study, place: usize, setting: &'a Setting) -> SettingDocument<'a> {
    let estimates = |scope| estimates(|measure| setting.estimate(scope, measure));
    let differences = |scope| match place {
        0 => Estimates::new(),
        _ => self::estimates(|measure| study.difference(setting, scope, measure)),
    };
    let machines = (0..setting.places()).map(|place| PlaceDocument {
        label: setting.label(place),
        figures: estimates(Scope::Place(place)),
        minus_baseline: differences(Scope::Place(place)),
    });
    SettingDocument {
        name: &setting.name,
        what: &setting.what,
        run: estimates(Scope::Run),
        minus_baseline: differences(Scope::Run),
        machines: machines.collect(),
        runs: &setting.runs,
    }
}

fn estimates(of: impl Fn(Measure) -> Option<Estimate>) -> Estimates {
    Measure::ALL.into_iter().filter_map(|measure| Some((measure, of(measure)?))).collect()
}
