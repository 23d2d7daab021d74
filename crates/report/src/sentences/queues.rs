//! The queues: which grew, why, and what it did to the clock.

use crate::number::{count, counted, figure, given, machines, ticks};
use crate::presence::{flow, kept_rate, there_at_end};
use crate::statistics::Statistics;
use crate::summary::{MachineSummary, Summary};

/// Messages in an inbox from which on it is said that they wait: below, it may be
/// chance.
const QUEUE_LONG: u64 = 10;

/// A queue grew if what is left is at least this share of its most: it did not
/// come and go.
const QUEUE_LEFT_SHARE: f64 = 0.8;

/// Messages read from which on it is said that their stamps grew older.
const READS_MIN: u64 = 5;

/// The share of the largest clock from which on a clock is said to be behind.
const BEHIND_SHARE: f64 = 0.05;

/// The longest queue of those that grew, and that others grew too.
pub(super) fn grown(summary: &Summary) -> Vec<String> {
    let grown = || summary.machines.iter().filter(|each| queue_grew(&each.statistics));
    let Some(longest) = grown().max_by_key(|each| (each.statistics.queue, u32::MAX - each.machine))
    else {
        return Vec::new();
    };
    let others: Vec<_> = grown().filter(|each| each.machine != longest.machine).collect();
    let mut sentences = vec![grown_queue(summary, longest)];
    sentences.extend(other_grown_queues(summary, &others));
    sentences
}

/// More messages came than the machine had ticks for, and they are still there.
pub(crate) fn queue_grew(statistics: &Statistics) -> bool {
    statistics.queue >= QUEUE_LONG
        && statistics.arrived() > statistics.ticks
        && statistics.queue as f64 >= QUEUE_LEFT_SHARE * statistics.queue_max as f64
        && statistics.seconds() > 0.0
}

fn grown_queue(summary: &Summary, machine: &MachineSummary) -> String {
    let statistics = &machine.statistics;
    let per_second = |count: u64| figure(count as f64 / statistics.seconds());
    format!(
        "Machine {}, at {} a second, got {} messages a second and read only {}: its queue grew by \
         {} a second{} to {}{}.",
        machine.machine,
        ticks_a_second(machine),
        per_second(statistics.arrived()),
        per_second(statistics.receives),
        per_second(statistics.queue),
        predicted(summary, machine).unwrap_or_default(),
        count(statistics.queue),
        consequence(summary, machine),
    )
}

/// Its rate if it kept it, else what it was.
fn ticks_a_second(machine: &MachineSummary) -> String {
    let measured = || figure(machine.statistics.ticks as f64 / machine.statistics.seconds());
    ticks(&kept_rate(machine).map_or_else(measured, given))
}

fn predicted(summary: &Summary, machine: &MachineSummary) -> Option<String> {
    let growth = flow(summary, machine.machine)?.queue_growth_per_second;
    Some(if growth > 0.0 {
        format!(" ({} predicted)", figure(growth))
    } else {
        " (none predicted)".to_owned()
    })
}

/// What a queue that grew did to the stamps that were read and to the clock.
fn consequence(summary: &Summary, machine: &MachineSummary) -> String {
    match (stamps(machine), lag(summary, machine)) {
        (Some(stamps), Some(lag)) => format!(", so it {stamps}, and {lag}"),
        (Some(stamps), None) => format!(", so it {stamps}"),
        (None, Some(lag)) => format!("; {lag}"),
        (None, None) => String::new(),
    }
}

fn stamps(machine: &MachineSummary) -> Option<String> {
    let last = machine.statistics.last_read?;
    (machine.statistics.receives >= READS_MIN)
        .then(|| format!("read ever older stamps, the last one {}", count(last.stamp)))
}

fn lag(summary: &Summary, machine: &MachineSummary) -> Option<String> {
    let share = machine.behind as f64 / summary.clock_max as f64;
    (share >= BEHIND_SHARE && there_at_end(summary, &machine.statistics)).then(|| {
        let percent = (100.0 * share).floor();
        format!("its clock ended {} ({percent} %) behind", count(machine.behind))
    })
}

fn other_grown_queues(summary: &Summary, others: &[&MachineSummary]) -> Option<String> {
    let numbers: Vec<_> = others.iter().map(|each| each.machine).collect();
    let longest = others.iter().map(|each| each.statistics.queue).max()?;
    Some(match numbers.as_slice() {
        [one] => format!("The queue of machine {one} grew too, to {}.", count(longest)),
        several => format!(
            "{} had queues that grew too, to {} at most.",
            machines(several, summary.machines.len()),
            count(longest)
        ),
    })
}

/// Messages wait, though more came than could be read only for a time.
pub(super) fn left(summary: &Summary) -> Option<String> {
    let longest = longest(summary)?;
    let statistics = &longest.statistics;
    (statistics.queue >= QUEUE_LONG).then(|| {
        format!(
            "{} waited in the inbox of machine {} at the end; its queue was {} long at most.",
            counted(statistics.queue, "message"),
            longest.machine,
            count(statistics.queue_max)
        )
    })
}

fn longest(summary: &Summary) -> Option<&MachineSummary> {
    let machines = summary.machines.iter();
    machines.max_by_key(|each| (each.statistics.queue, u32::MAX - each.machine))
}
