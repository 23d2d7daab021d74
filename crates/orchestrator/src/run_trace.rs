//! The records of a run, with what no log tells: when links were cut.

use std::fs;

use journal::Folder;
use report::{Cut, Trace};
use serde::Deserialize;
use sim::Links;

/// What of `run.toml` is drawn. Kills and pauses are seen in the logs.
#[derive(Default, Deserialize)]
struct Faults {
    #[serde(default)]
    cut: Vec<String>,
}

/// The records in `folder`, and the cuts that `run.toml` there tells of, if there is one.
pub(crate) fn read_trace(folder: &Folder) -> Trace {
    let text = fs::read_to_string(folder.path.join(Folder::MANIFEST)).unwrap_or_default();
    let Faults { cut } = toml::from_str(&text).unwrap_or_default();
    let cuts = cut.iter().filter_map(|words| words.parse().ok()).map(drawn);
    Trace::read(folder).with_cuts(cuts)
}

fn drawn(sim::Cut { links, window }: sim::Cut) -> Cut {
    let words = match links {
        Links::All => "All machines were cut off from each other".to_owned(),
        Links::Of(machine) => format!("Machine {machine} was cut off from all others"),
        Links::Between(one, other) => {
            format!("Machines {one} and {other} were cut off from each other")
        }
        Links::OneWay(from, to) => format!("Nothing came from machine {from} to machine {to}"),
    };
    let to = window.to.map_or(f64::INFINITY, |to| to.as_secs_f64());
    Cut { words, from: window.from.as_secs_f64(), to }
}
