//! What the mix of events shows: machines that only read, links that are silent.

use super::{EVENTS_MIN, Seen, capped, finding, seen};
use crate::analysis::Analysis;
use crate::finding::{EventRef, Finding};
use crate::link_load::LinkLoad;
use crate::number::{count, counted, machines};

/// A machine is always reading if this share of its ticks, or less, is idle.
const IDLE_SHARE: f64 = 0.1;

/// A link is quiet if it carries this share of what links carry on average, or
/// less.
const QUIET_SHARE: f64 = 0.2;

/// Messages that links must carry on average for one of them to be quiet.
const LINK_MEAN_MIN: f64 = 5.0;

/// Nobody sent anything.
pub(super) fn no_messages(analysis: &Analysis) -> Vec<Finding> {
    let summary = &analysis.summary;
    if summary.ticks < EVENTS_MIN || summary.messages_sent > 0 {
        return Vec::new();
    }
    let sentence = "No message was sent: each clock counts its own machine's ticks, and no event \
                    of one machine has anything to do with one of another.";
    let ends = seen(analysis).filter_map(|seen| seen.last_event());
    vec![finding("no_messages", "mix", sentence.to_owned(), ends)]
}

/// A machine that had no tick to spare.
pub(super) fn always_reading(analysis: &Analysis) -> Vec<Finding> {
    let busy = |seen: &Seen<'_>| {
        seen.ticked() && seen.measures.idle_share.is_some_and(|share| share <= IDLE_SHARE)
    };
    let found = seen(analysis).filter(busy).map(|seen| {
        let statistics = &seen.machine.statistics;
        let idle = statistics.sends + statistics.internals;
        let sentence = format!(
            "Machine {} was busy reading: its inbox was empty at only {} of its {}, so it sent {}.",
            seen.machine.machine,
            count(idle),
            counted(statistics.ticks, "tick"),
            match statistics.messages_sent {
                0 => "nothing".to_owned(),
                sent => counted(sent, "message"),
            },
        );
        finding("always_reading", "mix", sentence, seen.last_event())
    });
    capped(found.collect(), |others| format!("{others} more machines had no tick to spare."))
}

/// A link that carries far less than others.
pub(super) fn quiet_link(analysis: &Analysis) -> Vec<Finding> {
    let links = all_links(analysis);
    let sent: u64 = links.iter().map(|link| link.sent).sum();
    let mean = sent as f64 / links.len().max(1) as f64;
    if mean < LINK_MEAN_MIN {
        return Vec::new();
    }
    let is_quiet = |link: &&LinkLoad| link.sent as f64 <= QUIET_SHARE * mean;
    let found = seen(analysis).filter_map(|seen| {
        let machine = seen.machine.machine;
        let own = links.iter().filter(|link| link.from == machine);
        let quiet: Vec<_> = own.filter(is_quiet).collect();
        (!quiet.is_empty()).then(|| quiet_links_of(&seen, &quiet, mean))
    });
    capped(found.collect(), |others| format!("{others} more machines had quiet links."))
}

fn quiet_links_of(seen: &Seen<'_>, quiet: &[&LinkLoad], mean: f64) -> Finding {
    let statistics = &seen.machine.statistics;
    let to: Vec<_> = quiet.iter().map(|link| link.to).collect();
    let sentence = format!(
        "Machine {} said next to nothing to {}: {} in all, where a link carries {mean:.0} on \
         average. Reading left it {} to spare.",
        seen.machine.machine,
        some_machines(&to),
        counted(quiet.iter().map(|link| link.sent).sum(), "message"),
        counted(statistics.sends + statistics.internals, "tick"),
    );
    finding("quiet_link", "mix", sentence, seen.last_event())
}

/// `machine 2`, `machines 2 and 3`, `14 machines`.
fn some_machines(numbers: &[u32]) -> String {
    let named = machines(numbers, usize::MAX);
    named[..1].to_lowercase() + &named[1..]
}

/// The links that there are, those without a message included. Beyond those that
/// carried any, a link is known to be there from the one that runs back.
fn all_links(analysis: &Analysis) -> Vec<LinkLoad> {
    let links = &analysis.links;
    let carried = |from, to| links.binary_search_by_key(&(from, to), |it| (it.from, it.to)).is_ok();
    let back = links.iter().filter(|link| !carried(link.to, link.from));
    let silent = back.map(|link| LinkLoad { from: link.to, to: link.from, ..LinkLoad::default() });
    let mut all: Vec<_> = links.iter().copied().chain(silent).collect();
    all.sort_by_key(|link| (link.from, link.to));
    all
}

/// A machine that nobody told anything.
pub(super) fn never_received(analysis: &Analysis) -> Vec<Finding> {
    if analysis.summary.messages_received == 0 {
        return Vec::new();
    }
    let deaf = seen(analysis).filter(|seen| seen.ticked() && seen.machine.statistics.receives == 0);
    let found = deaf.map(|seen| {
        let machine = seen.machine.machine;
        let sent: u64 = analysis.links.iter().filter(|it| it.to == machine).map(|it| it.sent).sum();
        let sentence = format!(
            "Machine {machine} never received: {} to it in {}, so its clock is its own.",
            if sent == 0 { "nobody sent".to_owned() } else { format!("none of {sent} sent came") },
            counted(seen.machine.statistics.ticks, "tick"),
        );
        let ends = [EventRef { machine, tick: 1 }].into_iter().chain(seen.last_event());
        finding("never_received", "mix", sentence, ends)
    });
    capped(found.collect(), |others| format!("{others} more machines never received."))
}
