//! What did not go as planned in a run: the lines below its table.

use journal::StopReason;

use crate::number::{counted, figure, machines, was};
use crate::statistics::Statistics;
use crate::summary::Summary;

/// One line for each kind of thing that happened, however many machines it
/// happened to; one for each log that could not be read to its end.
pub(crate) fn notes(summary: &Summary) -> Vec<String> {
    let notes = [
        never_started(summary),
        never_ticked(summary),
        restarted(summary),
        missed(summary),
        by_signal(summary),
        by_fault(summary),
        without_stop(summary),
        in_flight(summary),
    ];
    let damage = summary.damage.iter();
    notes
        .into_iter()
        .flatten()
        .chain(damage.map(|error| format!("{error}. The figures count up to there.")))
        .collect()
}

/// The machines that something happened to.
struct Those<'a> {
    numbers: Vec<u32>,
    statistics: Vec<&'a Statistics>,
    of: usize,
}

impl<'a> Those<'a> {
    fn in_summary(summary: &'a Summary, which: impl Fn(&Statistics) -> bool) -> Option<Self> {
        let (numbers, statistics): (Vec<_>, Vec<_>) = summary
            .machines
            .iter()
            .filter(|machine| which(&machine.statistics))
            .map(|machine| (machine.machine, &machine.statistics))
            .unzip();
        (!numbers.is_empty()).then_some(Self { numbers, statistics, of: summary.machines.len() })
    }

    fn names(&self) -> String {
        machines(&self.numbers, self.of)
    }

    fn was(&self) -> &'static str {
        was(&self.numbers)
    }

    fn total(&self, figure: impl Fn(&Statistics) -> u64) -> u64 {
        let figures = self.statistics.iter().map(|statistics| figure(statistics));
        figures.fold(0, u64::saturating_add)
    }
}

fn never_started(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.start.is_none())?;
    Some(format!("{} never started.", those.names()))
}

fn never_ticked(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.start.is_some() && each.ticks == 0)?;
    Some(format!("{} started but never ticked.", those.names()))
}

fn restarted(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.restarts() > 0)?;
    let times = match those.total(Statistics::restarts) {
        1 => "once".to_owned(),
        times => format!("{times} times"),
    };
    let down: f64 = those.statistics.iter().map(|each| each.seconds_down).sum();
    Some(format!(
        "{} {} restarted {times} and down for {} s.",
        those.names(),
        those.was(),
        figure(down)
    ))
}

fn missed(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.missed > 0)?;
    let slots = counted(those.total(|each| each.missed), "slot");
    Some(format!("{} missed {slots}, reached too late to tick.", those.names()))
}

fn by_signal(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.stop_reason == Some(StopReason::Signal))?;
    Some(format!("{} {} stopped by a signal.", those.names(), those.was()))
}

fn by_fault(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.stop_reason == Some(StopReason::Fault))?;
    let diagnostics = match those.numbers.as_slice() {
        [machine] => format!("machine-{machine}.diag.log"),
        _ => "the logs of diagnostics".to_owned(),
    };
    Some(format!("{} could not go on: see {diagnostics}.", those.names()))
}

fn without_stop(summary: &Summary) -> Option<String> {
    let those =
        Those::in_summary(summary, |each| each.incarnations > 0 && each.stop_reason.is_none())?;
    let (logs, killed) = match those.numbers.len() {
        1 => ("its log", "it was killed, or still runs"),
        _ => ("their logs", "they were killed, or still run"),
    };
    Some(format!("{} left no stop in {logs}: {killed}.", those.names()))
}

fn in_flight(summary: &Summary) -> Option<String> {
    let those = Those::in_summary(summary, |each| each.in_flight.is_some_and(|count| count > 0))?;
    let messages = counted(those.total(|each| each.in_flight.unwrap_or(0)), "message");
    Some(format!("{} stopped with {messages} in flight, not known to have arrived.", those.names()))
}
