//! What a study is asked to do: a preset, or a file of the same form.

use std::path::Path;

use journal::Timespan;
use node::{ConfigFile, Problem, load};
use report::Variations;
use serde::Deserialize;

use crate::complaint::Complaint;
use crate::ports::Ports;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::settings_check::TimeKind;

/// The studies that are built in, each with its text.
const PRESETS: [(&str, &str); 11] = [
    ("assignment", include_str!("../../../config/studies/assignment.toml")),
    ("baseline", include_str!("../../../config/studies/baseline.toml")),
    ("bottleneck", include_str!("../../../config/studies/bottleneck.toml")),
    ("close-rates", include_str!("../../../config/studies/close-rates.toml")),
    ("equal-rates", include_str!("../../../config/studies/equal-rates.toml")),
    ("extreme-imbalance", include_str!("../../../config/studies/extreme-imbalance.toml")),
    ("five-machines", include_str!("../../../config/studies/five-machines.toml")),
    ("high-internal", include_str!("../../../config/studies/high-internal.toml")),
    ("long-run", include_str!("../../../config/studies/long-run.toml")),
    ("low-internal", include_str!("../../../config/studies/low-internal.toml")),
    ("pacing", include_str!("../../../config/studies/pacing.toml")),
];

/// The most runs of a study: what each came to is kept.
const RUNS_MAX: u64 = 100_000;

/// The seeds of a live study that does not say its own.
const LIVE_SEEDS: Seeds = Seeds { first: 1, last: 5 };

/// A study as it is written.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct StudyFile {
    /// Its heading.
    pub(crate) title: String,
    /// What it asks.
    pub(crate) question: String,
    /// The seeds that each setting is run under in virtual time.
    seeds: String,
    /// The seeds that it is run under live; given if it is, unless virtual time is asked for.
    live: Option<String>,
    /// Which settings are the two variations of the classic experiment.
    answers: Option<Answers>,
    /// The baseline, and the others, which say what differs from it.
    settings: Vec<Settings>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Answers {
    closer_rates: String,
    fewer_internal: String,
}

impl ConfigFile for StudyFile {
    const WHAT: &'static str = "a study";
    const SAMPLE: &'static str = "config/studies/assignment.toml";
    const EXAMPLES: &'static [(&'static str, &'static str)] = &[
        ("title", "\"Close rates\""),
        ("question", "\"Do queues still grow?\""),
        ("seeds", "\"1..40\""),
        ("live", "\"1..5\""),
        ("closer_rates", "\"closer-rates\""),
        ("fewer_internal", "\"fewer-internal\""),
        ("name", "\"baseline\""),
        ("draw_max", "10"),
        ("machines", "3"),
    ];
}

/// What the command line says of a study.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Asked {
    /// The seeds, instead of the study's.
    pub(crate) seeds: Option<Seeds>,
    /// The time, instead of the study's.
    pub(crate) time: Option<TimeKind>,
    /// How long each run lasts, instead of what the settings say.
    pub(crate) duration: Option<Timespan>,
}

/// A study that can be run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StudyPlan {
    pub(crate) title: String,
    pub(crate) question: String,
    pub(crate) time: TimeKind,
    pub(crate) seeds: Seeds,
    pub(crate) variations: Option<Variations>,
    /// Each with its name, and complete.
    pub(crate) settings: Vec<(String, Settings)>,
}

impl StudyPlan {
    /// The study of this name, or in this file, as it is `asked` for.
    ///
    /// # Errors
    /// A [`Complaint`] if there is none, or if it cannot be run.
    pub(crate) fn read(name: &str, asked: Asked) -> Result<Self, Complaint> {
        let preset = PRESETS.iter().find(|(preset, _)| *preset == name);
        let plan = match preset {
            Some((_, text)) => toml::from_str(text)
                .map_err(|error| Problem::at("", error.to_string(), ""))
                .and_then(|file| Self::of(file, asked))
                .map_err(|Problem { message, remedy, .. }| {
                    Complaint::usage(format!("{name}: {message}")).remedy(remedy)
                })?,
            None if is_path(name) => load(Path::new(name), |file| Self::of(file, asked))?,
            None => {
                let names: Vec<_> = PRESETS.iter().map(|(preset, _)| *preset).collect();
                return Err(Complaint::usage(format!("there is no study \"{name}\""))
                    .remedy(format!("say one of {}, or a file.toml", names.join(", "))));
            }
        };
        match plan.runs() {
            ..=RUNS_MAX => Ok(plan),
            runs => Err(Complaint::usage(format!("that would be {runs} runs"))
                .remedy(format!("say fewer seeds with --seeds: {RUNS_MAX} runs at most"))),
        }
    }

    fn of(file: StudyFile, asked: Asked) -> Result<Self, Problem> {
        let (time, seeds) = file.time_and_seeds(asked)?;
        let settings = complete(file.settings, time, asked.duration)?;
        let place = |key: &str, name: &str| {
            let found = settings.iter().position(|(other, _)| other == name);
            found.filter(|&place| place > 0).ok_or_else(|| {
                let remedy = "give the name of one of the settings after the first";
                Problem::at(
                    &format!("answers.{key}"),
                    format!("\"{name}\" is no variation"),
                    remedy,
                )
            })
        };
        let variations = file.answers.map(|answers| {
            Ok(Variations {
                closer_rates: place("closer_rates", &answers.closer_rates)?,
                fewer_internal: place("fewer_internal", &answers.fewer_internal)?,
            })
        });
        Ok(Self {
            title: file.title,
            question: file.question,
            time,
            seeds,
            variations: variations.transpose()?,
            settings,
        })
    }

    /// How many runs there will be.
    pub(crate) fn runs(&self) -> u64 {
        self.seeds.count().saturating_mul(self.settings.len() as u64)
    }
}

impl StudyFile {
    /// The time that it is run in, and the seeds.
    fn time_and_seeds(&self, asked: Asked) -> Result<(TimeKind, Seeds), Problem> {
        let seeds =
            |key: &str, text: &str| seeds_of(text).map_err(|message| Problem::said(key, &message));
        let of_virtual = seeds("seeds", &self.seeds)?;
        let of_live = self.live.as_deref().map(|text| seeds("live", text)).transpose()?;
        let own = if of_live.is_some() { TimeKind::Real } else { TimeKind::Virtual };
        let time = asked.time.unwrap_or(own);
        let own = match time {
            TimeKind::Real => of_live.unwrap_or(LIVE_SEEDS),
            TimeKind::Virtual => of_virtual,
        };
        Ok((time, asked.seeds.unwrap_or(own)))
    }
}

fn is_path(name: &str) -> bool {
    name.ends_with(".toml") || name.contains(std::path::MAIN_SEPARATOR)
}

/// Each setting with what the baseline says of the rest, and of the `duration` that was
/// asked for.
fn complete(
    settings: Vec<Settings>,
    time: TimeKind,
    duration: Option<Timespan>,
) -> Result<Vec<(String, Settings)>, Problem> {
    let Some(baseline) = settings.first().cloned() else {
        return Err(Problem::at("settings", "there is no setting", "say [[settings]] and a name"));
    };
    let mut complete: Vec<(String, Settings)> = Vec::new();
    for (index, setting) in settings.into_iter().enumerate() {
        let key = |key: &str| format!("settings.{index}.{key}");
        let Some(name) = setting.name.clone() else {
            let remedy = "say name = \"baseline\"";
            return Err(Problem::at(&format!("settings.{index}"), "it has no name", remedy));
        };
        if complete.iter().any(|(other, _)| *other == name) {
            let message = format!("two settings are called \"{name}\"");
            return Err(Problem::at(&key("name"), message, "say a name of its own for each"));
        }
        if setting.seed.is_some() {
            let remedy = "leave it out, or say seeds for the whole study";
            return Err(Problem::at(&key("seed"), "each setting is run under all seeds", remedy));
        }
        if let Some(Ports::Given(_)) = setting.ports {
            let remedy = "leave them out: runs side by side take free ones";
            return Err(Problem::at(&key("ports"), "all runs would be on these ports", remedy));
        }
        let setting = setting.or(baseline.clone());
        let setting = Settings { duration: duration.or(setting.duration), ..setting };
        setting.check(time).map_err(|problem| {
            let path = problem.key.join(".");
            Problem::at(&key(&path), problem.message, problem.remedy)
        })?;
        complete.push((name, setting));
    }
    Ok(complete)
}

/// `40`, which is 1..40, or `A..B`.
pub(crate) fn seeds_of(text: &str) -> Result<Seeds, String> {
    match text.trim().parse::<u64>() {
        Ok(0) => Err("there would be no run: say a number of seeds from 1 up".to_owned()),
        Ok(count) => Ok(Seeds { first: 1, last: count }),
        Err(_) if text.contains("..") => text.parse(),
        Err(_) => Err(format!("\"{text}\" is no number of seeds: say 40, or a range as 1..40")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_run() {
        for (name, _) in PRESETS {
            let plan = StudyPlan::read(name, Asked::default())
                .unwrap_or_else(|it| panic!("{}", it.message));
            assert_eq!(plan.settings[0].0, "baseline", "{name}");
            assert!(name == "baseline" || plan.settings.len() > 1, "{name}");
            assert_eq!(plan.variations.is_some(), name == "assignment");
            let is_live = plan.time == TimeKind::Real;
            assert_eq!(
                (is_live, is_live && plan.seeds.count() != 5),
                (name == "assignment", false)
            );
        }
    }

    #[test]
    fn a_setting_says_what_differs_from_the_baseline() {
        let plan = StudyPlan::read("five-machines", Asked::default()).unwrap();
        let (_, ring) = &plan.settings[2];
        assert_eq!((ring.machine_count(), ring.rates_are_drawn()), (5, true));
    }

    #[test]
    fn seeds_are_a_number_or_a_range() {
        assert_eq!(seeds_of("3"), Ok(Seeds { first: 1, last: 3 }));
        assert_eq!(seeds_of("5..7"), Ok(Seeds { first: 5, last: 7 }));
        for bad in ["0", "", "many", "7..5", "-1"] {
            assert!(seeds_of(bad).is_err(), "{bad}");
        }
    }
}
