//! What a run was, in a title and a few facts.

use journal::{Pacing, Rate, StampRule, Start, Time};

use super::trace::Trace;
use crate::number::{count, counted, given};
use crate::summary::Summary;

/// Rates up to this many are in the title.
const RATES_MAX: usize = 8;

/// The top of the page.
pub(super) struct Heading {
    pub(super) title: String,
    pub(super) facts: Vec<Fact>,
}

/// A thing and what it is.
pub(crate) struct Fact {
    pub(crate) name: &'static str,
    pub(crate) value: String,
}

impl Heading {
    pub(super) fn of(trace: &Trace, summary: &Summary) -> Self {
        Self { title: title(summary), facts: facts(trace, summary) }
    }
}

/// `Three machines at 1, 3 and 6 ticks a second`.
fn title(summary: &Summary) -> String {
    let machines = summary.machines.len();
    let named = match machines {
        1 => "One machine".to_owned(),
        2..=9 => {
            let words = ["Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine"];
            format!("{} machines", words[machines - 2])
        }
        _ => counted(machines as u64, "machine"),
    };
    match rates(summary) {
        Some(rates) => format!("{named} at {rates}"),
        None => named,
    }
}

fn rates(summary: &Summary) -> Option<String> {
    let rates: Option<Vec<Rate>> = summary.machines.iter().map(|machine| machine.rate).collect();
    let rates = rates.filter(|rates| !rates.is_empty())?;
    let per_second: Option<Vec<f64>> = rates.iter().map(|rate| rate.per_second()).collect();
    let Some(per_second) = per_second else {
        return Some("full speed".to_owned());
    };
    let (least, most) =
        per_second.iter().fold((f64::MAX, 0.0_f64), |(a, b), &rate| (a.min(rate), b.max(rate)));
    Some(if least == most {
        let plural = if most == 1.0 { "" } else { "s" };
        format!("{} tick{plural} a second", given(most))
    } else if per_second.len() > RATES_MAX {
        format!("{} to {} ticks a second", given(least), given(most))
    } else {
        let rates: Vec<_> = per_second.into_iter().map(given).collect();
        format!(
            "{} and {} ticks a second",
            rates[..rates.len() - 1].join(", "),
            rates[rates.len() - 1]
        )
    })
}

fn facts(trace: &Trace, summary: &Summary) -> Vec<Fact> {
    let fact = |name, value| Fact { name, value };
    let mut facts = vec![fact("Length", format!("{} s", given(round(summary.seconds))))];
    facts.push(fact("Events", count(summary.ticks)));
    facts.push(fact("Messages", count(summary.messages_sent)));
    if let Some(setup) = trace.setup() {
        facts.extend(setup_facts(setup).into_iter().map(|(name, value)| fact(name, value)));
    }
    facts.extend(summary.start.map(|start| fact("Began", began(start))));
    facts.extend(summary.run.clone().map(|run| fact("Run", run)));
    facts
}

/// Virtual time begins with the year 2000, long before any run in real time.
fn began(start: Time) -> String {
    match start.format("%Y").as_str() {
        "2000" => "in virtual time".to_owned(),
        _ => start.format("%Y-%m-%d %H:%M:%S UTC"),
    }
}

fn setup_facts(setup: &Start) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(seed) = setup.seed {
        facts.push(("Seed", seed.to_string()));
    }
    facts.push(("Draws", format!("1 to {}", setup.draw_max)));
    facts.push(("Topology", setup.topology.to_string()));
    if setup.pacing != Pacing::Even {
        facts.push(("Pacing", setup.pacing.to_string()));
    }
    if setup.stamp != StampRule::After {
        facts.push(("Stamped", format!("{} the increment", setup.stamp)));
    }
    facts
}

/// To tenths of a second, which is as much as tells runs apart.
fn round(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}
