//! The four questions of the classic experiment, answered from the estimates.
//!
//! Every comparison is made both ways: what the interval of a difference says, the
//! sentence says, and where it does not leave 0 out, that nothing is shown.

use serde::Serialize;

use super::measure::Measure;
use super::results::{Scope, Setting, Study, Variations};
use super::wording::{compared, mean};

/// How large the clock's steps are.
const JUMPS: &str = "How large are the jumps of the logical clocks?";
/// How far the machines come apart.
const DRIFT: &str = "How far do the logical clocks drift apart?";
/// What the rates do to gaps and queues.
const TIMINGS: &str = "How do the timings shape gaps and queue lengths?";
/// What the two variations do.
const VARIATIONS: &str = "What changes with closer rates, and with fewer internal events?";

/// What is compared between the baseline and each variation.
const VARIED: [Measure; 6] = [
    Measure::JumpMean,
    Measure::JumpMax,
    Measure::DriftEnd,
    Measure::GapMean,
    Measure::QueueMax,
    Measure::QueueGrowth,
];

/// A question, and what the runs say of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The question.
    pub question: String,
    /// The answer, sentence by sentence.
    pub sentences: Vec<String>,
    /// The measures that it rests on.
    pub measures: Vec<Measure>,
    /// What of them it is about.
    #[serde(skip)]
    pub about: About,
}

/// What of a measure shows an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// What each setting came to.
    Values,
    /// The differences to the baseline.
    Differences,
    /// Both.
    Both,
}

impl Answer {
    fn new(question: &str, about: About, measures: &[Measure], sentences: Vec<String>) -> Self {
        Self { question: question.to_owned(), sentences, measures: measures.to_vec(), about }
    }
}

impl Study {
    /// The answers to the four questions, if the study says which settings are the two
    /// variations; otherwise one to the question of its own.
    #[must_use]
    pub fn answers(&self) -> Vec<Answer> {
        let Some(variations) = self.variations else {
            return vec![Answer::new(&self.question, About::Both, &VARIED, self.own())];
        };
        let baseline = self.baseline();
        vec![
            Answer::new(
                JUMPS,
                About::Values,
                &[Measure::JumpMean, Measure::JumpMax],
                jumps(baseline),
            ),
            Answer::new(
                DRIFT,
                About::Values,
                &[Measure::DriftEnd, Measure::DriftPerSecond],
                drift(baseline),
            ),
            Answer::new(
                TIMINGS,
                About::Values,
                &[Measure::GapMean, Measure::QueueMax],
                timings(baseline),
            ),
            Answer::new(VARIATIONS, About::Differences, &VARIED, self.varied(variations)),
        ]
    }

    /// Each setting against the baseline; what that came to, if it is alone.
    fn own(&self) -> Vec<String> {
        match self.settings.as_slice() {
            [alone] => whole_run(alone, &VARIED),
            [_, others @ ..] => others
                .iter()
                .flat_map(|setting| self.compared(setting, &format!("in {}", setting.name)))
                .collect(),
            [] => Vec::new(),
        }
    }

    fn varied(&self, variations: Variations) -> Vec<String> {
        let Variations { closer_rates, fewer_internal } = variations;
        let each = [("closer rates", closer_rates), ("fewer internal events", fewer_internal)];
        let of = |(what, place): (&str, usize)| {
            let setting = self.settings.get(place);
            setting.map_or(Vec::new(), |it| self.compared(it, &format!("with {what}")))
        };
        each.into_iter().flat_map(of).collect()
    }

    /// A setting against the baseline, measure by measure.
    fn compared(&self, setting: &Setting, lead: &str) -> Vec<String> {
        let sentences = VARIED.into_iter().filter_map(|measure| {
            let difference = self.difference(setting, Scope::Run, measure)?;
            let what = format!("{lead}, the {}", whole(measure));
            Some(compared(&difference, &what, "that of the baseline", measure.unit()))
        });
        sentences.collect()
    }
}

/// A measure of a whole run, and what it is of.
fn whole(measure: Measure) -> String {
    format!("{} ({})", measure.title(), measure.of_run())
}

fn jumps(setting: &Setting) -> Vec<String> {
    let mut sentences = whole_run(setting, &[Measure::JumpMean, Measure::JumpP95]);
    if let Some(estimate) = setting.estimate(Scope::Run, Measure::JumpMax) {
        let largest = estimate.max;
        sentences.push(format!(
            "The largest jump of a run was {} on average, and {largest} in the run with the largest.",
            mean(&estimate, "")
        ));
    }
    sentences.extend(slow_and_fast(setting, &[Measure::JumpMean, Measure::JumpMax]));
    sentences
}

fn drift(setting: &Setting) -> Vec<String> {
    let mut sentences = whole_run(setting, &[Measure::DriftEnd, Measure::DriftPerSecond]);
    sentences.extend(slow_and_fast(setting, &[Measure::ClockEnd, Measure::DriftPerSecond]));
    sentences
}

fn timings(setting: &Setting) -> Vec<String> {
    let measures =
        [Measure::GapMean, Measure::QueueMean, Measure::QueueGrowth, Measure::LatencyMean];
    let mut sentences = whole_run(setting, &[Measure::GapMean, Measure::QueueMax]);
    sentences.extend(slow_and_fast(setting, &measures));
    sentences
}

/// What the whole run came to.
fn whole_run(setting: &Setting, measures: &[Measure]) -> Vec<String> {
    let sentences = measures.iter().filter_map(|&measure| {
        let estimate = setting.estimate(Scope::Run, measure)?;
        let (title, whose) = (measure.title(), measure.of_run());
        Some(format!("The {title}, {whose}, was {}.", mean(&estimate, measure.unit())))
    });
    sentences.collect()
}

/// The slowest machine beside the fastest, where they can be told apart.
fn slow_and_fast(setting: &Setting, measures: &[Measure]) -> Vec<String> {
    let (Some(slow), Some(fast)) = (setting.slowest(), setting.fastest()) else {
        return vec!["All machines are as fast, so none is compared with another.".to_owned()];
    };
    let sentences = measures.iter().filter_map(|&measure| {
        let difference = setting.between(slow, fast, measure)?;
        let what = format!("the {} of the slowest machine", measure.title());
        Some(compared(&difference, &what, "that of the fastest", measure.unit()))
    });
    sentences.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::figures::{Figures, MachineFigures, RunFigures};
    use super::super::results::StudyTime;
    use super::*;

    fn run(seed: u64, drift: f64) -> RunFigures {
        let figures = |drift| Figures::from([(Measure::DriftEnd, drift), (Measure::JumpMean, 2.0)]);
        let machine =
            |machine, rate| MachineFigures { machine, rate: Some(rate), figures: figures(drift) };
        RunFigures {
            seed,
            holds: Some(true),
            wrong: None,
            seconds: 60.0,
            events: 600,
            run: figures(drift),
            machines: vec![machine(1, 1.0), machine(2, 6.0)],
        }
    }

    fn setting(name: &str, drifts: [f64; 3]) -> Setting {
        let runs = (1..).zip(drifts).map(|(seed, drift)| run(seed, drift)).collect();
        let (name, what, sketches) = (name.to_owned(), String::new(), BTreeMap::new());
        Setting { name, what, draws_rates: false, runs, sketches }
    }

    fn last_answer(closer: [f64; 3], fewer: [f64; 3]) -> String {
        let study = Study {
            title: String::new(),
            question: String::new(),
            time: StudyTime::Virtual,
            settings: vec![
                setting("baseline", [100.0, 110.0, 120.0]),
                setting("closer", closer),
                setting("fewer", fewer),
            ],
            variations: Some(Variations { closer_rates: 1, fewer_internal: 2 }),
        };
        let answers = study.answers();
        assert_eq!(answers.len(), 4);
        answers[3].sentences.join("\n")
    }

    #[test]
    fn a_variation_is_answered_for_either_way_and_for_neither() {
        let text = last_answer([50.0, 61.0, 69.0], [150.0, 161.0, 169.0]);
        let drift = "the drift at the end (from the largest clock to the smallest)";
        for (what, more) in [("closer rates", "smaller"), ("fewer internal events", "larger")] {
            let said = format!("With {what}, {drift}: {more} than that of the baseline, by 50.0");
            assert!(text.contains(&said), "{text}");
        }
        let text = last_answer([150.0, 161.0, 169.0], [99.0, 111.0, 120.0]);
        assert!(text.contains(&format!("With closer rates, {drift}: larger")), "{text}");
        let neither = format!("With fewer internal events, {drift}: no difference to that");
        assert!(text.contains(&neither), "{text}");
    }

    #[test]
    fn a_study_without_variations_answers_its_own_question() {
        let answer = |settings| {
            let (title, question) = (String::new(), "Is it?".to_owned());
            let (time, variations) = (StudyTime::Virtual, None);
            let answers = Study { title, question, time, settings, variations }.answers();
            assert_eq!((answers.len(), answers[0].question.as_str()), (1, "Is it?"));
            answers[0].sentences.join("\n")
        };
        let baseline = setting("baseline", [100.0, 110.0, 120.0]);
        let alone = answer(vec![baseline.clone()]);
        assert!(alone.contains("The drift at the end, from the largest clock to the"), "{alone}");
        let both = answer(vec![baseline, setting("slow", [150.0, 161.0, 169.0])]);
        assert!(both.starts_with("In slow, the mean jump (over all events): the same"), "{both}");
        assert!(both.contains("to the smallest): larger than that of the baseline"), "{both}");
    }
}
