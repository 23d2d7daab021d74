//! Broken on purpose: production code with one change each that must not go
//! unnoticed, compiled, run, and caught under the rule that it breaks.
//!
//! A few of them are tried with every `cargo test`; all by `just mutants`, and those
//! with a word in their name by `just mutants WORD`.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]
#![allow(clippy::disallowed_methods, reason = "compilers and detectors take real time")]

mod detector;
mod document;
mod mirror;
mod mutant;
mod table;
mod workshop;

use std::collections::BTreeSet;
use std::fs;
use std::time::Instant;

use check::Rule;

use crate::mutant::Mutant;
use crate::workshop::{Workshop, workspace};

/// Says which mutants are tried: `all`, or those with this in their name.
const CHOICE: &str = "OFFBEAT_MUTANTS";

/// Without a choice, these.
const SAMPLE: [&str; 3] = ["no max: the stamp alone counts", "no dedup", "torn tail kept"];

#[test]
fn mutants_are_caught() {
    let workshop = Workshop::open();
    assert_eq!(workshop.report(), "passes", "of the code as it is");
    let (chosen, start) = (chosen(), Instant::now());
    let mut others = Vec::new();
    println!("\n{:<52} {:<24} {:<24} seconds", "broken", "expected", "caught by");
    for mutant in &chosen {
        let (name, by, start) = (mutant.name, mutant.caught_by, Instant::now());
        let report = workshop.report_of(mutant);
        let first = report.lines().next().unwrap_or_default();
        let found = first.strip_prefix("caught ").unwrap_or(first);
        let seconds = start.elapsed().as_secs_f64();
        println!("{name:<52} {by:<24.24} {found:<24.24} {seconds:>7.1}");
        if !mutant.is_caught_as_expected(first) {
            others.push(format!("{name}: expected {by}, found: {report}"));
        }
    }
    let (all, caught) = (chosen.len(), chosen.len() - others.len());
    println!("{caught} of {all} caught as expected, in {} s", start.elapsed().as_secs());
    assert!(others.is_empty(), "not as expected:\n{}", others.join("\n"));
}

fn chosen() -> Vec<Mutant> {
    let choice = std::env::var(CHOICE).ok().filter(|choice| !choice.is_empty());
    let is_chosen = |mutant: &Mutant| match choice.as_deref() {
        None => SAMPLE.contains(&mutant.name),
        Some("all") => true,
        Some(word) => mutant.name.contains(word),
    };
    let chosen: Vec<_> = table::all().filter(is_chosen).collect();
    let expected = if choice.is_none() { SAMPLE.len() } else { 1 };
    assert!(chosen.len() >= expected, "{CHOICE}: no mutant is called {choice:?}");
    chosen
}

#[test]
fn the_code_as_it_is_passes() {
    assert_eq!(detector::report(), "passes");
}

/// Each of them is there, and fits the code as it is now.
#[test]
fn the_table_fits_the_code() {
    let mut names = BTreeSet::new();
    for mutant in table::all() {
        let source = workspace().join("crates").join(mutant.file);
        let broken = mutant.apply(&fs::read_to_string(source).unwrap());
        assert_eq!(broken.err(), None);
        assert!(names.insert(mutant.name), "{} is there twice", mutant.name);
        let by = mutant.caught_by;
        let is_known = Rule::ALL.iter().any(|rule| rule.id() == by)
            || document::CHECKS.iter().any(|(check, _)| *check == by)
            || by.starts_with("panic: ");
        assert!(is_known, "{}: what is {by}?", mutant.name);
    }
    assert!(names.len() >= 30, "{}", names.len());
}

#[test]
fn a_mutant_whose_text_is_gone_is_refused() {
    let mutant = Mutant { text: "no such text", ..table::all().next().unwrap() };
    let refusal = mutant.apply("fn main() {}").unwrap_err();
    assert!(refusal.contains("its text occurs 0 times in crates/clock/src/lamport.rs, not once"));
    let twice = Mutant { text: "a", ..mutant };
    assert!(twice.apply("a, a").unwrap_err().contains("occurs 2 times"));
}

#[test]
fn a_mutant_is_caught_by_what_it_says_and_nothing_else() {
    let of = |caught_by| Mutant { caught_by, ..table::all().next().unwrap() };
    for (caught_by, found, is_caught) in [
        ("C2", "caught C2", true),
        ("C2", "caught C1", false),
        ("C2", "passes", false),
        ("C2", "caught panic: C2", false),
        ("panic: a gap", "caught panic: there was a gap", true),
        ("panic: a gap", "caught panic: something else", false),
        ("panic: a gap", "caught gap", false),
    ] {
        assert_eq!(of(caught_by).is_caught_as_expected(found), is_caught, "{caught_by}: {found}");
    }
}
