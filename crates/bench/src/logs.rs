//! Items of logs: written by the simulator, judged, and measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use check::{Outcome, judge};
use journal::Folder;
use report::Analysis;
use sim::Plan;
use tempfile::TempDir;

use crate::floor::order::Heap;
use crate::floor::run::run;
use crate::floor::scan::{Sums, scan};
use crate::floor::write::Log;
use crate::item::{Goal, Item};
use crate::measure::{Done, pairs};
use crate::{Failure, Scale, model};

const UNIT: &str = "ns/event";

/// Events of the logs that are written, and of those that are judged.
const EVENTS: u64 = 2_000_000;

/// Events of the logs that a report is made of: a gigabyte.
const REPORT_EVENTS: u64 = 10_000_000;

pub(crate) fn write(scale: Scale) -> Result<Item, Failure> {
    let plan = model::three(scale.pick(EVENTS, 10_000));
    let folder = TempDir::new()?;
    let (ours, floor) = (folder.path().join("ours"), folder.path().join("floor"));
    fs::create_dir(&floor)?;
    written(&plan, &ours)?;
    let edges = edges(&ours)?;
    let is_whole = |path: &Path| Ok::<_, Failure>(fs::metadata(path)?.len());
    let item = Item {
        name: "simulate with logs",
        floor: "the bare loop, writing the same bytes by hand",
        unit: UNIT,
        goal: Goal::RatioAtMost(1.25),
        pairs: pairs(
            scale,
            || {
                let done = written(&plan, &ours)?;
                Ok(Done { events: done, outcome: is_whole(&log(&ours, 1))? })
            },
            || {
                let done = written_by_hand(&plan, &floor, &edges)?;
                Ok(Done { events: done, outcome: is_whole(&log(&floor, 1))? })
            },
        )?,
    };
    for machine in 1..=plan.manifest.machines {
        if fs::read(log(&ours, machine))? != fs::read(log(&floor, machine))? {
            return Err(format!("the logs of machine {machine} differ").into());
        }
    }
    Ok(item)
}

pub(crate) fn check(scale: Scale) -> Result<Item, Failure> {
    let logs = Logs::new(scale.pick(EVENTS, 10_000))?;
    let judged = || {
        let verdict = judge(&logs.folder);
        let tallies = verdict.tallies;
        match verdict.outcome {
            Outcome::Holds => Ok(Done {
                events: tallies.events,
                outcome: (tallies.events, tallies.received, tallies.sent),
            }),
            _ => Err(Failure::from("the run does not hold")),
        }
    };
    let scanned = || {
        let sums = logs.scan()?;
        let outcome = (sums.events, sums.receives, sums.messages);
        Ok(Done { events: sums.events, outcome })
    };
    Ok(Item {
        name: "check",
        floor: SCAN,
        unit: UNIT,
        goal: Goal::RatioAtMost(2.5),
        pairs: pairs(scale, judged, scanned)?,
    })
}

pub(crate) fn report(scale: Scale) -> Result<Item, Failure> {
    let logs = Logs::new(scale.pick(REPORT_EVENTS, 10_000))?;
    let analysed = || {
        let (analysis, errors) = Analysis::read(&logs.folder);
        if let Some(error) = errors.into_iter().next() {
            return Err(error.into());
        }
        let of_all = |figure: fn(&report::Statistics) -> u64| {
            analysis.summary.machines.iter().map(|it| figure(&it.statistics)).sum()
        };
        let events: u64 = of_all(|it| it.ticks);
        let outcome = (events, of_all(|it| it.receives), of_all(|it| it.messages_sent));
        Ok(Done { events, outcome })
    };
    let scanned = || {
        let sums = logs.scan()?;
        let outcome = (sums.events, sums.receives, sums.messages);
        Ok(Done { events: sums.events, outcome })
    };
    Ok(Item {
        name: "report, all statistics",
        floor: SCAN,
        unit: UNIT,
        goal: Goal::RatioAtMost(3.0),
        pairs: pairs(scale, analysed, scanned)?,
    })
}

const SCAN: &str = "newlines found and numbers parsed in their order, over the same files";

/// The logs of a run.
struct Logs {
    folder: Folder,
    _files: TempDir,
}

impl Logs {
    fn new(events: u64) -> Result<Self, Failure> {
        let files = TempDir::new()?;
        written(&model::three(events), files.path())?;
        Ok(Self { folder: Folder::open(files.path())?, _files: files })
    }

    fn scan(&self) -> Result<Sums, Failure> {
        let mut sums = Sums::default();
        for (_, path) in &self.folder.logs {
            scan(path, &mut sums)?;
        }
        // To and seq are a number each of a message.
        sums.messages /= 2;
        std::hint::black_box(sums.all);
        Ok(sums)
    }
}

/// Simulates into a folder as `offbeat simulate --out` does; gives about how many
/// events there are.
fn written(plan: &Plan, folder: &Path) -> Result<u64, Failure> {
    for machine in 1..=plan.manifest.machines {
        let _ = fs::remove_file(log(folder, machine));
    }
    stream::simulate_into(plan.clone(), folder)?;
    Ok(events(plan))
}

/// The same by hand. The first and the last line of each log are given.
fn written_by_hand(
    plan: &Plan,
    folder: &Path,
    edges: &BTreeMap<u32, [String; 2]>,
) -> Result<u64, Failure> {
    let mut logs = (1..=plan.manifest.machines)
        .map(|machine| Log::new(&log(folder, machine)))
        .collect::<Result<Vec<_>, _>>()?;
    for (log, [first, _]) in logs.iter_mut().zip(edges.values()) {
        log.line(first);
    }
    let mut written = Ok(());
    run::<Heap>(&plan.manifest, |at, index, machine, event, neighbours| {
        if let Err(error) = logs[index].event(at, machine, event, neighbours) {
            written = Err(error);
        }
    });
    written?;
    for (log, [_, last]) in logs.iter_mut().zip(edges.values()) {
        log.line(last);
        log.flush()?;
    }
    Ok(events(plan))
}

fn events(plan: &Plan) -> u64 {
    let seconds = plan.manifest.duration.map_or(0.0, |duration| duration.0.as_secs_f64());
    let rates = plan.manifest.rates.iter().filter_map(|rate| rate.per_second());
    (seconds * rates.sum::<f64>()) as u64
}

fn edges(folder: &Path) -> Result<BTreeMap<u32, [String; 2]>, Failure> {
    let logs = Folder::open(folder)?.logs;
    let edges = logs.into_iter().map(|(machine, path)| {
        let text = fs::read_to_string(path)?;
        let edge = |line: Option<&str>| line.unwrap_or_default().to_owned();
        Ok((machine, [edge(text.lines().next()), edge(text.lines().next_back())]))
    });
    edges.collect()
}

fn log(folder: &Path, machine: u32) -> PathBuf {
    folder.join(Folder::log_name(machine))
}
