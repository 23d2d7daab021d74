//! A writer of logs by hand: the bytes of each key copied, its number after it.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::floor::machine::{Event, Machine};

/// Bytes that are written at once.
const BATCH: usize = 1 << 16;

/// A log.
pub(crate) struct Log {
    file: File,
    bytes: Vec<u8>,
    /// The second that was written last, and how.
    second: u64,
    prefix: [u8; 20],
}

impl Log {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: File::create(path)?,
            bytes: Vec::with_capacity(2 * BATCH),
            second: u64::MAX,
            prefix: *b"2000-01-01T00:00:00.",
        })
    }

    /// A line that is given: starts and stops are a line each of a log.
    pub(crate) fn line(&mut self, line: &str) {
        self.bytes.extend_from_slice(line.as_bytes());
        self.bytes.push(b'\n');
    }

    pub(crate) fn event(
        &mut self,
        at: u64,
        machine: &Machine,
        event: Event,
        neighbours: [u32; 2],
    ) -> io::Result<()> {
        match event {
            Event::Receive(message) => {
                self.begin(b"{\"event\":\"receive\",\"time\":\"", at, machine.ticks);
                self.number(b",\"from\":", message.from.into());
                self.number(b",\"seq\":", message.seq);
                self.number(b",\"stamp\":", message.stamp);
                self.number(b",\"queue\":", machine.queue());
            }
            Event::Internal(draw) => {
                self.begin(b"{\"event\":\"internal\",\"time\":\"", at, machine.ticks);
                self.number(b",\"draw\":", draw);
                self.bytes.extend_from_slice(b",\"queue\":0");
            }
            Event::Send(draw, first, last) => {
                self.begin(b"{\"event\":\"send\",\"time\":\"", at, machine.ticks);
                self.number(b",\"draw\":", draw);
                self.number(b",\"to\":[", u64::from(neighbours[first]) + 1);
                if last - first == 2 {
                    self.number(b",", u64::from(neighbours[1]) + 1);
                }
                self.number(b"],\"seq\":[", machine.seqs[first]);
                if last - first == 2 {
                    self.number(b",", machine.seqs[1]);
                }
                self.bytes.extend_from_slice(b"],\"queue\":0");
            }
        }
        self.number(b",\"clock\":", machine.clock);
        self.bytes.extend_from_slice(b"}\n");
        if self.bytes.len() >= BATCH {
            return self.flush();
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.bytes)?;
        self.bytes.clear();
        Ok(())
    }

    fn begin(&mut self, event: &[u8], at: u64, tick: u64) {
        self.bytes.extend_from_slice(event);
        let micros = at / 1000;
        self.second(micros / 1_000_000);
        self.bytes.extend_from_slice(&self.prefix);
        let mut digits = *b"000000Z";
        put(&mut digits[..6], micros % 1_000_000);
        self.bytes.extend_from_slice(&digits);
        self.number(b"\",\"tick\":", tick);
    }

    /// The date of a second since the beginning of 2000 (Hinnant, `civil_from_days`).
    fn second(&mut self, second: u64) {
        if self.second == second {
            return;
        }
        self.second = second;
        let days = second / 86_400 + 730_425;
        let era_day = days % 146_097;
        let era_year = (era_day - era_day / 1460 + era_day / 36_524 - era_day / 146_096) / 365;
        let year_day = era_day - (365 * era_year + era_year / 4 - era_year / 100);
        let month = (5 * year_day + 2) / 153;
        let day = year_day - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = era_year + days / 146_097 * 400 + u64::from(month <= 2);
        put(&mut self.prefix[..4], year);
        put(&mut self.prefix[5..7], month);
        put(&mut self.prefix[8..10], day);
        put(&mut self.prefix[11..13], second % 86_400 / 3600);
        put(&mut self.prefix[14..16], second % 3600 / 60);
        put(&mut self.prefix[17..19], second % 60);
    }

    fn number(&mut self, key: &[u8], number: u64) {
        self.bytes.extend_from_slice(key);
        let mut digits = [b'0'; 20];
        let length = number.checked_ilog10().map_or(1, |log| log as usize + 1);
        put(&mut digits[..length], number);
        self.bytes.extend_from_slice(&digits[..length]);
    }
}

/// Writes a number into as many digits as there are.
fn put(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}
