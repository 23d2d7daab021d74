//! The estimates of a study as rows: plain text, 80 columns wide for usual figures.

use std::fmt;

use super::measure::Measure;
use super::results::{Scope, Setting, Study};
use super::wording::{range, signed};

/// Written where there is no figure.
const NONE: &str = "-";

/// The names of the columns.
pub(super) const HEADER: [&str; COLUMNS] =
    ["measure", "mean", "95 % interval", "minus baseline", "95 % interval"];

const COLUMNS: usize = 5;

/// The measures of each setting with their means, and the differences to the
/// baseline. `Display` lays them out in lines, each ended by a newline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyTable {
    /// Each setting's heading, and its cells in the order of the columns: measure, mean,
    /// interval, difference to the baseline, interval of that. A difference that is
    /// shown has a `*` behind its interval.
    pub settings: Vec<(String, Vec<[String; COLUMNS]>)>,
}

impl StudyTable {
    /// The table of `study`.
    #[must_use]
    pub fn of(study: &Study) -> Self {
        let settings = study.settings.iter().enumerate();
        let settings = settings.map(|(place, setting)| {
            let rows = Measure::ALL.into_iter();
            let rows = rows.filter_map(|measure| row(study, place, setting, measure));
            (heading(setting), rows.collect())
        });
        Self { settings: settings.collect() }
    }

    fn widths(&self) -> [usize; COLUMNS] {
        std::array::from_fn(|column| {
            let rows = self.settings.iter().flat_map(|(_, rows)| rows);
            let cells = rows.map(|row| row[column].chars().count());
            cells.fold(HEADER[column].len(), usize::max)
        })
    }
}

fn heading(setting: &Setting) -> String {
    let runs = setting.runs.len();
    let plural = if runs == 1 { "" } else { "s" };
    format!("{}: {}; {runs} run{plural}", setting.name, setting.what)
}

fn row(
    study: &Study,
    place: usize,
    setting: &Setting,
    measure: Measure,
) -> Option<[String; COLUMNS]> {
    let estimate = setting.estimate(Scope::Run, measure)?;
    let none = || NONE.to_owned();
    let difference = study.difference(setting, Scope::Run, measure).filter(|_| place > 0);
    let shown = difference.as_ref().map_or("", |it| if it.sign() == 0 { "" } else { " *" });
    let unit = measure.unit();
    let title = match unit {
        "" => measure.title().to_owned(),
        unit => format!("{}, {unit}", measure.title()),
    };
    Some([
        title,
        signed(estimate.mean),
        range(&estimate).unwrap_or_else(none),
        difference.as_ref().map_or_else(none, |it| signed(it.mean)),
        difference.as_ref().and_then(range).map_or_else(none, |it| it + shown),
    ])
}

impl fmt::Display for StudyTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths = self.widths();
        for (index, (heading, rows)) in self.settings.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "{heading}")?;
            write_line(f, &HEADER.map(str::to_owned), &widths)?;
            for row in rows {
                write_line(f, row, &widths)?;
            }
        }
        Ok(())
    }
}

fn write_line(
    f: &mut fmt::Formatter<'_>,
    cells: &[String; COLUMNS],
    widths: &[usize; COLUMNS],
) -> fmt::Result {
    let [measure, mean, interval, difference, of_difference] = cells;
    let line = format!(
        "  {measure:<0$}  {mean:>1$}  {interval:<2$}  {difference:>3$}  {of_difference}",
        widths[0], widths[1], widths[2], widths[3]
    );
    writeln!(f, "{}", line.trim_end())
}
