//! `offbeat export`: a run in the formats of other tools.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use journal::{Folder, ReadError};
use node::Exit;
use report::{Analysis, CsvTable, ExportError, Format, Picture, export, picture};

use crate::cli::FolderArg;
use crate::complaint::Complaint;
use crate::hint::quoted;
use crate::png;
use crate::run_trace::read_trace;
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

    /// A chart for a document: SVG, or PNG where the name of --out ends in .png
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
    Chart(Picture, File),
}

/// The file of a chart.
#[derive(Clone, Copy)]
enum File {
    Svg,
    /// With what draws it.
    Png(fn(&str) -> Vec<u8>),
}

impl ExportArgs {
    fn what(&self) -> Result<What, Complaint> {
        let events = self.format.map(|format| What::Events(format.into()));
        let figures = self.table.map(|table| What::Figures(table.into()));
        let chart = match self.chart {
            Some(chart) => Some(What::Chart(chart.into(), File::of(self.out.as_deref())?)),
            None => None,
        };
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

impl File {
    /// What a file of this name holds: by a wrong name it would be opened by nothing.
    fn of(path: Option<&Path>) -> Result<Self, Complaint> {
        let Some(path) = path else { return Ok(Self::Svg) };
        let kind = path.extension().and_then(|it| it.to_str()).map(str::to_ascii_lowercase);
        let svg = path.with_extension("svg");
        let words = |path: &Path| quoted(path.display().to_string());
        let (svg, image) = (words(&svg), words(path));
        match (kind.as_deref(), png::DRAW) {
            (Some("png"), Some(draw)) => Ok(Self::Png(draw)),
            (Some("png"), None) => {
                let what = format!("{image}: this program was built without PNG files");
                Err(Complaint::usage(what).remedy(format!(
                    "say cargo run --release --features png -- export …, or --out {svg} and then \
                     rsvg-convert --zoom 3 {svg} --output {image}"
                )))
            }
            (Some(kind @ ("jpg" | "jpeg" | "gif" | "webp" | "pdf")), _) => {
                let what = format!("{image}: a chart is an SVG or a PNG file, not {kind}");
                Err(Complaint::usage(what).remedy(format!("say --out {svg}")))
            }
            _ => Ok(Self::Svg),
        }
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
        What::Chart(chart, file) => {
            let (analysis, errors) = Analysis::read(folder);
            let svg = picture(&read_trace(folder), &analysis.summary, chart);
            match file {
                File::Svg => output.write_all(svg.as_bytes())?,
                File::Png(draw) => output.write_all(&draw(&svg))?,
            }
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
