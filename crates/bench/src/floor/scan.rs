//! The floor of all that reads logs: newlines are found, and the numbers of a line
//! parsed in the order in which they are written.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

use memchr::memchr;

/// Bytes that are read at once.
const CHUNK: usize = 1 << 20;

/// What stands in logs, added up: whatever is parsed must be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) events: u64,
    pub(crate) receives: u64,
    pub(crate) messages: u64,
    pub(crate) all: u64,
}

/// Reads the log at `path`.
pub(crate) fn scan(path: &Path, sums: &mut Sums) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 2 * CHUNK];
    let mut held = 0;
    loop {
        let read = file.read(&mut buffer[held..])?;
        if read == 0 {
            return Ok(());
        }
        held += read;
        let mut begin = 0;
        while let Some(length) = memchr(b'\n', &buffer[begin..held]) {
            line(&buffer[begin..begin + length], sums);
            begin += length + 1;
        }
        buffer.copy_within(begin..held, 0);
        held -= begin;
    }
}

/// `{"event":"send","time":"2000-01-01T00:00:00.000000Z","tick":1,…`: the third
/// letter of the event says which keys follow.
fn line(line: &[u8], sums: &mut Sums) {
    let mut digits = match line.get(10..13) {
        Some(b"int") => Digits(&line[28..]),
        Some(b"sen") => Digits(&line[24..]),
        Some(b"rec") => Digits(&line[27..]),
        _ => return,
    };
    sums.events += 1;
    sums.all = sums.all.wrapping_add(digits.time());
    match line[10] {
        b's' => {
            let (tick, draw) = (digits.number(), digits.number());
            sums.all = sums.all.wrapping_add(tick ^ draw);
            for _ in 0..2 {
                for number in digits.list() {
                    sums.all = sums.all.wrapping_add(number);
                    sums.messages += 1;
                }
            }
        }
        b'r' => {
            sums.receives += 1;
            for _ in 0..4 {
                sums.all = sums.all.wrapping_add(digits.number());
            }
        }
        _ => sums.all = sums.all.wrapping_add(digits.number() ^ digits.number()),
    }
    sums.all = sums.all.wrapping_add(digits.number() ^ digits.number());
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    /// The next number, past what is between.
    fn number(&mut self) -> u64 {
        let begin = self.0.iter().position(u8::is_ascii_digit).unwrap_or(0);
        self.digits(begin)
    }

    fn digits(&mut self, begin: usize) -> u64 {
        let (mut number, mut end) = (0_u64, begin);
        while let Some(byte) = self.0.get(end)
            && byte.is_ascii_digit()
        {
            number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            end += 1;
        }
        self.0 = &self.0[end..];
        number
    }

    /// A time of day and its date, as one number.
    fn time(&mut self) -> u64 {
        (0..7).fold(0, |time, _| time * 100 + self.number())
    }

    /// A list of numbers.
    fn list(&mut self) -> impl Iterator<Item = u64> {
        let mut has_ended = false;
        std::iter::from_fn(move || {
            if has_ended {
                return None;
            }
            let number = self.number();
            has_ended = self.0.first() == Some(&b']');
            Some(number)
        })
    }
}
