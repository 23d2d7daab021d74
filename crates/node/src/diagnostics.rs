//! Diagnostics: connections, retries, warnings, to stderr and to a file beside
//! the log. Never events: those are the log's.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{Layer as _, fmt as layer};

use crate::failure::Failure;
use crate::line_limit::LineLimit;
use crate::wall_clock::system_time;

/// The target of what goes to the file alone, because stderr gets it otherwise.
pub(crate) const FILE_ONLY: &str = "offbeat::file_only";

/// Lines on their way to the file at once. Room for them is taken at the start.
const LINES_MAX: usize = 256;

/// The environment variable that sets the level.
const LEVEL_VARIABLE: &str = "OFFBEAT_DIAGNOSTICS";

/// Starts diagnostics to stderr and to `file`. What has been said is written out
/// when the guard is dropped. `OFFBEAT_DIAGNOSTICS` sets the level, by default
/// `info`.
///
/// # Errors
/// [`Failure::Diagnostics`] if the file cannot be written,
/// [`Failure::DiagnosticsLevel`] if the level is none.
pub(crate) fn start(file: &Path) -> Result<WorkerGuard, Failure> {
    let opened =
        open(file).map_err(|source| Failure::Diagnostics { path: file.to_owned(), source })?;
    let (appender, guard) = in_background(opened);
    let level = level()?;
    let to_file = layer::layer()
        .with_timer(DateAndTime)
        .with_ansi(false)
        .with_target(false)
        .with_writer(LineLimit::new(appender))
        .with_filter(level);
    let to_stderr = layer::layer()
        .with_timer(TimeOfDay)
        .with_ansi(anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never)
        .with_target(false)
        .with_writer(LineLimit::new(std::io::stderr))
        .with_filter(filter_fn(move |said| said.target() != FILE_ONLY && *said.level() <= level));
    // A process that has diagnostics already keeps them.
    let _ = tracing_subscriber::registry().with(to_file).with(to_stderr).try_init();
    Ok(guard)
}

/// Opens the file to append to it, in a folder that may be absent.
fn open(file: &Path) -> io::Result<File> {
    fs::create_dir_all(file.parent().unwrap_or(Path::new("")))?;
    File::options().create(true).append(true).open(file)
}

/// Writes lines on a thread of its own. Whoever says more than may be under way waits.
fn in_background(file: impl Write + Send + 'static) -> (NonBlocking, WorkerGuard) {
    NonBlockingBuilder::default().lossy(false).buffered_lines_limit(LINES_MAX).finish(file)
}

fn level() -> Result<LevelFilter, Failure> {
    match std::env::var(LEVEL_VARIABLE) {
        Ok(level) => level.parse().map_err(|_| Failure::DiagnosticsLevel { level }),
        Err(_) => Ok(LevelFilter::INFO),
    }
}

struct DateAndTime;

impl FormatTime for DateAndTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        write!(writer, "{}", system_time())
    }
}

struct TimeOfDay;

impl FormatTime for TimeOfDay {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        writer.write_str(&system_time().clock_time())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::{Receiver, channel};
    use std::sync::{Arc, Mutex};
    use std::thread::{sleep, spawn};
    use std::time::{Duration, Instant};

    use super::*;

    /// A file that takes nothing until it is freed.
    struct Stuck {
        freed: Receiver<()>,
        written: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Stuck {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // An error says that the other end is gone, which frees it.
            let _ = self.freed.recv();
            self.written.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn so_many_lines_may_be_under_way_and_then_who_says_more_waits() {
        let (free, freed) = channel();
        let written = Arc::new(Mutex::new(Vec::new()));
        let (mut file, guard) = in_background(Stuck { freed, written: written.clone() });
        let said = Arc::new(AtomicUsize::new(0));
        let speaker = spawn({
            let said = said.clone();
            move || {
                for number in 0..4 * LINES_MAX {
                    file.write_all(format!("{number}\n").as_bytes()).unwrap();
                    said.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        // One more is being written.
        let most = LINES_MAX + 1;
        let begun = Instant::now();
        while said.load(Ordering::Relaxed) < most {
            assert!(begun.elapsed() < Duration::from_secs(60), "it waits too early");
            sleep(Duration::from_millis(1));
        }
        // As long as one that does not wait needs to say all.
        sleep(Duration::from_millis(50));
        assert_eq!(said.load(Ordering::Relaxed), most);
        drop(free);
        speaker.join().unwrap();
        drop(guard);
        let expected: String = (0..4 * LINES_MAX).map(|number| format!("{number}\n")).collect();
        assert_eq!(String::from_utf8(written.lock().unwrap().clone()).unwrap(), expected);
    }
}
