//! The events as the page's script reads them: about ten bytes each.
//!
//! One stream of bytes, machine after machine, in base64. A number is a varint
//! (seven bits a byte, the lowest first); one that may fall is zigzag-coded
//! first. Each event is
//!
//! ```text
//! head        kind (0 internal, 1 send, 2 receive) + 4 if a tick follows + 8 if a clock follows
//! tick        step from the previous event's, zigzag; 1 if it does not follow
//! clock       step from the previous event's, zigzag; 1 if it does not follow
//! time        step from the previous event's in microseconds, zigzag; the first from the run's begin
//! internal:   draw
//! send:       draw, number of recipients; each: machine, seq as a step on its link, zigzag
//! receive:    from, seq and stamp as steps on its link, zigzag, queue
//! ```

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use journal::{Receive, Record, Send, Time};

use super::trace::Trace;

const INTERNAL: u64 = 0;
const SEND: u64 = 1;
const RECEIVE: u64 = 2;
const TICK_FOLLOWS: u64 = 4;
const CLOCK_FOLLOWS: u64 = 8;

/// The events of all machines up to `end`, in base64.
pub(super) fn base64(trace: &Trace, end: Option<Time>) -> String {
    let mut bytes = Vec::new();
    for lane in &trace.lanes {
        let mut column = Column::new(&mut bytes, trace.begin);
        let events = lane.events().take_while(|event| end.is_none_or(|end| event.time() <= end));
        events.for_each(|event| column.push(event));
    }
    STANDARD.encode(bytes)
}

/// The events of one machine being written.
struct Column<'a> {
    bytes: &'a mut Vec<u8>,
    tick: u64,
    clock: u64,
    micros: i64,
    /// The last seq sent to each machine.
    sent: BTreeMap<u32, u64>,
    /// The last seq and stamp received from each machine.
    received: BTreeMap<u32, (u64, u64)>,
}

impl<'a> Column<'a> {
    fn new(bytes: &'a mut Vec<u8>, begin: Option<Time>) -> Self {
        let micros = begin.map_or(0, Time::as_micros);
        let (sent, received) = (BTreeMap::new(), BTreeMap::new());
        Self { bytes, tick: 0, clock: 0, micros, sent, received }
    }

    fn push(&mut self, event: &Record) {
        match event {
            Record::Internal(internal) => {
                self.push_head(INTERNAL, event);
                self.varint(internal.draw);
            }
            Record::Send(send) => {
                self.push_head(SEND, event);
                self.push_send(send);
            }
            Record::Receive(receive) => {
                self.push_head(RECEIVE, event);
                self.push_receive(receive);
            }
            Record::Start(_) | Record::Stop(_) => {}
        }
    }

    /// What events of all kinds have.
    fn push_head(&mut self, kind: u64, event: &Record) {
        let tick = step(self.tick, event.tick().unwrap_or_default());
        let clock = step(self.clock, event.clock());
        let micros = event.time().as_micros();
        let tick_follows = if tick == 1 { 0 } else { TICK_FOLLOWS };
        let clock_follows = if clock == 1 { 0 } else { CLOCK_FOLLOWS };
        self.varint(kind + tick_follows + clock_follows);
        if tick != 1 {
            self.zigzag(tick);
        }
        if clock != 1 {
            self.zigzag(clock);
        }
        self.zigzag(micros.wrapping_sub(self.micros));
        self.tick = event.tick().unwrap_or_default();
        self.clock = event.clock();
        self.micros = micros;
    }

    fn push_send(&mut self, send: &Send) {
        self.varint(send.draw);
        self.varint(send.to.len().min(send.seq.len()) as u64);
        for (&to, &seq) in send.to.iter().zip(&send.seq) {
            let last = self.sent.insert(to, seq).unwrap_or(0);
            self.varint(to.into());
            self.zigzag(step(last, seq));
        }
    }

    fn push_receive(&mut self, receive: &Receive) {
        let &Receive { from, seq, stamp, queue, .. } = receive;
        let (last_seq, last_stamp) = self.received.insert(from, (seq, stamp)).unwrap_or((0, 0));
        self.varint(from.into());
        self.zigzag(step(last_seq, seq));
        self.zigzag(step(last_stamp, stamp));
        self.varint(queue);
    }

    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    fn zigzag(&mut self, value: i64) {
        self.varint(((value << 1) ^ (value >> 63)) as u64);
    }
}

/// From one number to the next; numbers so far apart that it wraps are nonsense
/// that a log may hold.
fn step(from: u64, to: u64) -> i64 {
    to.wrapping_sub(from) as i64
}
