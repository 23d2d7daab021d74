//! `offbeat export`: a run in the formats of other tools.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use journal::{Folder, ReadError};
use node::Exit;
use report::{Analysis, CsvTable, ExportError, Format, Picture, Trace, export, picture};

use crate::cli::FolderArg;
use crate::complaint::Complaint;
use crate::terminal;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(crate) folder: FolderArg,

    /// All events in this format
    #[arg(long)]
    pub(crate) format: Option<EventFormat>,

    /// A table of figures as comma-separated values
    #[arg(long, conflicts_with = "format")]
    pub(crate) table: Option<Table>,

    /// A chart as an SVG file, for a document
    #[arg(long, conflicts_with_all = ["format", "table"])]
    pub(crate) chart: Option<ChartName>,

    /// Where to write it: a file that is not there yet [default: stdout]
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// The formats, as they are named on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum EventFormat {
    /// A row an event, for spreadsheets and pandas
    Csv,
    /// For ShiViz, with its default expression
    Shiviz,
    /// For ui.perfetto.dev and chrome://tracing
    Perfetto,
}

/// The tables, as they are named on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Table {
    /// A row a machine
    Machines,
    /// A row a link
    Links,
    /// A row a pair of machines: how their clocks drift apart
    Drifts,
    /// A row a time: all clocks
    Clocks,
    /// A row a machine and jump: how often it came
    Jumps,
}

/// The charts, as they are named on the command line.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ChartName {
    /// The clocks over time
    Clocks,
    /// By how much each clock is behind the largest
    Drift,
    /// The messages in the inboxes
    Queues,
    /// What each machine spent its ticks on
    Mix,
    /// How large the jumps of each clock are
    Jumps,
}

/// What is exported.
#[derive(Clone, Copy)]
enum What {
    Events(Format),
    Figures(CsvTable),
    Chart(Picture),
}

impl ExportArgs {
    fn what(&self) -> Result<What, Complaint> {
        let events = self.format.map(|format| What::Events(format.into()));
        let figures = self.table.map(|table| What::Figures(table.into()));
        let chart = self.chart.map(|chart| What::Chart(chart.into()));
        events.or(figures).or(chart).ok_or_else(|| {
            Complaint::usage("export what?").remedy(
                "say --format csv, shiviz or perfetto for the events, --table machines, links, \
                 drifts, clocks or jumps for the figures, or --chart clocks, drift, queues, mix or jumps",
            )
        })
    }
}

pub(crate) fn run(args: &ExportArgs) -> Result<Exit, Complaint> {
    let what = args.what()?;
    if let (What::Chart(_), Some(path)) = (what, &args.out) {
        check_is_no_image(path)?;
    }
    let folder = Folder::open(&args.folder.folder)?;
    let written = match &args.out {
        Some(path) => write(what, &folder, create(path)?),
        None => write(what, &folder, BufWriter::new(io::stdout().lock())),
    };
    match written {
        Ok(()) => {
            if let Some(path) = &args.out {
                terminal::result(&format!("Wrote {}", path.display()));
            }
            Ok(Exit::Done)
        }
        // Whoever reads has seen enough.
        Err(ExportError::Write(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Exit::Done)
        }
        Err(ExportError::Write(error)) => {
            let path = args.out.as_deref().unwrap_or(Path::new("the output"));
            Err(Complaint::of_folder("write", path, &error))
        }
        Err(ExportError::Read(error)) => Err(refused(&error)),
    }
}

/// An SVG file by another name would be opened by nothing.
fn check_is_no_image(path: &Path) -> Result<(), Complaint> {
    match path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some(kind @ ("png" | "jpg" | "jpeg" | "gif" | "webp" | "pdf")) => {
            let svg = path.with_extension("svg");
            let (svg, path) = (svg.display(), path.display());
            Err(Complaint::usage(format!("{path}: a chart is an SVG file, not {kind}"))
                .remedy(format!("say --out {svg}; docs/exports.md tells how a PNG is made of it")))
        }
        _ => Ok(()),
    }
}

fn refused(error: &ReadError) -> Complaint {
    let message = format!("{error}\nWhat comes after that is left out.");
    Complaint { exit: Exit::LogRefused, message }
}

fn create(path: &Path) -> Result<impl Write, Complaint> {
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.map(BufWriter::new).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Complaint::usage(format!("{} is there already", path.display()))
                .remedy("say another file with --out; an export overwrites nothing")
        }
        _ => Complaint::of_folder("write", path, &error),
    })
}

fn write(what: What, folder: &Folder, mut output: impl Write) -> Result<(), ExportError> {
    match what {
        What::Events(format) => export(folder, format, &mut output)?,
        What::Figures(table) => {
            let (analysis, errors) = Analysis::read(folder);
            analysis.write_table(table, &mut output)?;
            errors.into_iter().try_for_each(|error| Err(ExportError::Read(error)))?;
        }
        What::Chart(chart) => {
            let (analysis, errors) = Analysis::read(folder);
            let drawn = picture(&Trace::read(folder), &analysis.summary, chart);
            output.write_all(drawn.as_bytes())?;
            errors.into_iter().try_for_each(|error| Err(ExportError::Read(error)))?;
        }
    }
    Ok(output.flush()?)
}

impl From<EventFormat> for Format {
    fn from(format: EventFormat) -> Self {
        match format {
            EventFormat::Csv => Self::Csv,
            EventFormat::Shiviz => Self::Shiviz,
            EventFormat::Perfetto => Self::Perfetto,
        }
    }
}

impl From<ChartName> for Picture {
    fn from(chart: ChartName) -> Self {
        match chart {
            ChartName::Clocks => Self::Clocks,
            ChartName::Drift => Self::Drift,
            ChartName::Queues => Self::Queues,
            ChartName::Mix => Self::Mix,
            ChartName::Jumps => Self::Jumps,
        }
    }
}

impl From<Table> for CsvTable {
    fn from(table: Table) -> Self {
        match table {
            Table::Machines => Self::Machines,
            Table::Links => Self::Links,
            Table::Drifts => Self::Drifts,
            Table::Clocks => Self::Clocks,
            Table::Jumps => Self::Jumps,
        }
    }
}
