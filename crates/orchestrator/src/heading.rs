//! What is said when a run begins.

use journal::Manifest;

use crate::terminal::{DIM, paint};

/// What is said of a run when it begins: what it is, and how to end it.
#[must_use]
pub fn heading(manifest: &Manifest, rates_were_drawn: bool, host: &str, ports: &[u16]) -> String {
    let outline = outline(manifest, rates_were_drawn, host, ports);
    format!("{outline}\n{}\n", paint(DIM, "Ctrl-C ends early, verdict included."))
}

/// What runs, where, for how long and how fast. `rates_were_drawn` tells whether
/// the seed drew the rates.
pub(crate) fn outline(
    manifest: &Manifest,
    rates_were_drawn: bool,
    host: &str,
    ports: &[u16],
) -> String {
    let seed = manifest.seed;
    let rates = and(manifest.rates.iter().map(ToString::to_string).collect());
    let rates = match rates_were_drawn {
        true => format!("Seed {seed} drew the rates {rates}."),
        false => format!("The rates are {rates} ticks a second; seed {seed}."),
    };
    let duration = match manifest.duration {
        Some(duration) => format!(" for {} s", duration.as_secs_f64()),
        None => String::new(),
    };
    let ports: Vec<_> = ports.iter().map(u16::to_string).collect();
    let machines = manifest.machines;
    let ports = ports.join(", ");
    format!("Offbeat: {machines} machines on {host}:{ports}{duration}.\n{rates}")
}

/// `1, 3 and 6`.
fn and(items: Vec<String>) -> String {
    match items.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
