//! Diagnostics: connections, retries, warnings, to stderr and to a file beside
//! the log. Never events: those are the log's.

use std::fmt;
use std::fs;
use std::path::Path;

use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{RollingFileAppender, Rotation};
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
    let failure = |source| Failure::Diagnostics { path: file.to_owned(), source };
    let folder = file.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder).map_err(failure)?;
    let appender = RollingFileAppender::builder()
        .rotation(Rotation::NEVER)
        .filename_prefix(file.file_name().unwrap_or_default().to_string_lossy())
        .build(folder)
        .map_err(|error| failure(std::io::Error::other(error)))?;
    let (appender, guard) =
        NonBlockingBuilder::default().lossy(false).buffered_lines_limit(LINES_MAX).finish(appender);
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
