//! Diagnostics that a flood cannot fill a disk with: after so many lines at once,
//! only so many a second, and how many were left out.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing_subscriber::fmt::MakeWriter;

/// Lines that may be written at once: more than a node says of its own accord in
/// a day.
const LINES_AT_ONCE_MAX: u32 = 4096;

/// How long it takes until one line more may be written. With lines of 150 bytes
/// that is 52 MB a day.
const LINE_EVERY: Duration = Duration::from_millis(250);

/// Writes lines to what `W` makes writers for, as far as they are not too many.
#[derive(Clone, Debug)]
pub(crate) struct LineLimit<W> {
    inner: W,
    budget: Arc<Mutex<Budget>>,
}

#[derive(Debug)]
struct Budget {
    lines: u32,
    /// Until when `lines` has grown.
    since: Instant,
    left_out: u64,
}

impl<W> LineLimit<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, budget: Arc::new(Mutex::new(Budget::new(Instant::now()))) }
    }
}

impl Budget {
    fn new(now: Instant) -> Self {
        Self { lines: LINES_AT_ONCE_MAX, since: now, left_out: 0 }
    }

    /// Whether one line more may be written at `now`; if so, how many were left out
    /// before it.
    fn take(&mut self, now: Instant) -> Option<u64> {
        let grown = now.duration_since(self.since).as_millis() / LINE_EVERY.as_millis();
        let grown = u32::try_from(grown).unwrap_or(u32::MAX);
        self.since += LINE_EVERY * grown;
        self.lines = self.lines.saturating_add(grown).min(LINES_AT_ONCE_MAX);
        match self.lines.checked_sub(1) {
            Some(left) => {
                self.lines = left;
                Some(std::mem::take(&mut self.left_out))
            }
            None => {
                self.left_out += 1;
                None
            }
        }
    }
}

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for LineLimit<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        let mut budget = self.budget.lock().unwrap_or_else(PoisonError::into_inner);
        Line { left_out: budget.take(Instant::now()), inner: self.inner.make_writer() }
    }
}

/// The writer of one line.
pub(crate) struct Line<W> {
    /// None if this line is left out itself.
    left_out: Option<u64>,
    inner: W,
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.left_out {
            None => Ok(bytes.len()),
            Some(left_out) => {
                match std::mem::take(left_out) {
                    0 => {}
                    count => writeln!(self.inner, "{count} lines were left out here: too many")?,
                }
                self.inner.write(bytes)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_cut_short_and_counted() {
        let now = Instant::now();
        let mut budget = Budget::new(now);
        for _ in 0..LINES_AT_ONCE_MAX {
            assert_eq!(budget.take(now), Some(0));
        }
        for _ in 0..10 {
            assert_eq!(budget.take(now), None);
        }
        assert_eq!(budget.take(now + LINE_EVERY), Some(10));
        assert_eq!(budget.take(now + LINE_EVERY), None);
        assert_eq!(budget.take(now + 3 * LINE_EVERY), Some(1));
        assert_eq!(budget.take(now + 3 * LINE_EVERY), Some(0));
        assert_eq!(budget.take(now + 3 * LINE_EVERY), None);
        // A quiet year later there is no more room than at first.
        let year = now + Duration::from_secs(365 * 24 * 60 * 60);
        let told = (0..2 * LINES_AT_ONCE_MAX).filter(|_| budget.take(year).is_some());
        assert_eq!(told.count(), LINES_AT_ONCE_MAX as usize);
    }

    #[test]
    fn what_is_written_says_what_is_missing() {
        let mut line = Line { left_out: Some(3), inner: Vec::new() };
        line.write_all(b"a\n").unwrap();
        line.write_all(b"b\n").unwrap();
        assert_eq!(line.inner, b"3 lines were left out here: too many\na\nb\n");
        let mut line = Line { left_out: None, inner: Vec::new() };
        line.write_all(b"a\n").unwrap();
        assert_eq!(line.inner, b"");
    }
}
