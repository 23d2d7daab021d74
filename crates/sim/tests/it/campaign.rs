//! Random faults, and every rule of the judge.

use std::collections::BTreeMap;

use check::{Outcome, Rule};
use sim::{Effect, Fault};

use crate::run::{plan, simulate};

/// Seeds for each number of machines; many more are run by `just campaign`.
const SEEDS: u64 = 100;

#[test]
fn whatever_goes_wrong_the_rules_hold() {
    let mut exercised: BTreeMap<Rule, u64> = BTreeMap::new();
    let mut touched: BTreeMap<&str, u64> = BTreeMap::new();
    for machines in 2..=5_usize {
        for seed in 0..SEEDS {
            let rates: Vec<f64> =
                (0..machines as u64).map(|i| 1.0 + ((seed + i) % 6) as f64).collect();
            let outcome = simulate(plan(&rates, 60.0, seed).with_random_faults());
            let what = format!("{machines} machines, seed {seed}");
            assert_eq!(outcome.verdict.outcome, Outcome::Holds, "{what}: {}", outcome.verdict);
            assert_eq!(outcome.tally.refusals, Vec::<String>::new(), "{what}");
            for finding in &outcome.verdict.rules {
                *exercised.entry(finding.rule).or_default() += finding.exercised;
            }
            for (fault, effect) in &outcome.tally.faults {
                *touched.entry(kind(*fault)).or_default() += u64::from(!effect.is_nothing());
            }
            for (what, count) in [
                ("lost", outcome.tally.lost),
                ("repeated", outcome.tally.repeated),
                ("resent", outcome.tally.resent),
                ("gap", outcome.tally.gaps),
                ("given up", outcome.tally.given_up),
                ("torn", torn(&outcome.tally.faults)),
            ] {
                *touched.entry(what).or_default() += count;
            }
        }
    }
    // S1 is for draws of an unknown generator.
    for rule in Rule::ALL.iter().filter(|rule| **rule != Rule::S1) {
        assert!(exercised[rule] >= SEEDS, "{}: {exercised:?}", rule.id());
    }
    assert_eq!(touched.len(), 10, "{touched:?}");
    assert!(touched.values().all(|&count| count >= SEEDS), "{touched:?}");
}

fn kind(fault: Fault) -> &'static str {
    match fault {
        Fault::Cut(_) => "cut",
        Fault::Crash(crash) if crash.torn => "torn crash",
        Fault::Crash(_) => "crash",
        Fault::Pause(_) => "pause",
    }
}

fn torn(faults: &[(Fault, Effect)]) -> u64 {
    let bytes = |(_, effect): &(Fault, Effect)| match effect {
        Effect::Crash { torn, .. } => *torn,
        _ => 0,
    };
    faults.iter().map(bytes).sum()
}
