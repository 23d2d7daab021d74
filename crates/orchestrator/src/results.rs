//! What a finished run leaves beside its logs: verdict, figures, and a page.

use std::path::{Path, PathBuf};

use check::{Verdict, judge};
use journal::Folder;
use report::Analysis;

use crate::complaint::Complaint;
use crate::conclusion::{Place, conclusion};
use crate::hint::Program;
use crate::page_command::write_page;
use crate::run_folder::RunFolder;

/// Events of a run whose page is made without being asked for. A page holds all its
/// events, about ten bytes each: one of more is for those who want it.
const PAGE_EVENTS_MAX: u64 = 1_000_000;

/// A finished run, read back from its logs.
pub(crate) struct Results {
    pub(crate) logs: Folder,
    pub(crate) analysis: Analysis,
    pub(crate) verdict: Verdict,
}

impl Results {
    /// Analyses and judges the logs in this folder.
    ///
    /// # Errors
    /// A [`Complaint`] if there are none.
    pub(crate) fn read(folder: &Path) -> Result<Self, Complaint> {
        let logs = Folder::open(folder).map_err(|error| Complaint::failed(error.to_string()))?;
        let (analysis, _) = Analysis::read(&logs);
        let verdict = judge(&logs);
        Ok(Self { logs, analysis, verdict })
    }

    /// Writes `check.json`, `summary.json` and `report.html`; returns where the page is,
    /// if the run is not too long for one.
    ///
    /// # Errors
    /// A [`Complaint`] if one of them cannot be written.
    pub(crate) fn keep(&self, folder: &RunFolder) -> Result<Option<PathBuf>, Complaint> {
        folder.write_json("check.json", &self.verdict)?;
        folder.write_json("summary.json", &self.analysis.document())?;
        match self.analysis.summary.ticks > PAGE_EVENTS_MAX {
            true => Ok(None),
            false => write_page(&self.logs, &self.analysis).map(Some),
        }
    }

    /// What is said of them. `page` is where [`keep`](Self::keep) wrote one.
    pub(crate) fn conclusion(&self, folder: &RunFolder, page: Option<&Path>) -> String {
        let place = Place { folder: &folder.path, is_latest: folder.is_latest, page };
        conclusion(&self.analysis.summary, &self.verdict, &place, &Program::as_started())
    }
}
