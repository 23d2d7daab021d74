//! What a run amounted to, from its records.
//!
//! This crate is pure: it takes records and gives back data and strings. It
//! prints nothing, knows no colours, no network and no time of day, and it
//! judges nothing: whether the clocks were right is `check`'s business.
//!
//! - [`Statistics`]: one machine, record by record, while its log grows or after.
//! - [`Summary`]: all machines of a run, who leads, who is how far behind.
//! - [`Network`], [`Prediction`]: what the fluid limit says must happen.
//! - [`Table`]: the figures for people; [`Summary::sentences`]: why they are so.
//! - [`page()`]: all of it in one HTML file, with the events as a space-time diagram.

mod event;
mod finding;
mod fluid;
mod notes;
mod number;
mod page;
mod sentences;
mod statistics;
mod summary;
mod table;

pub use event::{Action, Event};
pub use finding::{EventRef, Finding};
pub use fluid::{Flow, Network, Prediction};
pub use page::{Judgement, Trace, page};
pub use statistics::{Jump, LastRead, Statistics};
pub use summary::{MachineSummary, Summary};
pub use table::Table;
