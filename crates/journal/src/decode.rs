//! Lines of a log as records, read as they are written: the keys in their order,
//! nothing between them.
//!
//! That is far faster than serde, which cannot know what comes next
//! (docs/performance.md). All else, the same keys in another order among it, is
//! left to serde, which knows what is right and says what is wrong.

use crate::record::{Internal, Receive, Record, Send, Several};
use crate::time::Time;
use crate::timestamp;

/// The record of an event whose line, without its newline, is `text`; none if that
/// is not how such a record is written.
pub(crate) fn event(text: &[u8]) -> Option<Record> {
    let mut line = Line(text);
    line.skip(br#"{"event":""#)?;
    match line.0.first()? {
        b'i' => line.internal(),
        b's' => line.send(),
        _ => line.receive(),
    }
}

/// What is left of a line.
struct Line<'a>(&'a [u8]);

impl Line<'_> {
    fn internal(&mut self) -> Option<Record> {
        let time = self.time(br#"internal","time":""#)?;
        let tick = self.number(br#"","tick":"#)?;
        let draw = self.number(br#","draw":"#)?;
        let (queue, clock) = self.end()?;
        Some(Record::Internal(Internal { time, tick, draw, queue, clock }))
    }

    fn send(&mut self) -> Option<Record> {
        let time = self.time(br#"send","time":""#)?;
        let tick = self.number(br#"","tick":"#)?;
        let draw = self.number(br#","draw":"#)?;
        let to = self.list(br#","to":["#)?;
        let seq = self.list(br#","seq":["#)?;
        let (queue, clock) = self.end()?;
        Some(Record::Send(Send { time, tick, draw, to, seq, queue, clock }))
    }

    fn receive(&mut self) -> Option<Record> {
        let time = self.time(br#"receive","time":""#)?;
        let tick = self.number(br#"","tick":"#)?;
        let from = self.number(br#","from":"#)?;
        let seq = self.number(br#","seq":"#)?;
        let stamp = self.number(br#","stamp":"#)?;
        let (queue, clock) = self.end()?;
        let from = from.try_into().ok()?;
        Some(Record::Receive(Receive { time, tick, from, seq, stamp, queue, clock }))
    }

    /// Queue and clock, and nothing after them.
    fn end(&mut self) -> Option<(u64, u64)> {
        let queue = self.number(br#","queue":"#)?;
        let clock = self.number(br#","clock":"#)?;
        (self.0 == b"}").then_some((queue, clock))
    }

    fn time(&mut self, before: &[u8]) -> Option<Time> {
        self.skip(before)?;
        let (text, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        timestamp::read(text)
    }

    fn list<N: TryFrom<u64>>(&mut self, before: &[u8]) -> Option<Several<N>> {
        let mut numbers = Several::new();
        let mut before = before;
        while self.0.first() != Some(&b']') || numbers.is_empty() {
            numbers.push(self.number(before)?.try_into().ok()?);
            before = b",";
        }
        self.skip(b"]")?;
        Some(numbers)
    }

    /// A number as JSON has it, without sign, fraction and exponent.
    fn number(&mut self, before: &[u8]) -> Option<u64> {
        self.skip(before)?;
        let is_digit = |byte: &&u8| byte.is_ascii_digit();
        let (digits, rest) = self.0.split_at(self.0.iter().take_while(is_digit).count());
        self.0 = rest;
        let is_number = digits.len() == 1 || digits.first().is_some_and(|&digit| digit != b'0');
        let append =
            |number: u64, digit: &u8| number.checked_mul(10)?.checked_add(u64::from(digit - b'0'));
        if is_number { digits.iter().try_fold(0, append) } else { None }
    }

    fn skip(&mut self, text: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }
}
