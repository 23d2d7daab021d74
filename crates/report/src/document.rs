//! `summary.json`: the figures of a run for programs (docs/summary-format.md).

use journal::Time;
use serde::Serialize;

use crate::analysis::Analysis;
use crate::causality::Causality;
use crate::finding::Finding;
use crate::findings::findings;
use crate::fluid::Prediction;
use crate::incident::Incidents;
use crate::link_load::LinkLoad;
use crate::measures::Measures;
use crate::summary::MachineSummary;
use crate::timeline::Drift;

/// The name of the format. A key with a new meaning is a new format.
pub const SUMMARY_FORMAT: &str = "offbeat-summary/1";

/// An analysis as `summary.json` has it.
#[derive(Debug, Serialize)]
pub struct Document<'a> {
    format: &'static str,
    run: Option<&'a str>,
    start: Option<Time>,
    end: Option<Time>,
    seconds: f64,
    leader: Option<u32>,
    clock_max: u64,
    ticks: u64,
    messages_sent: u64,
    messages_received: u64,
    messages_queued: u64,
    findings: Vec<Finding>,
    machines: Vec<Machine<'a>>,
    links: &'a [LinkLoad],
    drifts: &'a [Drift],
    causality: &'a Causality,
    share_ordered_but_concurrent: Option<f64>,
    prediction: Option<&'a Prediction>,
    damage: &'a [String],
}

#[derive(Debug, Serialize)]
struct Machine<'a> {
    #[serde(flatten)]
    summary: &'a MachineSummary,
    #[serde(flatten)]
    measures: &'a Measures,
    #[serde(flatten)]
    incidents: &'a Incidents,
}

impl Analysis {
    /// The document that programs read.
    #[must_use]
    pub fn document(&self) -> Document<'_> {
        let summary = &self.summary;
        Document {
            format: SUMMARY_FORMAT,
            run: summary.run.as_deref(),
            start: summary.start,
            end: summary.end,
            seconds: summary.seconds,
            leader: summary.leader,
            clock_max: summary.clock_max,
            ticks: summary.ticks,
            messages_sent: summary.messages_sent,
            messages_received: summary.messages_received,
            messages_queued: summary.messages_queued,
            findings: findings(self),
            machines: self.machines().collect(),
            links: &self.links,
            drifts: &self.drifts,
            causality: &self.causality,
            share_ordered_but_concurrent: self.causality.share_ordered_but_concurrent(),
            prediction: summary.prediction.as_ref(),
            damage: &summary.damage,
        }
    }

    fn machines(&self) -> impl Iterator<Item = Machine<'_>> {
        let details = self.measures.iter().zip(&self.incidents);
        self.summary.machines.iter().zip(details).map(|(summary, (measures, incidents))| Machine {
            summary,
            measures,
            incidents,
        })
    }
}
