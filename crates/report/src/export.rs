//! A run in the formats of other tools, written while the logs are read.
//!
//! Memory is in proportion to the messages in flight.

mod csv;
mod perfetto;
mod shiviz;
mod tables;

use std::io::{self, Write};

use journal::{Folder, ReadError, Record};
use thiserror::Error;

use crate::analysis::open;
use crate::merge::{Merge, Step};

pub use tables::CsvTable;

/// A format that events are exported in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values, RFC 4180: a row an event.
    Csv,
    /// The log that ShiViz reads with its default expression.
    Shiviz,
    /// The Trace Event Format, which Perfetto and chrome://tracing open.
    Perfetto,
}

/// An export that could not be finished.
#[derive(Debug, Error)]
pub enum ExportError {
    /// It cannot be written.
    #[error("cannot write: {0}")]
    Write(#[from] io::Error),
    /// A log cannot be read to its end; what was before that is written.
    #[error("{0}")]
    Read(#[from] ReadError),
}

/// Writes events in some format, one by one.
trait Exporter {
    fn step(&mut self, step: &Step) -> io::Result<()>;

    fn finish(&mut self) -> io::Result<()>;
}

/// Exports the events in `folder`.
///
/// # Errors
/// [`ExportError`]. Of several logs that cannot be read it names the first.
pub fn export(folder: &Folder, format: Format, output: &mut dyn Write) -> Result<(), ExportError> {
    let (logs, errors) = open(folder);
    let mut merge = Merge::new(logs);
    write(&mut merge, format, output)?;
    match errors.into_iter().chain(merge.into_errors()).next() {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

/// Exports these logs, each with the number of its machine.
///
/// # Errors
/// If `output` refuses.
pub fn export_logs(
    logs: impl IntoIterator<Item = (u32, Vec<Record>)>,
    format: Format,
    mut output: impl Write,
) -> io::Result<()> {
    let logs = logs.into_iter().map(|(machine, log)| (machine, log.into_iter().map(Ok)));
    write(&mut Merge::new(logs.collect()), format, &mut output)
}

fn write<I>(merge: &mut Merge<I>, format: Format, output: &mut dyn Write) -> io::Result<()>
where
    I: Iterator<Item = Result<Record, ReadError>>,
{
    match format {
        Format::Csv => feed(merge, csv::Events::new(output)?),
        Format::Shiviz => {
            let machines = merge.machines();
            feed(merge, shiviz::Log::new(output, machines))
        }
        Format::Perfetto => {
            let machines = merge.machines();
            feed(merge, perfetto::Trace::new(output, &machines)?)
        }
    }
}

/// The error of the operating system, if it is one: a pipe that was closed is told
/// from a full disk by its kind.
fn io_error(error: ::csv::Error) -> io::Error {
    match error.into_kind() {
        ::csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn feed<I>(merge: &mut Merge<I>, mut exporter: impl Exporter) -> io::Result<()>
where
    I: Iterator<Item = Result<Record, ReadError>>,
{
    merge.try_for_each(|step| exporter.step(&step))?;
    exporter.finish()
}
