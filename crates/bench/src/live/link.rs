//! The link: what a message costs two daemons that do nothing else, their logs
//! included, for a message that is not in the log does not leave its machine.

use check::{Outcome, judge};
use journal::Folder;

use crate::floor::socket::carry;
use crate::item::{Goal, Item, Pair};
use crate::live::nodes::{Nodes, addresses};
use crate::measure::{processor_time, processor_time_of_children};
use crate::{Failure, Scale};

/// Of four ticks with an empty inbox three send. With no internal events at all the
/// faster machine would do nothing but send, and the other one nothing but receive,
/// until its inbox is full.
pub(crate) const DRAW_MAX: u64 = 4;

pub(crate) fn link(scale: Scale) -> Result<Item, Failure> {
    let pair = |_| {
        let (ours, messages) = daemons(scale.pick("2s", "300ms"))?;
        Ok(Pair { ours, floor: Some(floor(messages)?) })
    };
    Ok(Item {
        name: "link, logs included",
        floor: "raw sockets, prost, and a log by hand, in batches of 64 KiB",
        unit: "ns/message",
        goal: Goal::RatioAtMost(1.5),
        pairs: (0..scale.repetitions()).map(pair).collect::<Result<_, Failure>>()?,
    })
}

/// Nanoseconds of the processor time of two daemons a message, and how many
/// messages there were.
fn daemons(duration: &str) -> Result<(f64, u64), Failure> {
    let settings = format!("rate = \"max\"\ndraw_max = {DRAW_MAX}\nduration = \"{duration}\"");
    let before = processor_time_of_children()?;
    let mut nodes = Nodes::start(&addresses(2), 2, &settings)?;
    nodes.wait()?;
    let spent = processor_time_of_children()? - before;
    let verdict = judge(&Folder::open(nodes.folder())?);
    match verdict.outcome {
        Outcome::Holds => Ok((spent / verdict.tallies.sent.max(1) as f64, verdict.tallies.sent)),
        _ => Err("the run does not hold".into()),
    }
}

fn floor(messages: u64) -> Result<f64, Failure> {
    let before = processor_time()?;
    carry(messages, DRAW_MAX)?;
    Ok((processor_time()? - before) / messages.max(1) as f64)
}
