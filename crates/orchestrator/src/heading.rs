//! What is said when a run begins.

use journal::{Manifest, Rate};
use sim::Plan;

use crate::seeds::Seeds;
use crate::settings::{Faults, Settings};
use crate::terminal::{DIM, paint};

/// Columns of a progress bar.
const BAR_WIDTH: usize = 38;

/// Rates that are listed; of more machines, their number is said.
const RATES_MAX: usize = 20;

/// What is said of a run when it begins: what it is, how to end it, and the command
/// that has it in a moment, `virtually`.
#[must_use]
pub fn heading(
    manifest: &Manifest,
    rates_were_drawn: bool,
    host: &str,
    ports: &[u16],
    virtually: &str,
) -> String {
    let outline = outline(manifest, rates_were_drawn, host, ports);
    let hint = format!("Ctrl-C ends early, verdict included.  No patience: {virtually}");
    format!("{outline}\n{}\n", paint(DIM, &hint))
}

/// What is said of a run in virtual time.
pub(crate) fn virtual_outline(plan: &Plan, rates_were_drawn: bool) -> String {
    let Manifest { machines, .. } = plan.manifest;
    let duration = duration(&plan.manifest);
    let rates = rates(&plan.manifest, rates_were_drawn);
    format!("Offbeat: {machines} machines in virtual time{duration}.\n{rates}")
}

/// What is said of many of them; `plan` is that of the first.
pub(crate) fn campaign_outline(plan: &Plan, seeds: Seeds, settings: &Settings) -> String {
    let Manifest { machines, rates, .. } = &plan.manifest;
    let duration = duration(&plan.manifest);
    let has_random_faults = settings.faults == Some(Faults::Random);
    let rates = match (settings.rates_are_drawn(), has_random_faults) {
        (true, false) => "Each seed draws the rates".to_owned(),
        (true, true) => "Each seed draws rates, a network and faults".to_owned(),
        (false, _) => format!("The rates are {} ticks a second", and_some(rates)),
    };
    let faults = match settings.rates_are_drawn() {
        false if has_random_faults => "; each seed draws a network and faults",
        _ => "",
    };
    let Seeds { first, last } = seeds;
    format!(
        "Offbeat: {machines} machines in virtual time{duration}, {} times: seeds {first} to \
         {last}.\n{rates}{faults}.",
        seeds.count()
    )
}

/// How far something is: a bar, and how much of what is done.
pub(crate) fn progress_bar(done: u64, count: u64, what: &str) -> String {
    format!("  {}  {done} of {count} {what}", bar(done as f64 / count.max(1) as f64))
}

/// A bar that is full to this share.
pub(crate) fn bar(share: f64) -> String {
    let full = (share * BAR_WIDTH as f64) as usize;
    "█".repeat(full) + &"░".repeat(BAR_WIDTH.saturating_sub(full))
}

/// What runs, where, for how long and how fast. `rates_were_drawn` tells whether
/// the seed drew the rates.
pub(crate) fn outline(
    manifest: &Manifest,
    rates_were_drawn: bool,
    host: &str,
    ports: &[u16],
) -> String {
    let rates = rates(manifest, rates_were_drawn);
    let duration = duration(manifest);
    let ports: Vec<_> = ports.iter().map(u16::to_string).collect();
    let machines = manifest.machines;
    let ports = ports.join(", ");
    format!("Offbeat: {machines} machines on {host}:{ports}{duration}.\n{rates}")
}

fn rates(manifest: &Manifest, were_drawn: bool) -> String {
    let seed = manifest.seed;
    let rates = and_some(&manifest.rates);
    match were_drawn {
        true => format!("Seed {seed} drew the rates {rates}."),
        false => format!("The rates are {rates} ticks a second; seed {seed}."),
    }
}

fn duration(manifest: &Manifest) -> String {
    match manifest.duration {
        Some(duration) => format!(" for {} s", duration.as_secs_f64()),
        None => String::new(),
    }
}

/// All rates, or the first of very many.
pub(crate) fn and_some(rates: &[Rate]) -> String {
    let shown = rates.iter().take(RATES_MAX).map(ToString::to_string);
    match rates.len().saturating_sub(RATES_MAX) {
        0 => and(shown.collect()),
        more => and(shown.chain([format!("{more} more")]).collect()),
    }
}

/// `1, 3 and 6`.
fn and(items: Vec<String>) -> String {
    match items.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}
