//! Records as the lines of a log, written by hand: the keys in their order, each
//! number after its key.
//!
//! serde writes the very same bytes, far slower (docs/performance.md); a test holds
//! the two against each other. Starts and stops are a line each of an incarnation, and
//! are left to it.

use crate::record::{Internal, Receive, Record, Send};
use crate::time::Time;
use crate::timestamp::Times;

/// Appends the line that says `record`, without its newline. `times` are those of the
/// lines before it.
pub(crate) fn write(record: &Record, text: &mut Vec<u8>, times: &mut Times) {
    let mut line = Line(text, times);
    match record {
        Record::Internal(record) => line.internal(record),
        Record::Send(record) => line.send(record),
        Record::Receive(record) => line.receive(record),
        Record::Start(_) | Record::Stop(_) => line.any(record),
    }
}

struct Line<'a>(&'a mut Vec<u8>, &'a mut Times);

impl Line<'_> {
    fn internal(&mut self, record: &Internal) {
        let &Internal { time, tick, draw, queue, clock } = record;
        self.begin(r#"{"event":"internal","time":""#, time);
        self.number(r#"","tick":"#, tick);
        self.number(r#","draw":"#, draw);
        self.end(queue, clock);
    }

    fn send(&mut self, record: &Send) {
        let &Send { time, tick, draw, ref to, ref seq, queue, clock } = record;
        self.begin(r#"{"event":"send","time":""#, time);
        self.number(r#"","tick":"#, tick);
        self.number(r#","draw":"#, draw);
        self.list(r#","to":["#, to);
        self.list(r#"],"seq":["#, seq);
        self.text("]");
        self.end(queue, clock);
    }

    fn receive(&mut self, record: &Receive) {
        let &Receive { time, tick, from, seq, stamp, queue, clock } = record;
        self.begin(r#"{"event":"receive","time":""#, time);
        self.number(r#"","tick":"#, tick);
        self.number(r#","from":"#, from);
        self.number(r#","seq":"#, seq);
        self.number(r#","stamp":"#, stamp);
        self.end(queue, clock);
    }

    fn any(&mut self, record: &Record) {
        serde_json::to_writer(&mut *self.0, record)
            .expect("a record has only string keys and finite numbers, and a Vec takes all bytes");
    }

    fn begin(&mut self, event: &str, time: Time) {
        self.text(event);
        match self.1.write(time) {
            Some(text) => self.0.extend_from_slice(&text),
            None => self.text(&time.to_string()),
        }
    }

    fn end(&mut self, queue: u64, clock: u64) {
        self.number(r#","queue":"#, queue);
        self.number(r#","clock":"#, clock);
        self.text("}");
    }

    fn list<N: itoa::Integer + Copy>(&mut self, key: &str, numbers: &[N]) {
        self.text(key);
        for (index, &number) in numbers.iter().enumerate() {
            self.number(if index == 0 { "" } else { "," }, number);
        }
    }

    fn number(&mut self, key: &str, number: impl itoa::Integer) {
        self.text(key);
        self.text(itoa::Buffer::new().format(number));
    }

    fn text(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }
}
