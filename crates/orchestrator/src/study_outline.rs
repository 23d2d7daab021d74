//! What a study is, in words and as a value that two can be compared by.

use journal::{Manifest, Rate};
use report::StudyTime;
use serde_json::{Value, json};

use crate::complaint::Complaint;
use crate::heading::and_some;
use crate::rates::Rates;
use crate::run_manifest::RunManifest;
use crate::seeds::Seeds;
use crate::settings::Settings;
use crate::settings_check::TimeKind;
use crate::study_file::StudyPlan;
use crate::virtual_plan::virtual_plan;

/// All that makes a study what it is.
///
/// # Errors
/// A [`Complaint`] if it cannot be written down.
pub(crate) fn outline(plan: &StudyPlan) -> Result<Value, Complaint> {
    let Seeds { first, last } = plan.seeds;
    let settings = plan.settings.iter().map(|(name, settings)| {
        let run = virtual_plan(settings, first);
        // Its id derives from the rest.
        let manifest = Manifest { run: String::new(), ..run.manifest };
        let run = RunManifest::new(&manifest, &run.network, &run.faults);
        Ok(json!({
            "name": name,
            "rates": rates_in_words(settings, &manifest.rates),
            "first_run": serde_json::to_value(run)?,
        }))
    });
    let settings: serde_json::Result<Vec<_>> = settings.collect();
    let settings = settings
        .map_err(|error| Complaint::failed(format!("cannot write down the study: {error}")))?;
    Ok(json!({
        "offbeat": env!("CARGO_PKG_VERSION"),
        "title": plan.title,
        "question": plan.question,
        "time": study_time(plan.time),
        "seeds": format!("{first}..{last}"),
        "settings": settings,
    }))
}

/// The time of its runs, as the report says it.
pub(crate) fn study_time(time: TimeKind) -> StudyTime {
    match time {
        TimeKind::Real => StudyTime::Live,
        TimeKind::Virtual => StudyTime::Virtual,
    }
}

/// What a setting is, in words.
pub(crate) fn in_words(settings: &Settings, seed: u64) -> String {
    let Manifest { machines, rates, draw_max, topology, pacing, phase, duration, .. } =
        virtual_plan(settings, seed).manifest;
    let seconds = duration.map_or(0.0, |duration| duration.as_secs_f64());
    let rates = rates_in_words(settings, &rates);
    format!(
        "{machines} machines for {seconds} s, {rates}, draws from 1 to {draw_max}, {topology} topology, \
         {pacing} pacing, {phase} phases"
    )
}

fn rates_in_words(settings: &Settings, rates: &[Rate]) -> String {
    match &settings.rates {
        Some(Rates::Given(_)) => format!("rates {}", and_some(rates)),
        drawn => format!("rates drawn from {}", range_of(drawn.as_ref())),
    }
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
