//! Many runs of several settings: what each setting comes to on average over its
//! seeds, how sure that is, and by how much it differs from the baseline.
//!
//! - [`RunFigures`]: what one run came to, small enough to keep for each of them.
//! - [`Study`]: the runs of all settings, and the estimates over them.
//! - [`Estimate`]: mean, median and the 95 % interval of the mean.
//! - [`Answer`]: sentences computed from the estimates, both ways.
//! - [`StudyDocument`]: all of it as JSON; [`StudyTable`] and [`markdown()`] as text,
//!   with [`answer_charts()`]; [`study_page()`] as a page.
//!
//! Differences are taken seed by seed: a seed fixes phases and draws in every
//! setting, so what chance did to both cancels out (*common random numbers*, A. M.
//! Law, *Simulation Modeling and Analysis*, section 11.2).

mod answers;
mod document;
mod estimate;
mod figures;
mod markdown;
mod measure;
mod page;
mod results;
mod sketch;
mod student;
mod table;
mod wording;

pub use answers::Answer;
pub use document::{STUDY_FORMAT, StudyDocument};
pub use estimate::Estimate;
pub use figures::{Figures, MachineFigures, RunFigures};
pub use markdown::markdown;
pub use measure::Measure;
pub use page::{AnswerChart, answer_charts, study_page};
pub use results::{Scope, Setting, Study, StudyTime, Variations};
pub use sketch::Sketch;
pub use table::StudyTable;
