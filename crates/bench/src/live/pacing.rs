//! Pacing at 100 ticks a second: how late slots are reached, and whether lateness
//! adds up or slots are missed beside something that takes all the processor time
//! there is.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, UNIX_EPOCH};

use journal::Time;

use crate::floor::sleep::{Waking, sleep_on};
use crate::item::{Goal, Item, Pair};
use crate::live::run::{Log, Run};
use crate::{Failure, Scale};

/// Ticks a second.
const RATE: f64 = 100.0;

/// How late a slot may be reached and run all the same, in microseconds
/// (docs/model.md): max(50 ms, half a period).
const LATENESS_MAX: f64 = 50e3;

const RUNS: usize = 3;

pub(crate) fn pacing(scale: Scale) -> Result<Item, Failure> {
    let pair = |_| {
        let (logs, wakings) = beside(
            |is_over| sleep_on(Duration::from_secs_f64(1.0 / RATE), is_over),
            || logs(scale),
        )?;
        let lateness = logs.iter().flat_map(lateness).collect();
        let of_floor = during(&logs, &wakings);
        Ok(Pair { ours: p99(lateness), floor: Some(p99(of_floor)) })
    };
    Ok(Item {
        name: "lateness at 100 Hz, p99",
        floor: "a thread that sleeps to deadlines, at the same time",
        unit: "us",
        goal: Goal::RatioAtMost(2.0),
        pairs: (0..scale.pick(RUNS, 1)).map(pair).collect::<Result<_, Failure>>()?,
    })
}

pub(crate) fn drift(scale: Scale) -> Result<Item, Failure> {
    hogged(scale, "drift at the end, beside hogs", "ms", 1.0, |log| at_the_end(log) / 1e3)
}

pub(crate) fn missed(scale: Scale) -> Result<Item, Failure> {
    hogged(scale, "slots missed, beside hogs", "slots", 0.0, |log| log.stop.missed as f64)
}

/// Runs beside a hog on every processor; of the machines of a run the worst counts.
fn hogged(
    scale: Scale,
    name: &'static str,
    unit: &'static str,
    most: f64,
    figure: fn(&Log) -> f64,
) -> Result<Item, Failure> {
    let pair = |_| {
        let (logs, ()) = beside(hogs, || logs(scale))?;
        Ok(Pair { ours: logs.iter().map(figure).fold(0.0, f64::max), floor: None })
    };
    Ok(Item {
        name,
        floor: "",
        unit,
        goal: Goal::AtMost(most),
        pairs: (0..scale.pick(RUNS, 1)).map(pair).collect::<Result<_, Failure>>()?,
    })
}

fn logs(scale: Scale) -> Result<Vec<Log>, Failure> {
    Run::make(&["--rates", "100,100,100", "--duration", scale.pick("10s", "1s")])?.logs()
}

/// Does `work` while a thread does `other`, which ends when it is over.
fn beside<T: Send, U>(
    other: impl FnOnce(&AtomicBool) -> T + Send,
    work: impl FnOnce() -> Result<U, Failure>,
) -> Result<(U, T), Failure> {
    let is_over = AtomicBool::new(false);
    thread::scope(|threads| {
        let other = threads.spawn(|| other(&is_over));
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        Ok((done?, other.join().map_err(|_| "the thread beside has panicked")?))
    })
}

/// Takes all the processor time there is.
fn hogs(is_over: &AtomicBool) {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|threads| {
        for _ in 0..processors {
            threads.spawn(|| {
                while !is_over.load(Ordering::Relaxed) {
                    spin_loop()
                }
            });
        }
    });
}

/// How late each tick's slot was reached, in microseconds. Which slot it was the log
/// does not say: slots that were reached too late were missed before it.
fn lateness(log: &Log) -> Vec<f64> {
    let due = |slot: u64| log.start.phase * 1e6 + slot as f64 * 1e6 / RATE;
    let mut slot = 0;
    let mut lateness = Vec::new();
    for time in &log.times {
        while time - due(slot) > LATENESS_MAX {
            slot += 1;
        }
        lateness.push(time - due(slot));
        slot += 1;
    }
    lateness
}

/// The median lateness of the last second: what has added up is in it, and not what
/// one tick alone had to wait.
fn at_the_end(log: &Log) -> f64 {
    let lateness = lateness(log);
    let last = lateness.len().saturating_sub(RATE as usize);
    quantile(lateness[last..].to_vec(), 0.5)
}

/// The lateness of the wakings while all machines ticked.
fn during(logs: &[Log], wakings: &[Waking]) -> Vec<f64> {
    let began = logs.iter().map(|log| log.start.time).max();
    let stopped = logs.iter().map(|log| log.stop.time).min();
    let is_during = |waking: &&Waking| {
        let since = waking.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        let at = Time::from_micros(since.as_micros() as i64);
        began.is_some_and(|began| at >= began) && stopped.is_some_and(|stopped| at <= stopped)
    };
    wakings.iter().filter(is_during).map(|waking| waking.lateness).collect()
}

fn p99(values: Vec<f64>) -> f64 {
    quantile(values, 0.99)
}

fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (share * values.len() as f64) as usize;
    values.get(index).copied().unwrap_or(f64::NAN)
}
