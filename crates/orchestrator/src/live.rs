//! The live view: how a run stands, as lines of text.

use std::collections::BTreeMap;
use std::time::Duration;

use report::{Event, MachineSummary, Summary};

use crate::heading::bar;

/// Columns of the longest queue's bar, where there is room.
const QUEUE_WIDTH_MAX: usize = 20;

/// Columns that a row takes without it.
const ROW_WIDTH: usize = 88;

/// Rows for machines; of more machines, only the slowest clocks are shown.
const ROWS_MAX: usize = 20;

/// How a run stands at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// What the logs amount to so far.
    pub summary: &'a Summary,
    /// The last event of each machine that had one.
    pub last_events: &'a BTreeMap<u32, Event>,
    /// How long it is to last.
    pub duration: Duration,
    /// What a fault has done to machines: said instead of their last events.
    pub remarks: &'a BTreeMap<u32, &'static str>,
}

impl Frame<'_> {
    /// The lines of the view, none wider than `width` columns.
    #[must_use]
    pub fn lines(&self, width: usize) -> Vec<String> {
        let bar_width = width.saturating_sub(ROW_WIDTH).min(QUEUE_WIDTH_MAX);
        let mut lines = vec![self.progress_bar(), heading(bar_width)];
        let queue_max = self.summary.machines.iter().map(|each| each.statistics.queue).max();
        let bar = QueueBar { width: bar_width, queue_max: queue_max.unwrap_or(0) };
        let rows = self.shown();
        lines.extend(rows.iter().map(|machine| self.row(machine, &bar)));
        if rows.len() < self.summary.machines.len() {
            let more = self.summary.machines.len() - rows.len();
            lines.push(format!("  … and {more} more, less far behind"));
        }
        lines.into_iter().map(|line| line.chars().take(width).collect()).collect()
    }

    /// One line that says the same in short.
    #[must_use]
    pub fn short(&self) -> String {
        let list = |figure: fn(&MachineSummary) -> u64| {
            let figures: Vec<_> =
                self.shown().into_iter().map(|each| figure(each).to_string()).collect();
            figures.join(", ")
        };
        format!(
            "{} of {} s: clocks {}; queues {}",
            self.elapsed().as_secs(),
            self.duration.as_secs_f64(),
            list(|machine| machine.statistics.clock),
            list(|machine| machine.statistics.queue),
        )
    }

    /// The machines that have rows: all, or those furthest behind.
    fn shown(&self) -> Vec<&MachineSummary> {
        let mut machines: Vec<_> = self.summary.machines.iter().collect();
        if machines.len() > ROWS_MAX {
            machines.sort_by_key(|machine| std::cmp::Reverse(machine.behind));
            machines.truncate(ROWS_MAX);
            machines.sort_by_key(|machine| machine.machine);
        }
        machines
    }

    fn row(&self, machine: &MachineSummary, bar: &QueueBar) -> String {
        let MachineSummary { machine: id, rate, behind, statistics, .. } = machine;
        let Some(rate) = rate else { return format!("  {id:>7}  waits for the others") };
        format!(
            "  {id:>7}  {rate:>7}  {ticks:>6}  {clock:>6}  {behind:>6}  {queue:>6} \
             {bar:<bar_width$}  {event}",
            rate = rate.to_string(),
            ticks = statistics.ticks,
            clock = statistics.clock,
            queue = statistics.queue,
            bar = bar.of(statistics.queue),
            bar_width = bar.width,
            event = match self.remarks.get(id) {
                Some(&remark) => remark.to_owned(),
                None => self.last_events.get(id).map(last_event).unwrap_or_default(),
            },
        )
    }

    /// How long the run has lasted, by its logs.
    fn elapsed(&self) -> Duration {
        Duration::try_from_secs_f64(self.summary.seconds).unwrap_or_default().min(self.duration)
    }

    fn progress_bar(&self) -> String {
        let elapsed = self.elapsed();
        let share = elapsed.as_secs_f64() / self.duration.as_secs_f64();
        format!("  {}  {} of {} s", bar(share), elapsed.as_secs(), self.duration.as_secs_f64())
    }
}

fn heading(bar_width: usize) -> String {
    format!("  machine  ticks/s   ticks   clock  behind   queue {:bar_width$}  last event", "")
}

fn last_event(event: &Event) -> String {
    let Event { action, before, after, .. } = event;
    let clocks = format!("{action:<16}{before:>5} -> {after}");
    match event.jump() {
        0 | 1 => clocks,
        jump => format!("{clocks:<30} +{jump}"),
    }
}

/// Draws queues: one mark a message; where the longest has more than there is
/// room for, all are drawn to its scale.
struct QueueBar {
    width: usize,
    queue_max: u64,
}

impl QueueBar {
    fn of(&self, queue: u64) -> String {
        let marks = match self.queue_max as usize <= self.width {
            true => queue as usize,
            false => (queue as f64 / self.queue_max as f64 * self.width as f64).ceil() as usize,
        };
        "▮".repeat(marks)
    }
}
