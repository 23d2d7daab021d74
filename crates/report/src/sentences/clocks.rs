//! The clocks: how far apart they ended, how fast they went, how they jumped.

use crate::number::{count, counted, figure, given, machines, ticks};
use crate::presence::{kept_rate, seconds_before_end, there_at_end};
use crate::summary::{MachineSummary, Summary};

/// Rise per tick of the largest clock from which on it is worth a sentence.
const PACE_MIN: f64 = 1.05;

/// The smallest jump that is worth a sentence.
const JUMP_MIN: u64 = 2;

/// How the clocks of the machines that were there to the end ended up, where no
/// queue is long.
pub(super) fn kept_up(summary: &Summary) -> String {
    let all = || summary.machines.iter().map(|each| &each.statistics);
    if summary.messages_sent == 0 && all().all(|each| each.arrived() == 0) {
        return no_messages(all().all(|each| each.clock == each.ticks));
    }
    let (there, _) = by_presence(summary);
    let waiting = match there.iter().map(|each| each.statistics.queue).max() {
        None | Some(0) => "no message waited in an inbox at the end".to_owned(),
        Some(most) => format!("at most {} waited in an inbox at the end", counted(most, "message")),
    };
    let could_read_all = |each: &&MachineSummary| {
        each.statistics.ticks > 0 && each.statistics.arrived() <= each.statistics.ticks
    };
    let all_there = there.len() == summary.machines.len();
    let (queues, clocks) = if there.iter().all(could_read_all) {
        let who = who(summary, &there);
        (format!("{who} kept up with the messages that came: {waiting}"), apart(&there, "their"))
    } else {
        let capital = waiting[..1].to_uppercase() + &waiting[1..];
        (capital, apart(&there, "the").filter(|_| all_there))
    };
    let clocks = clocks.map_or(String::new(), |clocks| format!(", and {clocks}"));
    format!("{queues}{clocks}.")
}

/// The machines that were there to the end, and those that had started but were
/// not.
fn by_presence(summary: &Summary) -> (Vec<&MachineSummary>, Vec<&MachineSummary>) {
    let started = summary.machines.iter().filter(|each| each.statistics.start.is_some());
    started.partition(|each| there_at_end(summary, &each.statistics))
}

fn no_messages(clocks_count_ticks: bool) -> String {
    if clocks_count_ticks {
        "No message was sent, so each clock counted nothing but its own machine's ticks.".to_owned()
    } else {
        "No message was sent.".to_owned()
    }
}

/// These machines, and that they have the same rate if they do.
fn who(summary: &Summary, those: &[&MachineSummary]) -> String {
    let numbers: Vec<_> = those.iter().map(|each| each.machine).collect();
    let names = machines(&numbers, summary.machines.len());
    let mut rates = those.iter().map(|each| kept_rate(each));
    let first = rates.next().flatten();
    match first.filter(|_| those.len() > 1 && rates.all(|rate| rate == first)) {
        Some(rate) => format!("{names}, at {} a second each,", ticks(&given(rate))),
        None => names,
    }
}

fn apart(those: &[&MachineSummary], whose: &str) -> Option<String> {
    let clocks = || those.iter().map(|each| each.statistics.clock);
    let (last, first) = (clocks().min()?, clocks().max()?);
    (those.len() > 1).then(|| match first - last {
        0 => format!("{whose} clocks all ended at {}", count(first)),
        apart => format!("{whose} clocks ended within {} of one another", count(apart)),
    })
}

/// Whose clock stayed behind because the machine was not there to the end.
pub(super) fn cut_short(summary: &Summary) -> Option<String> {
    let (_, absent) = by_presence(summary);
    match absent.as_slice() {
        [] => None,
        [one] => {
            let behind = match one.behind {
                0 => String::new(),
                behind => format!(", {} behind", count(behind)),
            };
            Some(format!(
                "The log of machine {} ends {} s before the run does: its clock stayed at {}{behind}.",
                one.machine,
                figure(seconds_before_end(summary, &one.statistics)?),
                count(one.statistics.clock)
            ))
        }
        several => {
            let numbers: Vec<_> = several.iter().map(|each| each.machine).collect();
            Some(format!(
                "{}: their logs end before the run does, and their clocks stayed where they were.",
                machines(&numbers, summary.machines.len())
            ))
        }
    }
}

/// Why the largest clock shows more than its machine's ticks.
pub(super) fn pace(summary: &Summary) -> Option<String> {
    let leader = summary.machines.iter().find(|each| Some(each.machine) == summary.leader)?;
    (leader.jump_mean? >= PACE_MIN && leader.statistics.receives > 0).then(|| {
        format!(
            "The largest clock, machine {}'s, rose to {} in {}: receives of later stamps set it forward.",
            leader.machine,
            count(summary.clock_max),
            counted(leader.statistics.ticks, "tick")
        )
    })
}

/// Who jumped furthest, and whose message made it.
pub(super) fn largest_jump(summary: &Summary) -> Option<String> {
    let jumps =
        summary.machines.iter().filter_map(|each| Some((each.machine, each.statistics.jump_max?)));
    let (machine, jump) = jumps.max_by_key(|(machine, jump)| (jump.size, u32::MAX - machine))?;
    let counting = |each: &MachineSummary| each.statistics.clock == each.statistics.ticks;
    if jump.size < JUMP_MIN {
        return (summary.messages_received > 0 && summary.machines.iter().all(counting)).then(
            || "No message was ahead of the clock that read it, so every jump is 1.".to_owned(),
        );
    }
    Some(format!(
        "The largest jump, +{}, was machine {machine}'s at tick {}, when it read a message from \
         machine {}.",
        count(jump.size),
        count(jump.tick),
        jump.from?
    ))
}
