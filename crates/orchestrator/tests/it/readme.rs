//! What README shows is what the program prints: its samples are rendered again
//! from the recorded logs of the run that they show.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anstream::adapter::strip_str;
use check::judge;
use journal::{Folder, Reader};
use node::event_line;
use orchestrator::{Frame, Place, Program, conclusion, heading};
use report::{Event, Statistics, Summary};

/// When the sample of the live view was taken, in seconds after the start.
const SAMPLE_SECONDS: f64 = 24.0;

/// Columns of the terminal it was taken on.
const WIDTH: usize = 100;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// A minute of `cargo run --release -- --seed 146`.
fn recorded() -> Folder {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/seed-146");
    Folder::open(&folder).unwrap()
}

fn assert_readme_shows(text: &str) {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let text = strip_str(text).to_string();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    assert!(readme.contains(&text), "README.md does not show this:\n\n{text}\n");
}

/// What the logs amounted to at the time of the sample.
fn summary_then(folder: &Folder) -> (Summary, BTreeMap<u32, Event>) {
    let mut last_events = BTreeMap::new();
    let machines = folder.logs.iter().map(|(machine, path)| {
        let mut statistics = Statistics::new();
        for line in Reader::open(path).unwrap() {
            let record = line.unwrap().record;
            let start = statistics.start.unwrap_or(record.time());
            if record.time().seconds_since(start) <= SAMPLE_SECONDS {
                let last = Event::of(&record, statistics.clock);
                last_events.extend(last.map(|event| (*machine, event)));
                statistics.push(&record);
            }
        }
        (*machine, statistics)
    });
    (Summary::of(machines), last_events)
}

#[test]
fn readme_shows_how_a_run_begins() {
    let manifest = recorded().manifest.unwrap();
    assert_eq!(manifest.seed, 146);
    let typed = ["--seed", "146"].map(str::to_owned).into_iter();
    let virtually = Program::under_cargo().virtually_as(typed, "--seed 146");
    assert_readme_shows(&heading(&manifest, true, "127.0.0.1", &[5555, 6666, 7777], &virtually));
}

#[test]
fn hints_repeat_what_was_typed() {
    let hint = |typed: &str| {
        let words = typed.split(' ').filter(|word| !word.is_empty()).map(str::to_owned);
        Program::under_cargo().virtually_as(words, "--seed 7")
    };
    let simulate = "cargo run --release -- simulate";
    assert_eq!(hint(""), format!("{simulate} --seed 7"));
    assert_eq!(
        hint("run e.toml --ports 1 2 3 --rates 1,3 --out=x --seed 9"),
        format!("{simulate} e.toml --rates 1,3 --seed 7")
    );
    assert_eq!(
        hint("simulate --seeds 1..9 --cut 2>3@1s..2s --json --out d --ports auto --host h"),
        format!("{simulate} --cut '2>3@1s..2s' --seed 7")
    );
    assert_eq!(
        hint("simulate --seed 1 --loss 0.1 -- -x.toml"),
        format!("{simulate} --loss 0.1 --seed 7 -- -x.toml")
    );
}

#[test]
fn readme_shows_the_live_view() {
    let (summary, last_events) = summary_then(&recorded());
    let frame = Frame {
        summary: &summary,
        last_events: &last_events,
        duration: Duration::from_secs(60),
        remarks: &BTreeMap::new(),
    };
    assert_readme_shows(&frame.lines(WIDTH).join("\n"));
}

#[test]
fn readme_shows_how_a_run_ends() {
    let folder = recorded();
    let (summary, errors) = Summary::read(&folder);
    assert!(errors.is_empty(), "{errors:?}");
    let verdict = judge(&folder);
    let run = Path::new("runs/20261124-044345");
    let page = run.join("report.html");
    let place = Place { folder: run, is_latest: true, page: Some(&page) };
    assert_readme_shows(&conclusion(&summary, &verdict, &place, &Program::under_cargo()));
}

#[test]
fn readme_gives_the_two_commands() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    for command in ["\ncargo run --release\n", "\ncargo test --workspace\n"] {
        assert!(readme.contains(command), "{command}");
    }
}

#[test]
fn readme_shows_the_events_of_a_node_by_hand() {
    let log = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/by-hand/machine-1.jsonl");
    let mut clock = 0;
    let lines: Vec<_> = Reader::open(&log)
        .unwrap()
        .take(6)
        .map(|line| {
            let record = line.unwrap().record;
            let before = std::mem::replace(&mut clock, record.clock());
            event_line(&record, before)
        })
        .collect();
    assert_readme_shows(&lines.join("\n"));
}
