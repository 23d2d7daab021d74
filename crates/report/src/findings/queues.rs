//! What queues show: inboxes that drown, predictions that come true or do not.

use journal::{Pacing, Rate};

use super::{Seen, capped, finding, seen};
use crate::analysis::Analysis;
use crate::finding::Finding;
use crate::number::{count, counted, figure, given, percent, ticks};
use crate::presence::flow;
use crate::sentences::queue_grew;

/// A queue that ends this many standard deviations from its prediction missed it,
/// arrivals taken for a Poisson process: few runs do by chance.
const MISSED_DEVIATIONS: f64 = 3.0;

/// Messages that a prediction may be off without being missed.
const MISSED_MESSAGES_MIN: f64 = 5.0;

/// A growth a second from which on it is worth saying that it was foretold.
const HELD_GROWTH_MIN: f64 = 0.1;

/// Standard deviations within which a prediction held.
const HELD_DEVIATIONS: f64 = 1.0;

/// Seconds and ticks that a twentieth of the messages waited for at least, where
/// messages are said to be old.
const OLD_SECONDS_MIN: f64 = 3.0;
const OLD_TICKS_MIN: f64 = 5.0;

/// The share of a period that half of the gaps are shorter than, where ticks come
/// in bursts.
const BURST_GAP_SHARE: f64 = 0.5;

/// Messages, and their share of those sent, that make unread ones worth a word.
const UNREAD_MIN: u64 = 5;
const UNREAD_SHARE: f64 = 0.1;

/// More messages came than the machine had ticks for.
pub(super) fn drowning_inbox(analysis: &Analysis) -> Vec<Finding> {
    let mut drowning: Vec<_> =
        seen(analysis).filter(|seen| queue_grew(&seen.machine.statistics)).collect();
    drowning.sort_by_key(|seen| std::cmp::Reverse(seen.machine.statistics.queue));
    let found = drowning.iter().map(|seen| drowning_one(analysis, seen)).collect();
    capped(found, |others| format!("The inboxes of {others} more machines grew in the same way."))
}

fn drowning_one(analysis: &Analysis, seen: &Seen<'_>) -> Finding {
    let statistics = &seen.machine.statistics;
    let seconds = statistics.seconds();
    let predicted = flow(&analysis.summary, seen.machine.machine).map_or(String::new(), |flow| {
        format!(" ({} predicted)", figure(flow.queue_growth_per_second))
    });
    let sentence = format!(
        "Machine {}{} was sent {} messages a second and read {}: its queue grew by {} a \
         second{predicted}, to {} at the end.",
        seen.machine.machine,
        at_rate(seen),
        figure(statistics.arrived() as f64 / seconds),
        figure(statistics.receives as f64 / seconds),
        figure(statistics.queue as f64 / seconds),
        count(statistics.queue),
    );
    let peak = seen.measures.queue_max_tick.map(|tick| seen.event(tick));
    finding("drowning_inbox", "queues", sentence, peak.into_iter().chain(seen.last_event()))
}

/// `, at 1 tick a second,`
fn at_rate(seen: &Seen<'_>) -> String {
    match seen.machine.rate {
        Some(Rate::PerSecond(rate)) => format!(", at {} a second,", ticks(&given(rate))),
        _ => String::new(),
    }
}

/// By how many standard deviations each queue ended off its prediction.
fn deviations(analysis: &Analysis) -> impl Iterator<Item = (Seen<'_>, f64, f64)> {
    seen(analysis).filter(Seen::ticked).filter_map(|seen| {
        let flow = flow(&analysis.summary, seen.machine.machine)?;
        let queue = seen.measures.compared?.queue_end;
        let seconds = seen.machine.statistics.seconds();
        let deviation = (flow.arrivals_per_second * seconds).sqrt().max(1.0);
        Some((seen, queue.deviation, queue.deviation.abs() / deviation))
    })
}

/// A queue ended far from where the fluid limit has it.
pub(super) fn prediction_missed(analysis: &Analysis) -> Vec<Finding> {
    let missed = deviations(analysis).filter(|(_, messages, deviations)| {
        *deviations >= MISSED_DEVIATIONS && messages.abs() >= MISSED_MESSAGES_MIN
    });
    let found = missed.filter_map(|(seen, _, deviations)| {
        let queue = seen.measures.compared?.queue_end;
        let sentence = format!(
            "Machine {}'s queue ended at {} where {} were predicted: {} standard deviations off, \
             more than chance explains.",
            seen.machine.machine,
            count(queue.measured as u64),
            count(queue.predicted.round() as u64),
            figure(deviations),
        );
        Some(finding("prediction_missed", "queues", sentence, seen.last_event()))
    });
    capped(found.collect(), |others| format!("The queues of {others} more machines did, too."))
}

/// Queues that grew as the fluid limit says.
pub(super) fn prediction_held(analysis: &Analysis) -> Vec<Finding> {
    let grew = |seen: &Seen<'_>| {
        let growth = seen.measures.compared.map(|it| it.queue_growth_per_second.predicted);
        growth.is_some_and(|growth| growth >= HELD_GROWTH_MIN)
    };
    let held = deviations(analysis)
        .filter(|(seen, _, deviations)| grew(seen) && *deviations <= HELD_DEVIATIONS);
    let found = held.filter_map(|(seen, _, _)| {
        let queue = seen.measures.compared?.queue_end;
        let sentence = format!(
            "The fluid limit foretold machine {}'s queue: {} messages at the end were predicted \
             from rates and draws alone, {} it was.",
            seen.machine.machine,
            count(queue.predicted.round() as u64),
            count(queue.measured as u64),
        );
        Some(finding("prediction_held", "queues", sentence, seen.last_event()))
    });
    capped(found.collect(), |others| format!("It foretold {others} more queues."))
}

/// What was read had been sent long before.
pub(super) fn old_messages(analysis: &Analysis) -> Vec<Finding> {
    let old = |seen: &Seen<'_>| {
        let measures = seen.measures;
        measures.latency_seconds.p95 >= OLD_SECONDS_MIN
            && measures.latency_ticks.p95 >= OLD_TICKS_MIN
    };
    let found = seen(analysis).filter(old).filter_map(|seen| {
        let oldest = seen.measures.oldest_message?;
        let sentence = format!(
            "Machine {} read old news: half of its messages had waited {} s or more, and that of \
             machine {}'s tick {} waited {} s.",
            seen.machine.machine,
            figure(seen.measures.latency_seconds.p50),
            oldest.from,
            count(oldest.sent_tick),
            figure(oldest.seconds),
        );
        let send = crate::EventRef { machine: oldest.from, tick: oldest.sent_tick };
        Some(finding("old_messages", "queues", sentence, [send, seen.event(oldest.tick)]))
    });
    capped(found.collect(), |others| format!("{others} more machines read messages as old."))
}

/// All ticks of a second came at once.
pub(super) fn burst_pacing(analysis: &Analysis) -> Vec<Finding> {
    let period = |seen: &Seen<'_>| Some(1.0 / seen.machine.rate?.per_second()?);
    let in_bursts = |seen: &Seen<'_>| {
        let is_burst = seen.machine.statistics.setup.as_ref().map(|it| it.pacing);
        let gap = seen.measures.gaps_seconds.p50;
        let short = period(seen).is_some_and(|period| gap < BURST_GAP_SHARE * period);
        is_burst == Some(Pacing::Burst) && seen.ticked() && short
    };
    let fastest = seen(analysis).filter(in_bursts).max_by(|one, other| {
        let rate = |seen: &Seen<'_>| seen.machine.rate.and_then(Rate::per_second).unwrap_or(0.0);
        rate(one).total_cmp(&rate(other))
    });
    let Some(seen) = fastest else { return Vec::new() };
    let sentence = format!(
        "Ticks came in bursts: half of machine {}'s events followed the one before within {} ms, \
         where even pacing leaves {} ms. What is sent in a burst meets inboxes that nobody reads \
         until the next: queues were up to {} long.",
        seen.machine.machine,
        given(1e3 * seen.measures.gaps_seconds.p50),
        figure(1e3 * period(&seen).unwrap_or(0.0)),
        count(longest_queue(analysis)),
    );
    let jumps = seen.measures.jumps_largest.iter().map(|jump| seen.event(jump.tick));
    vec![finding("burst_pacing", "queues", sentence, jumps.chain(seen.last_event()))]
}

fn longest_queue(analysis: &Analysis) -> u64 {
    let machines = analysis.summary.machines.iter();
    machines.map(|machine| machine.statistics.queue_max).max().unwrap_or(0)
}

/// Messages that nobody read before the run was over.
pub(super) fn unread_at_end(analysis: &Analysis) -> Vec<Finding> {
    let (unread, sent) = (analysis.summary.messages_queued, analysis.summary.messages_sent);
    // Where logs are missing, more may wait than is known to have been sent.
    let is_share = unread <= sent && unread as f64 >= UNREAD_SHARE * sent as f64;
    if unread < UNREAD_MIN || !is_share {
        return Vec::new();
    }
    let sentence = format!(
        "{} of the {} sent ({}) still waited unread when the run was over.",
        count(unread),
        counted(sent, "message"),
        percent(unread as f64 / sent as f64),
    );
    let holders = seen(analysis).filter(|seen| seen.machine.statistics.queue > 0);
    vec![finding("unread_at_end", "queues", sentence, holders.filter_map(|seen| seen.last_event()))]
}
