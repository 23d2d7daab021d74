//! A run that was interrupted: what was recorded of another one, but for its end.

use std::fs;
use std::path::Path;

use crate::place::Place;

/// Lines of each log that are kept.
const LINES: usize = 10;

/// The config of machine 1 that fits its log.
pub(crate) const CONFIG: &str = "\
run = \"offbeat-82aeb239\"
machine = 1
machines = 3
rate = 1
seed = 146
listen = \"127.0.0.1:PORT\"
log = \"machine-1.jsonl\"

[[peers]]
machine = 2
address = \"127.0.0.1:1\"

[[peers]]
machine = 3
address = \"127.0.0.1:2\"
";

/// The log of a machine, as if it had been killed in a run without an end.
pub(crate) fn log(machine: u32) -> String {
    let lines: Vec<_> = whole_log(machine).lines().take(LINES).map(str::to_owned).collect();
    (lines.join("\n") + "\n").replace("\"duration\":60,", "")
}

/// The log of a machine whose run is over.
pub(crate) fn whole_log(machine: u32) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/seed-146");
    fs::read_to_string(folder.join(format!("machine-{machine}.jsonl"))).unwrap()
}

/// The logs of all machines, and the config of the first.
pub(crate) fn place() -> Place {
    let place = Place::with("n.toml", CONFIG.replace("PORT", "3"));
    for machine in 1..=3 {
        place.write(&format!("machine-{machine}.jsonl"), log(machine));
    }
    place
}
