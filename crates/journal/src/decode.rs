//! Lines of a log as records, read as they are written: the keys in their order,
//! nothing between them.
//!
//! That is far faster than serde, which cannot know what comes next
//! (docs/performance.md). All else, the same keys in another order among it, is
//! left to serde, which knows what is right and says what is wrong.

use crate::record::{Internal, Receive, Record, Send, Several};
use crate::time::Time;
use crate::timestamp::Times;

/// The record of an event whose line, without its newline, is `text`; none if that
/// is not how such a record is written. `times` are those of the lines before it.
pub(crate) fn event(text: &[u8], times: &mut Times) -> Option<Record> {
    let mut line = Line(text, times);
    line.skip(br#"{"event":""#)?;
    match line.0.first()? {
        b'i' => line.internal(),
        b's' => line.send(),
        _ => line.receive(),
    }
}

/// As many digits as fit into a u64 whatever they are; longer numbers are left to
/// serde.
const DIGITS_MAX: usize = 19;

/// What is left of a line, and the times before it.
struct Line<'a>(&'a [u8], &'a mut Times);

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
        self.1.read(text)
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
        let (mut number, mut digits) = (0_u64, 0);
        for byte in self.0 {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                break;
            }
            number = number.wrapping_mul(10).wrapping_add(digit.into());
            digits += 1;
        }
        let is_number = match self.0.first() {
            Some(b'0') => digits == 1,
            _ => (1..=DIGITS_MAX).contains(&digits),
        };
        self.0 = &self.0[digits..];
        is_number.then_some(number)
    }

    fn skip(&mut self, text: &[u8]) -> Option<()> {
        self.0 = self.0.strip_prefix(text)?;
        Some(())
    }
}
