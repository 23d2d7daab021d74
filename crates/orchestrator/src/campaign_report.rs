//! What a campaign came to, as text and as JSON.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::campaign_totals::{Figures, NetworkTotals, Totals, quantile};
use crate::conclusion::{fill, hints};
use crate::hint::Program;
use crate::seeds::Seeds;
use crate::terminal::{BAD, GOOD, NOTABLE, paint};

/// Failures that are listed; more are counted.
const LISTED_MAX: usize = 10;

/// The share of runs below each of the three figures that are shown.
const SHARES: [f64; 3] = [0.025, 0.5, 0.975];

/// Machines that have a row each.
const ROWS_MAX: usize = 12;

/// All of it; the failures' logs are in `folder`. If it was stopped early, some seeds are
/// `left`.
pub(crate) fn text(totals: &Totals, folder: Option<&Path>, left: Option<Seeds>) -> String {
    let mut text = String::new();
    if totals.runs > 0 {
        text += &table(&totals.machines);
        let _ = write!(text, "\n{}", faults(totals));
        let _ = writeln!(text, "{}", verdict(totals));
    }
    if let Some(left) = left {
        let _ = writeln!(text, "{}: seeds {left} are left.", paint(NOTABLE, "Stopped early"));
    }
    let _ = write!(text, "{}", failures(totals));
    let next = next(totals, folder, left);
    if !next.is_empty() {
        let _ = write!(text, "\n{}", hints(&next));
    }
    text.trim_end().to_owned()
}

fn table(machines: &BTreeMap<u32, Figures>) -> String {
    let mut text = String::from(
        "           2.5 %, median and 97.5 % of all runs\n\
         machine            ticks              clock             behind      \
         mean jump          queue end\n",
    );
    for (machine, figures) in machines.iter().take(ROWS_MAX) {
        let _ = writeln!(
            text,
            "{machine:>7} {} {} {} {} {}",
            three(&figures.ticks, 5, 0),
            three(&figures.clock, 5, 0),
            three(&figures.behind, 5, 0),
            three(&figures.mean_jump, 4, 2),
            three(&figures.queue, 5, 0),
        );
    }
    if machines.len() > ROWS_MAX {
        let _ = writeln!(text, "        … and {} more machines", machines.len() - ROWS_MAX);
    }
    text
}

fn three(values: &[f64], width: usize, digits: usize) -> String {
    let [low, middle, high] = SHARES.map(|share| quantile(values, share));
    format!("{low:>width$.digits$} {middle:>width$.digits$} {high:>width$.digits$}  ")
}

fn faults(totals: &Totals) -> String {
    let mut text = String::new();
    for (kind, figures) in &totals.faults {
        let did = match *kind {
            "cut" => "messages held back",
            "pause" => "ticks missed",
            "crash" => "machines killed",
            _ => "events lost in the writing",
        };
        let _ = writeln!(
            text,
            "{:>9} {kind:<12} {:>9} {did}; {} touched nothing",
            figures.struck, figures.effect, figures.in_vain
        );
    }
    let NetworkTotals { lost, duplicated, repeated, resent, connections, gaps } = totals.network;
    if lost + duplicated + resent + gaps > 0 {
        let sentence = format!(
            "The network lost {lost} frames and brought {duplicated} twice; links dialled \
             {connections} connections, closed {gaps} for a missing message, sent {resent} \
             messages again and dropped {repeated} that came again."
        );
        let _ = writeln!(text, "{}\n", fill(&sentence));
    }
    text
}

fn verdict(totals: &Totals) -> String {
    let Totals { runs, events, sent, received, failures, .. } = totals;
    let counts = format!("{runs} runs, {events} events; {sent} messages sent, {received} received");
    let unexercised = totals.unexercised();
    let idle = match unexercised.is_empty() {
        true => String::new(),
        false => format!("\nJudged nothing: {}.", unexercised.join(", ")),
    };
    let counts = match totals.in_flight {
        0 => counts,
        some => format!("{counts}; {some} runs ended with messages in flight"),
    };
    match failures.len() {
        0 => format!("{}: {counts}.{idle}", paint(GOOD, "All hold")),
        count => format!("{}: {count} of {counts}.{idle}", paint(BAD, "Failed")),
    }
}

/// The first failures; nothing if there are none.
fn failures(totals: &Totals) -> String {
    let mut text = String::new();
    for (seed, failure) in totals.failures.iter().take(LISTED_MAX) {
        let _ = write!(text, "\nseed {seed}: {}", failure.what);
    }
    if totals.failures.len() > LISTED_MAX {
        let _ = write!(text, "\n… and {} more", totals.failures.len() - LISTED_MAX);
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// How to look at the first failure, and to make the runs that are left.
fn next(
    totals: &Totals,
    folder: Option<&Path>,
    left: Option<Seeds>,
) -> Vec<(String, &'static str)> {
    let program = Program::as_started();
    let mut next = Vec::new();
    if let Some((first, _)) = totals.failures.first_key_value() {
        if let Some(folder) = folder {
            let kept = folder.join(format!("seed-{first}"));
            next.push((program.on_folder("check", Some(&kept)), "the verdict, rule by rule"));
        }
        next.push((program.virtually(&format!("--seed {first}")), "that run again"));
    }
    if let Some(left) = left {
        next.push((program.virtually(&format!("--seeds {left}")), "the other runs"));
    }
    next
}

/// The same for a program to read.
#[derive(Debug, Serialize)]
pub(crate) struct CampaignJson<'a> {
    runs: u64,
    /// The seeds whose runs were not made because it was stopped, as `60..100`.
    seeds_left: Option<String>,
    events: u64,
    messages_sent: u64,
    messages_received: u64,
    /// Runs in which some machine stopped with messages in flight.
    runs_in_flight: u64,
    /// How often each rule was put to the test.
    exercised: &'a BTreeMap<&'static str, u64>,
    /// How often each rule was violated.
    violations: &'a BTreeMap<&'static str, u64>,
    faults: BTreeMap<&'static str, FaultJson>,
    network: NetworkJson,
    /// What is wrong with the runs that do not hold, by seed.
    failures: BTreeMap<u64, &'a str>,
    /// Quantiles 0.025, 0.5 and 0.975 of each machine's figures.
    machines: BTreeMap<u32, BTreeMap<&'static str, [f64; 3]>>,
}

#[derive(Debug, Serialize)]
struct FaultJson {
    struck: u64,
    touched_nothing: u64,
    effect: u64,
}

#[derive(Debug, Serialize)]
struct NetworkJson {
    frames_lost: u64,
    frames_duplicated: u64,
    messages_repeated: u64,
    messages_resent: u64,
    connections: u64,
    gaps: u64,
}

impl<'a> CampaignJson<'a> {
    pub(crate) fn of(totals: &'a Totals, left: Option<Seeds>) -> Self {
        let NetworkTotals { lost, duplicated, repeated, resent, connections, gaps } =
            totals.network;
        let faults = totals.faults.iter().map(|(kind, figures)| {
            let json = FaultJson {
                struck: figures.struck,
                touched_nothing: figures.in_vain,
                effect: figures.effect,
            };
            (*kind, json)
        });
        let failures = totals.failures.iter().map(|(seed, failure)| (*seed, &*failure.what));
        let machines = totals.machines.iter().map(|(machine, each)| (*machine, quantiles(each)));
        Self {
            runs: totals.runs,
            seeds_left: left.map(|left| left.to_string()),
            events: totals.events,
            messages_sent: totals.sent,
            messages_received: totals.received,
            runs_in_flight: totals.in_flight,
            exercised: &totals.exercised,
            violations: &totals.violations,
            faults: faults.collect(),
            network: NetworkJson {
                frames_lost: lost,
                frames_duplicated: duplicated,
                messages_repeated: repeated,
                messages_resent: resent,
                connections,
                gaps,
            },
            failures: failures.collect(),
            machines: machines.collect(),
        }
    }
}

fn quantiles(figures: &Figures) -> BTreeMap<&'static str, [f64; 3]> {
    let of = |values: &[f64]| SHARES.map(|share| quantile(values, share));
    [
        ("ticks", of(&figures.ticks)),
        ("clock", of(&figures.clock)),
        ("behind", of(&figures.behind)),
        ("jump_mean", of(&figures.mean_jump)),
        ("queue", of(&figures.queue)),
    ]
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_no_run_nothing_is_said_but_what_is_left() {
        let said = text(&Totals::default(), None, Some(Seeds { first: 1, last: 9 }));
        let (stopped, hint) = said.split_once("\n\n").unwrap();
        assert_eq!(stopped, format!("{}: seeds 1..9 are left.", paint(NOTABLE, "Stopped early")));
        assert!(hint.contains(" --seeds 1..9   "), "{hint}");
    }
}
