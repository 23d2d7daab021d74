//! What a node prints for people; the only module here that prints.

use std::fmt::Display;

use journal::Record;

/// One aligned line for an event, given the clock before it:
/// `20:02:53.740  tick 17  receive from 3  stamp 55  clock 41 -> 56 (+15)  queue 2`.
#[must_use]
pub fn event_line(record: &Record, clock_before: u64) -> String {
    let time = record.time().clock_time();
    match record {
        Record::Start(start) => format!(
            "{time}  start, incarnation {}: machine {} of {}, {} ticks/s, clock {}",
            start.incarnation, start.machine, start.machines, start.rate, start.clock
        ),
        Record::Stop(stop) => format!(
            "{time}  stop ({}) after tick {}: clock {}, queue {}, missed {}, in flight {}",
            stop.reason, stop.ticks, stop.clock, stop.queue, stop.missed, stop.in_flight
        ),
        Record::Internal(event) => tick_line(record, event.tick, "internal", "", clock_before),
        Record::Send(event) => {
            let to: Vec<_> = event.to.iter().map(u32::to_string).collect();
            let what = format!("send to {}", to.join(", "));
            tick_line(record, event.tick, &what, "", clock_before)
        }
        Record::Receive(event) => {
            let what = format!("receive from {}", event.from);
            let stamp = format!("stamp {}", event.stamp);
            tick_line(record, event.tick, &what, &stamp, clock_before)
        }
    }
}

fn tick_line(record: &Record, tick: u64, what: &str, stamp: &str, before: u64) -> String {
    let time = record.time().clock_time();
    let after = record.clock();
    let (rise, queue) = (after.saturating_sub(before), record.queue().unwrap_or_default());
    format!(
        "{time}  tick {tick:<5}  {what:<14}  {stamp:<11}  clock {before:>5} -> {after:<5} \
         {:<7}  queue {queue}",
        format!("(+{rise})")
    )
}

/// Prints a line of results.
pub(crate) fn say(line: &str) {
    anstream::println!("{line}");
}

/// Prints what went wrong.
pub(crate) fn complain(error: &dyn Display) {
    anstream::eprintln!("error: {error}");
}
