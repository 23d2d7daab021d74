//! One run of a study: a setting under a seed, and what it came to.

use check::Outcome;
use report::{Analysis, RunFigures, Sketch, Trace};
use serde::{Deserialize, Serialize};
use stream::simulate_and_record;

use crate::campaign::{Failure, failure};
use crate::complaint::Complaint;
use crate::study_file::StudyPlan;
use crate::virtual_plan::virtual_plan;

/// Runs of each setting whose course is kept, from the first seed on: lines of more
/// could not be told apart.
const SKETCHED_MAX: u64 = 40;

/// A run that is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Job {
    /// The place of its setting.
    pub(crate) setting: usize,
    pub(crate) seed: u64,
}

/// What a finished run came to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StudyRun {
    pub(crate) figures: RunFigures,
    pub(crate) sketch: Option<Sketch>,
    /// Why it does not hold, if it does not.
    pub(crate) failure: Option<Failure>,
}

impl StudyPlan {
    /// All runs, setting after setting.
    pub(crate) fn jobs(&self) -> impl Iterator<Item = Job> + '_ {
        let seeds = self.seeds.first..=self.seeds.last;
        let of = move |setting| seeds.clone().map(move |seed| Job { setting, seed });
        (0..self.settings.len()).flat_map(of)
    }

    /// What a run is called.
    pub(crate) fn run_name(&self, job: Job) -> String {
        run_name(&self.settings[job.setting].0, job.seed)
    }

    /// Whether the course of this run is kept.
    pub(crate) fn is_sketched(&self, job: Job) -> bool {
        job.seed - self.seeds.first < SKETCHED_MAX
    }
}

/// What the run of a setting under a seed is called.
pub(crate) fn run_name(setting: &str, seed: u64) -> String {
    format!("{setting}-seed-{seed}")
}

impl StudyRun {
    /// The run in virtual time.
    ///
    /// # Errors
    /// A [`Complaint`] if it cannot be simulated.
    pub(crate) fn simulate(plan: &StudyPlan, job: Job) -> Result<Self, Complaint> {
        let (_, settings) = &plan.settings[job.setting];
        let (run, records) = simulate_and_record(virtual_plan(settings, job.seed))
            .map_err(|error| Complaint::usage(error.to_string()))?;
        let trace = Trace::of((1..).zip(records));
        let sketch = plan.is_sketched(job).then(|| Sketch::of(&trace));
        let analysis = Analysis::of(trace.into_logs());
        Ok(Self::of(&analysis, job, sketch, run.verdict.outcome, failure(&run)))
    }

    /// The run that was analysed and judged.
    pub(crate) fn of(
        run: &Analysis,
        job: Job,
        sketch: Option<Sketch>,
        outcome: Outcome,
        failure: Option<Failure>,
    ) -> Self {
        let wrong = failure.as_ref().map(|failure| failure.what.clone());
        let holds = match outcome {
            Outcome::CannotTell => None,
            Outcome::Violated => Some(false),
            Outcome::Holds => Some(wrong.is_none()),
        };
        Self { figures: RunFigures::of(run, job.seed, holds, wrong), sketch, failure }
    }
}
