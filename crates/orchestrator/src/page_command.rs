//! `offbeat report --html`: writes `report.html` into the folder of a run.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use journal::Folder;
use report::{Analysis, Judgement, findings, page};
use serde::Deserialize;

use crate::complaint::Complaint;
use crate::run_trace::read_trace;

/// The name of the page.
pub(crate) const PAGE: &str = "report.html";

/// The name of the verdict beside the logs.
const VERDICT: &str = "check.json";

/// Writes the page of the run in `folder` beside its logs, and returns where it is.
///
/// # Errors
/// A [`Complaint`] if the verdict there is not one, or the page cannot be written.
pub(crate) fn write_page(folder: &Folder, run: &Analysis) -> Result<PathBuf, Complaint> {
    let judgement = read_judgement(&folder.path)?;
    let html = page(&read_trace(folder), &run.summary, &findings(run), judgement.as_ref());
    let path = folder.path.join(PAGE);
    fs::write(&path, html).map_err(|error| Complaint::io("write", &path, &error))?;
    Ok(path)
}

/// What the judge wrote, as far as a page shows it.
#[derive(Deserialize)]
struct Verdict {
    outcome: String,
    rules: Vec<Rule>,
    reasons: Vec<Reason>,
    tallies: Tallies,
}

#[derive(Deserialize)]
struct Rule {
    rule: String,
    claim: String,
    exercised: u64,
    violations: u64,
}

#[derive(Deserialize)]
struct Reason {
    file: PathBuf,
    what: String,
}

#[derive(Deserialize)]
struct Tallies {
    events: u64,
    sent: u64,
    received: u64,
    queued: u64,
    lost: u64,
    repeated: u64,
}

/// The verdict in `folder`; none if the run was not judged.
fn read_judgement(folder: &Path) -> Result<Option<Judgement>, Complaint> {
    let path = folder.join(VERDICT);
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Complaint::io("read", &path, &error)),
    };
    match serde_json::from_str::<Verdict>(&text) {
        Ok(verdict) => Ok(Some(verdict.judgement())),
        Err(error) => Err(Complaint::failed(format!("{}: {error}", path.display()))
            .remedy("remove it: the page then says nothing of a verdict")),
    }
}

impl Verdict {
    fn judgement(&self) -> Judgement {
        let violated = self.rules.iter().filter(|rule| rule.violations > 0);
        Judgement {
            holds: match self.outcome.as_str() {
                "holds" => Some(true),
                "violated" => Some(false),
                _ => None,
            },
            text: self.text(),
            violations: violated.map(Rule::sentence).collect(),
        }
    }

    fn text(&self) -> String {
        let Tallies { events, sent, received, queued, lost, repeated } = self.tallies;
        let exercised = self.rules.iter().filter(|rule| rule.exercised > 0).count();
        let mut text = format!(
            "{exercised} rules, {events} events; {sent} messages sent, {received} received, \
             {queued} still queued, {lost} lost, {repeated} repeated."
        );
        for Reason { file, what } in &self.reasons {
            let name = file.file_name().unwrap_or_default().to_string_lossy();
            text.push_str(&format!(" {name}: {what}."));
        }
        text
    }
}

impl Rule {
    fn sentence(&self) -> String {
        let Self { rule, claim, violations, .. } = self;
        match violations {
            1 => format!("{rule} violated once: {claim}"),
            _ => format!("{rule} violated {violations} times: {claim}"),
        }
    }
}
