//! What a run amounted to, from its records.
//!
//! This crate is pure: it takes records and gives back data and strings. It
//! prints nothing, knows no colours, no network and no time of day, and it
//! judges nothing: whether the clocks were right is `check`'s business.
//!
//! - [`Statistics`]: one machine, record by record, while its log grows or after.
//! - [`Summary`]: all machines of a run, who leads, who is how far behind.
//! - [`Analysis`]: distributions, drift and causality, in one pass over all logs.
//! - [`findings()`]: what a run shows, in sentences with their events.
//! - [`History`]: every event and its causes; explains a single one.
//! - [`Comparison`]: several runs side by side.
//! - [`export()`]: the events in the formats of other tools.
//! - [`Network`], [`Prediction`]: what the fluid limit says must happen.
//! - [`Table`]: the figures for people; [`Summary::sentences`]: why they are so.
//! - [`Study`]: many runs of several settings, with intervals and differences.
//! - [`page()`]: all of it in one HTML file, with the events as a space-time diagram.

mod analysis;
mod causality;
mod chain;
mod clock_counts;
mod comparison;
mod distribution;
mod document;
mod event;
mod event_name;
mod explain;
mod export;
mod extremes;
mod finding;
mod findings;
mod flights;
mod fluid;
mod history;
mod incident;
mod link_load;
mod measures;
mod merge;
mod notes;
mod number;
mod page;
mod prediction;
mod prediction_table;
mod presence;
mod quiz;
mod sentences;
mod setup;
mod slots;
mod statistics;
mod study;
mod summary;
mod table;
mod timeline;
mod trend;

pub use analysis::Analysis;
pub use causality::{Causality, Wire};
pub use chain::{Chain, Share};
pub use comparison::Comparison;
pub use distribution::Spread;
pub use document::{Document, SUMMARY_FORMAT};
pub use event::{Action, Event, Recipients};
pub use event_name::{EventName, Which};
pub use explain::{Explanation, Stretch};
pub use export::{CsvTable, ExportError, Format, export, export_logs};
pub use extremes::{LargeJump, OldMessage};
pub use finding::{EventRef, Finding};
pub use findings::findings;
pub use fluid::{Flow, Network, Prediction};
pub use history::{History, NoSuchEvent};
pub use incident::{Incidents, Pause, Restart};
pub use link_load::LinkLoad;
pub use measures::Measures;
pub use page::{Cut, Judgement, Picture, Trace, page, picture};
pub use prediction::{Compared, Figure};
pub use prediction_table::PredictionTable;
pub use quiz::{Answer, Order, Question};
pub use setup::Setup;
pub use statistics::{Instruction, Jump, LastRead, Statistics};
pub use study::{
    Answer as StudyAnswer, AnswerChart, Estimate, Figures, MachineFigures, Measure, RunFigures,
    STUDY_FORMAT, Scope, Setting, Sketch, Study, StudyDocument, StudyTable, StudyTime, Variations,
    answer_charts, markdown, study_page,
};
pub use summary::{MachineSummary, Summary};
pub use table::Table;
pub use timeline::{Drift, Row, Timeline};
