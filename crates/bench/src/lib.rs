//! Benchmarks: each item beside the floor that it is measured against.
//!
//! A floor is the least that a program must do for the same result, written by
//! hand for that one purpose: no faults, no checks, no generality. An item calls
//! what the command line calls. Both run alternately in the same process, for on
//! a shared computer only their ratio means anything.
//!
//! - [`ITEMS`]: all that is measured, and [`Scale`]: how long.
//! - [`Item`], [`Goal`]: what was measured, and what was wanted.
//! - [`table()`]: the same for people.

mod floor;
mod item;
mod live;
mod logs;
mod measure;
pub mod model;
mod process;
mod table;
mod virtual_time;

use std::fmt;

pub use item::{Goal, Item, Pair};
pub use table::table;

/// How much is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scale {
    /// As long as figures need to be steady.
    Full,
    /// A moment: whether all of it works, and gives the same as its floor.
    Tiny,
}

impl Scale {
    fn repetitions(self) -> usize {
        match self {
            Self::Full => 7,
            Self::Tiny => 1,
        }
    }

    fn pick<T>(self, full: T, tiny: T) -> T {
        match self {
            Self::Full => full,
            Self::Tiny => tiny,
        }
    }
}

/// An item and its floor did not come to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch(pub String);

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Mismatch {}

/// Why an item could not be measured.
pub type Failure = Box<dyn std::error::Error>;

/// Measures an item.
pub type Measure = fn(Scale) -> Result<Item, Failure>;

/// All items by name, in the order of the table.
pub const ITEMS: &[(&str, Measure)] = &[
    ("simulate", virtual_time::three),
    ("ring-10k", virtual_time::ring),
    ("ring-1m-cost", virtual_time::large_ring),
    ("ring-1m-memory", virtual_time::memory),
    ("seeds", process::seeds),
    ("seeds-apart", process::seeds_apart),
    ("logs", logs::write),
    ("check", logs::check),
    ("report", logs::report),
    ("link", live::link::link),
    ("ping-pong", live::ping_pong::ping_pong),
    ("unpaced", live::unpaced::unpaced),
    ("pacing", live::pacing::pacing),
    ("pacing-drift", live::pacing::drift),
    ("pacing-missed", live::pacing::missed),
    ("daemon-memory", live::footprint::memory),
    ("daemon-memory-image", live::footprint::memory_in_image),
    ("daemon-cpu", live::footprint::processor),
    ("mesh", live::mesh::mesh),
    ("cold-build", live::cold_build::cold_build),
];

/// Items that take minutes, and are measured only when they are named.
pub const ONLY_WHEN_NAMED: &[&str] = &["daemon-memory-image", "cold-build"];

/// What `--floor-daemon` does.
pub use live::footprint::floor_daemon;
/// What `--memory-of` prints: the bytes that a ring of so many machines takes.
pub use virtual_time::ring_bytes;
