//! The charts over time: clocks, drift, queues.

use super::chart::{Chart, Content};
use super::sample::Samples;
use super::trace::Trace;
use crate::number::count;
use crate::summary::{MachineSummary, Summary};

/// Clocks, drift against the fastest, queues.
pub(super) fn charts(trace: &Trace, summary: &Summary) -> Vec<Chart> {
    let samples = Samples::of(trace);
    [clocks, drift, queues].map(|of| Chart::of(trace, of(summary, &samples))).into()
}

/// What one of them shows.
pub(super) type ContentOf = fn(&Summary, &Samples) -> Content;

/// One of them.
pub(super) fn chart(trace: &Trace, summary: &Summary, of: ContentOf) -> Chart {
    Chart::of(trace, of(summary, &Samples::of(trace)))
}

pub(super) fn clocks(summary: &Summary, samples: &Samples) -> Content {
    let largest = match summary.leader {
        Some(leader) => format!("machine {leader}'s, {}", count(summary.clock_max)),
        None => "0".to_owned(),
    };
    let rows = samples.machines.iter();
    Content {
        id: "clocks",
        title: "Clocks",
        caption: format!("The Lamport clock of each machine. The largest at the end is {largest}."),
        unit: "clock",
        rows: rows.map(|row| row.iter().map(|sample| Some(sample.clock)).collect()).collect(),
    }
}

pub(super) fn drift(summary: &Summary, samples: &Samples) -> Content {
    let last = summary.machines.iter().max_by_key(|machine| machine.behind);
    let most = match last {
        Some(MachineSummary { machine, behind: behind @ 1.., .. }) => {
            format!("At the end machine {machine} is furthest behind, by {}.", count(*behind))
        }
        _ => "At the end none is behind.".to_owned(),
    };
    let behind = samples.behind().into_iter();
    Content {
        id: "drift",
        title: "Drift",
        caption: format!(
            "By how much each clock is behind the largest one of the same moment. {most}"
        ),
        unit: "behind",
        rows: behind.map(|row| row.into_iter().map(Some).collect()).collect(),
    }
}

pub(super) fn queues(summary: &Summary, samples: &Samples) -> Content {
    let longest = summary.machines.iter().max_by_key(|machine| machine.statistics.queue_max);
    let most = match longest {
        Some(machine) if machine.statistics.queue_max > 0 => {
            let most = count(machine.statistics.queue_max);
            format!("The longest is machine {}'s, {most}.", machine.machine)
        }
        _ => "None ever holds a message.".to_owned(),
    };
    let rows = samples.machines.iter();
    Content {
        id: "queues",
        title: "Queues",
        caption: format!("Messages waiting in each machine's inbox. {most}"),
        unit: "queue",
        rows: rows.map(|row| row.iter().map(|sample| sample.queue).collect()).collect(),
    }
}
