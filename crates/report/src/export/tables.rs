//! The figures of an analysis as comma-separated values (RFC 4180).

use std::io::{self, Write};

use csv::Writer;

use super::io_error;
use crate::analysis::Analysis;
use crate::distribution::Spread;
use crate::measures::Measures;
use crate::summary::MachineSummary;

/// A table of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvTable {
    /// A row a machine.
    Machines,
    /// A row a link.
    Links,
    /// A row a pair of machines: how their clocks drift apart.
    Drifts,
    /// A row a time: the clocks of all machines.
    Clocks,
    /// A row a machine and jump: how often it came.
    Jumps,
}

impl Analysis {
    /// Writes one of the tables.
    ///
    /// # Errors
    /// If `output` refuses.
    pub fn write_table(&self, table: CsvTable, output: impl Write) -> io::Result<()> {
        let mut rows = Writer::from_writer(output);
        match table {
            CsvTable::Machines => self.machine_rows(&mut rows),
            CsvTable::Links => self.link_rows(&mut rows),
            CsvTable::Drifts => self.drift_rows(&mut rows),
            CsvTable::Clocks => self.clock_rows(&mut rows),
            CsvTable::Jumps => self.jump_rows(&mut rows),
        }
        .map_err(io_error)?;
        rows.flush()
    }

    fn machine_rows(&self, rows: &mut Writer<impl Write>) -> csv::Result<()> {
        rows.write_record(machine_header())?;
        for (machine, measures) in self.summary.machines.iter().zip(&self.measures) {
            rows.write_record(machine_row(machine, measures))?;
        }
        Ok(())
    }

    fn link_rows(&self, rows: &mut Writer<impl Write>) -> csv::Result<()> {
        rows.write_record(["from", "to", "sent", "received", "latency_seconds_mean"])?;
        for link in &self.links {
            rows.write_record([
                link.from.to_string(),
                link.to.to_string(),
                link.sent.to_string(),
                link.received.to_string(),
                optional(link.latency_seconds_mean),
            ])?;
        }
        Ok(())
    }

    fn drift_rows(&self, rows: &mut Writer<impl Write>) -> csv::Result<()> {
        rows.write_record(["machine", "other", "end", "mean", "extreme", "slope_per_second"])?;
        for drift in &self.drifts {
            rows.write_record([
                drift.machine.to_string(),
                drift.other.to_string(),
                drift.end.to_string(),
                drift.mean.to_string(),
                drift.extreme.to_string(),
                optional(drift.slope_per_second),
            ])?;
        }
        Ok(())
    }

    fn clock_rows(&self, rows: &mut Writer<impl Write>) -> csv::Result<()> {
        let machines = self.summary.machines.iter().map(|it| format!("machine_{}", it.machine));
        rows.write_record(["seconds".to_owned()].into_iter().chain(machines))?;
        for row in &self.timeline.rows {
            let clocks = row.clocks.iter().map(u64::to_string);
            rows.write_record([row.seconds.to_string()].into_iter().chain(clocks))?;
        }
        Ok(())
    }

    fn jump_rows(&self, rows: &mut Writer<impl Write>) -> csv::Result<()> {
        rows.write_record(["machine", "jump", "count"])?;
        for (machine, measures) in self.summary.machines.iter().zip(&self.measures) {
            for (jump, count) in &measures.jumps_histogram {
                rows.write_record(
                    [machine.machine.into(), *jump, *count].map(|it: u64| it.to_string()),
                )?;
            }
        }
        Ok(())
    }
}

/// The spreads of a machine, by the name of their columns.
fn spreads(measures: &Measures) -> [(&'static str, &Spread); 6] {
    [
        ("jump", &measures.jumps),
        ("jump_receive", &measures.jumps_receive),
        ("gap_seconds", &measures.gaps_seconds),
        ("queue", &measures.queue_length),
        ("latency_seconds", &measures.latency_seconds),
        ("latency_ticks", &measures.latency_ticks),
    ]
}

const FIGURES: [&str; 17] = [
    "machine",
    "rate",
    "seconds",
    "ticks",
    "receives",
    "sends",
    "internals",
    "idle_share",
    "messages_sent",
    "missed",
    "restarts",
    "clock",
    "behind",
    "clock_per_second",
    "clock_values_skipped",
    "queue_end",
    "queue_growth_per_second",
];

fn machine_header() -> Vec<String> {
    let spreads = spreads_header();
    FIGURES.iter().map(|&name| name.to_owned()).chain(spreads).collect()
}

fn spreads_header() -> Vec<String> {
    let none = Measures::default();
    let names = spreads(&none).map(|(name, _)| name);
    let figures = |name| ["mean", "p50", "p95", "max"].map(|figure| format!("{name}_{figure}"));
    names.into_iter().flat_map(figures).collect()
}

fn machine_row(machine: &MachineSummary, measures: &Measures) -> Vec<String> {
    let statistics = &machine.statistics;
    let figures = [
        machine.machine.to_string(),
        machine.rate.map_or_else(String::new, |rate| rate.to_string()),
        statistics.seconds().to_string(),
        statistics.ticks.to_string(),
        statistics.receives.to_string(),
        statistics.sends.to_string(),
        statistics.internals.to_string(),
        optional(measures.idle_share),
        statistics.messages_sent.to_string(),
        statistics.missed.to_string(),
        statistics.restarts().to_string(),
        statistics.clock.to_string(),
        machine.behind.to_string(),
        optional(measures.clock_per_second),
        measures.clock_values_skipped.to_string(),
        statistics.queue.to_string(),
        optional(measures.queue_growth_per_second),
    ];
    figures.into_iter().chain(spreads(measures).into_iter().flat_map(|(_, it)| cells(it))).collect()
}

/// Mean, p50, p95 and max; empty where there is no value.
fn cells(spread: &Spread) -> [String; 4] {
    let figures = [spread.mean, spread.p50, spread.p95, spread.max];
    figures.map(|figure| optional((spread.count > 0).then_some(figure)))
}

fn optional(figure: Option<f64>) -> String {
    figure.map_or_else(String::new, |figure| figure.to_string())
}
