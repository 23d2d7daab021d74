//! An event as people read it: one aligned line.

use anstyle::{AnsiColor, Style};
use journal::{Record, Start, Stop};

/// For what is on every line and seldom looked at.
const DIM: Style = Style::new().dimmed();

/// For starts and stops.
const LIFE: Style = Style::new().bold();

/// For messages that go out.
const SEND: Style = AnsiColor::Green.on_default();

/// For messages that come in.
const RECEIVE: Style = AnsiColor::Cyan.on_default();

/// For a clock that jumps.
const JUMP: Style = AnsiColor::Yellow.on_default().bold();

/// One aligned line for a record, given the clock before it:
/// `20:02:53.740  tick 17  receive from 3  stamp 55  clock 41 -> 56 (+15)  queue 2`,
/// in colours that whoever prints it strips where there is no terminal.
#[must_use]
pub fn event_line(record: &Record, clock_before: u64) -> String {
    let time = paint(DIM, &record.time().clock_time());
    let what = match record {
        Record::Start(start) => paint(LIFE, &start_line(start)),
        Record::Stop(stop) => paint(LIFE, &stop_line(stop)),
        _ => event(record, clock_before),
    };
    format!("{time}  {what}")
}

fn start_line(start: &Start) -> String {
    let Start { incarnation, machine, machines, rate, clock, .. } = start;
    format!("start {incarnation}: machine {machine} of {machines} at {rate} ticks/s, clock {clock}")
}

fn stop_line(stop: &Stop) -> String {
    let Stop { reason, ticks, missed, queue, in_flight, clock, .. } = stop;
    format!(
        "stop ({reason}) after tick {ticks}: clock {clock}, queue {queue}, missed {missed}, \
         in flight {in_flight}"
    )
}

fn event(record: &Record, before: u64) -> String {
    let (style, what, stamp) = match record {
        Record::Send(send) => (SEND, format!("send to {}", recipients(&send.to)), None),
        Record::Receive(receive) => {
            (RECEIVE, format!("receive from {}", receive.from), Some(receive.stamp))
        }
        _ => (Style::new(), "internal".to_owned(), None),
    };
    let what = paint(style, &format!("{what:<14}"));
    let stamp = stamp.map(|stamp| format!("stamp {stamp}")).unwrap_or_default();
    let after = record.clock();
    let rise = after.saturating_sub(before);
    let jump = format!("{:<7}", format!("(+{rise})"));
    let jump = if rise > 1 { paint(JUMP, &jump) } else { jump };
    format!(
        "tick {tick:<5}  {what}  {stamp:<11}  clock {before:>5} -> {after:<5} {jump}  queue {queue}",
        tick = record.tick().unwrap_or_default(),
        queue = record.queue().unwrap_or_default(),
    )
}

fn recipients(to: &[u32]) -> String {
    match to {
        [_, _, _, _, ..] => format!("{} machines", to.len()),
        _ => to.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
    }
}

fn paint(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
