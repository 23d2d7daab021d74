//! The live view: how a run stands, as lines of text.

use std::time::Duration;

use report::{MachineSummary, Summary};

/// Columns of the progress bar.
const BAR_WIDTH: usize = 38;

/// Columns of the longest queue's bar.
const QUEUE_WIDTH: u64 = 20;

/// Rows for machines; of more machines, only the slowest clocks are shown.
const ROWS_MAX: usize = 20;

/// How a run stands at one moment.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// What the logs amount to so far.
    pub summary: &'a Summary,
    /// How long the run has lasted.
    pub elapsed: Duration,
    /// How long it is to last.
    pub duration: Duration,
}

impl Frame<'_> {
    /// The lines of the view, none wider than `width` columns.
    #[must_use]
    pub fn lines(&self, width: usize) -> Vec<String> {
        let mut lines = vec![
            self.progress_bar(),
            "  machine  ticks/s   ticks   clock  behind   queue                       last event"
                .to_owned(),
        ];
        let queue_max = self.summary.machines.iter().map(|each| each.statistics.queue).max();
        let rows = self.shown();
        lines.extend(rows.iter().map(|machine| row(machine, queue_max.unwrap_or(0))));
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
            self.elapsed.as_secs(),
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

    fn progress_bar(&self) -> String {
        let elapsed = self.elapsed.min(self.duration);
        let share = elapsed.as_secs_f64() / self.duration.as_secs_f64();
        let full = (share * BAR_WIDTH as f64) as usize;
        let bar = "█".repeat(full) + &"░".repeat(BAR_WIDTH.saturating_sub(full));
        format!("  {bar}  {} of {} s", elapsed.as_secs(), self.duration.as_secs_f64())
    }
}

fn row(machine: &MachineSummary, queue_max: u64) -> String {
    let MachineSummary { machine: id, rate, behind, statistics, .. } = machine;
    let Some(rate) = rate else {
        return format!("  {id:>7}  waits for the others");
    };
    let event = statistics.last.as_ref().map(|event| {
        let clocks = format!("{} -> {}", event.before, event.after);
        let jump = match event.jump() {
            0 | 1 => String::new(),
            jump => format!("  +{jump}"),
        };
        format!("{:<16}{clocks:>14}{jump}", event.action.to_string())
    });
    format!(
        "  {id:>7}  {rate:>7}  {ticks:>6}  {clock:>6}  {behind:>6}  {queue:>6} {bar:<20}  {event}",
        rate = rate.to_string(),
        ticks = statistics.ticks,
        clock = statistics.clock,
        queue = statistics.queue,
        bar = queue_bar(statistics.queue, queue_max),
        event = event.unwrap_or_default(),
    )
}

/// One mark a message; where the longest queue has more than there is room for,
/// all are drawn to its scale.
fn queue_bar(queue: u64, queue_max: u64) -> String {
    let marks = match queue_max {
        0..=QUEUE_WIDTH => queue,
        _ => (queue as f64 / queue_max as f64 * QUEUE_WIDTH as f64).ceil() as u64,
    };
    "▮".repeat(marks as usize)
}
