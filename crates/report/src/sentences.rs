//! Why the figures of a run are what they are, in a sentence or three.
//!
//! Each sentence is said only if the figures bear it out, whatever the run was:
//! cut short, with machines killed, without messages, as fast as it can. What
//! the fluid limit predicts is said only of a run that it speaks of.

mod clocks;
mod queues;

pub(crate) use queues::queue_grew;

use crate::number::{counted, given};
use crate::summary::Summary;

/// Events, of all machines together, below which nothing is explained.
const EVENTS_MIN: u64 = 20;

/// Sentences said at most; the first ones say more.
const SENTENCES_MAX: usize = 3;

/// Why, one to three sentences.
pub(crate) fn sentences(summary: &Summary) -> Vec<String> {
    if summary.ticks < EVENTS_MIN {
        return vec![too_few(summary)];
    }
    let grown = queues::grown(summary);
    let (queues, pace) = if grown.is_empty() {
        let queues = queues::left(summary).unwrap_or_else(|| clocks::kept_up(summary));
        (vec![queues], clocks::pace(summary))
    } else {
        (grown, None)
    };
    queues
        .into_iter()
        .chain(clocks::cut_short(summary))
        .chain(pace)
        .chain(clocks::largest_jump(summary))
        .take(SENTENCES_MAX)
        .collect()
}

fn too_few(summary: &Summary) -> String {
    if summary.ticks == 0 {
        return "No machine ticked.".to_owned();
    }
    let are = if summary.ticks == 1 { "is" } else { "are" };
    format!(
        "{} in {} s {are} too few to say more.",
        counted(summary.ticks, "event"),
        given(summary.seconds)
    )
}
