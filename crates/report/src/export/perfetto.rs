//! The Trace Event Format (Google, JSON Object Format), which ui.perfetto.dev and
//! chrome://tracing open.
//!
//! A machine is a process with one thread. An event is a complete slice (`X`); a
//! message is a flow arrow (`s` to `f`, bound to the slice that encloses its end,
//! `bp:"e"`) with one integer id; the queue is a counter (`C`). Times are
//! microseconds since the first event.
//!
//! Slices of one thread must not overlap, and an arrow must start within one. So
//! a slice lasts until the next event of its machine, or most of a period, and at
//! least a microsecond; where a log has several events in one microsecond, as
//! bursts in virtual time do, each is put one later than the one before.

use std::io::{self, Write};

use journal::{Record, Time};
use serde_json::{Value, json};

use super::Exporter;
use crate::event::Action;
use crate::merge::Step;

/// How much of a period a slice lasts at most.
const SLICE_SHARE: f64 = 0.8;

/// How long a slice lasts at most where there is no pace, in microseconds.
const SLICE_MICROS: i64 = 1000;

/// The trace, as it is written.
pub(super) struct Trace<W: Write> {
    output: W,
    is_first: bool,
    start: Option<Time>,
    tracks: Vec<Track>,
}

/// The track of one machine.
struct Track {
    machine: u32,
    /// How long its slices last at most, in microseconds.
    slice_max: i64,
    clock: u64,
    /// The end of what is written of it: nothing may begin before.
    now: i64,
    /// The last event, whose length is not known yet.
    open: Option<Slice>,
}

/// An event that is yet to be written.
struct Slice {
    ts: i64,
    name: String,
    args: Value,
    /// Its arrows.
    flows: Vec<Value>,
}

impl<W: Write> Trace<W> {
    pub(super) fn new(mut output: W, machines: &[u32]) -> io::Result<Self> {
        output.write_all(b"{\"displayTimeUnit\":\"ms\",\"traceEvents\":[")?;
        let track =
            |&machine| Track { machine, slice_max: SLICE_MICROS, clock: 0, now: 0, open: None };
        let tracks = machines.iter().map(track).collect();
        let mut trace = Self { output, is_first: true, start: None, tracks };
        for &machine in machines {
            let named = json!({"name": format!("machine {machine}")});
            trace.write(&json!({
                "ph": "M", "name": "process_name", "pid": machine, "tid": machine, "args": named
            }))?;
        }
        Ok(trace)
    }

    fn write(&mut self, event: &Value) -> io::Result<()> {
        let comma = if std::mem::take(&mut self.is_first) { "" } else { "," };
        write!(self.output, "{comma}\n{event}")
    }

    /// Writes the last event of a track, now that the next is at `next`.
    fn close(&mut self, log: usize, next: Option<i64>) -> io::Result<()> {
        let track = &mut self.tracks[log];
        let Some(slice) = track.open.take() else { return Ok(()) };
        let (machine, ts) = (track.machine, slice.ts);
        let duration = track.slice_max.min(next.map_or(i64::MAX, |next| next - ts)).max(1);
        self.write(&json!({
            "ph": "X", "name": slice.name, "cat": "event", "pid": machine, "tid": machine,
            "ts": ts, "dur": duration, "args": slice.args
        }))?;
        slice.flows.iter().try_for_each(|flow| self.write(flow))
    }
}

impl<W: Write> Exporter for Trace<W> {
    fn step(&mut self, step: &Step) -> io::Result<()> {
        let start = *self.start.get_or_insert(step.record.time());
        let track = &mut self.tracks[step.log];
        if let Record::Start(record) = &step.record
            && let Some(rate) = record.rate.per_second()
        {
            track.slice_max = (1e6 * SLICE_SHARE / rate).max(1.0) as i64;
        }
        let before = std::mem::replace(&mut track.clock, step.record.clock());
        if step.record.tick().is_none() {
            return Ok(());
        }
        let ts = (step.record.time().as_micros() - start.as_micros()).max(track.now);
        track.now = ts + 1;
        let machine = track.machine;
        self.close(step.log, Some(ts))?;
        self.tracks[step.log].open = Some(slice(step, ts, before));
        let queue = step.record.queue().unwrap_or(0);
        self.write(&json!({
            "ph": "C", "name": "queue", "pid": machine, "tid": machine, "ts": ts,
            "args": {"messages": queue}
        }))
    }

    fn finish(&mut self) -> io::Result<()> {
        (0..self.tracks.len()).try_for_each(|log| self.close(log, None))?;
        self.output.write_all(b"\n]}\n")?;
        self.output.flush()
    }
}

fn slice(step: &Step, ts: i64, clock_before: u64) -> Slice {
    let clock = step.record.clock();
    let args = json!({
        "tick": step.record.tick(),
        "clock": clock,
        "clock_before": clock_before,
        "jump": clock.saturating_sub(clock_before),
        "stamp": match &step.record {
            Record::Receive(receive) => Some(receive.stamp),
            _ => None,
        },
    });
    let action = Action::of(&step.record).unwrap_or(Action::Internal);
    Slice { ts, name: action.to_string(), args, flows: flows(step, ts) }
}

/// The arrows that begin or end at the event.
fn flows(step: &Step, ts: i64) -> Vec<Value> {
    let flow = |ph: &str, id: u64| {
        json!({
            "ph": ph, "name": "message", "cat": "message", "id": id,
            "pid": step.machine, "tid": step.machine, "ts": ts
        })
    };
    match &step.record {
        Record::Send(send) => {
            let last = step.message + send.to.len() as u64;
            (step.message..last).map(|id| flow("s", id)).collect()
        }
        Record::Receive(_) => {
            let end = step.cause.map(|sent| {
                let mut end = flow("f", sent.message);
                end["bp"] = json!("e");
                end
            });
            end.into_iter().collect()
        }
        _ => Vec::new(),
    }
}
