//! The verdict as text, without colours.

use std::fmt::{self, Write as _};

use journal::{Record, Send};

use crate::rule::Rule;
use crate::verdict::{Finding, Outcome, Reason, Tallies, Verdict};
use crate::violation::{Violation, Witness};

/// The reasons that are listed before the rest is only counted.
const REASONS_SHOWN_MAX: usize = 10;

impl fmt::Display for Verdict {
    /// Two or three lines if the run holds; otherwise what is the matter, with
    /// its proof. The last line has no newline.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::Holds => {
                write!(f, "Holds: {} rules, {}.", self.exercised(), self.tallies)?;
            }
            Outcome::Violated => self.write_violations(f)?,
            Outcome::CannotTell => {
                write!(f, "Cannot tell: what the logs say violates nothing, but")?;
                write_reasons(f, &self.reasons)?;
                write!(f, "\n{} rules, {}.", self.exercised(), self.tallies)?;
            }
        }
        match self.idle_rules().as_slice() {
            [] => Ok(()),
            idle => write!(f, "\nJudged nothing: {}.", list(idle)),
        }
    }
}

impl Verdict {
    /// Every rule with the number of times it was exercised and violated and
    /// what it claims, a line each.
    #[must_use]
    pub fn rules_table(&self) -> String {
        let mut table = String::from("rule    exercised  violated  claim\n");
        for finding in &self.rules {
            let Finding { rule, claim, exercised, violations, .. } = finding;
            let violated = if *rule == Rule::L3 && !self.reasons.is_empty() {
                "untold".to_owned()
            } else {
                violations.to_string()
            };
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{rule:<4} {exercised:>12}  {violated:>8}  {claim}");
        }
        table
    }

    fn exercised(&self) -> usize {
        self.rules.len() - self.idle_rules().len()
    }

    fn idle_rules(&self) -> Vec<Rule> {
        let idle = self.rules.iter().filter(|finding| finding.exercised == 0);
        idle.map(|finding| finding.rule).collect()
    }

    fn write_violations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(violation) = self.first_violation() {
            write!(f, "{violation}")?;
        }
        f.write_str("In all, violated")?;
        let violated = self.rules.iter().filter(|finding| finding.violations > 0);
        for (place, finding) in violated.enumerate() {
            let separator = if place == 0 { " " } else { ", " };
            let (rule, times) = (finding.rule, times(finding.violations));
            write!(f, "{separator}{rule} {times}")?;
        }
        write!(f, "; {}.", self.tallies)?;
        if !self.reasons.is_empty() {
            write!(f, "\nThere may be more, for not every log is whole:")?;
            write_reasons(f, &self.reasons)?;
        }
        Ok(())
    }
}

impl fmt::Display for Violation {
    /// The rule, what it claims, the witnesses, expected and found, each on its
    /// line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Violated: {}, {}.", self.rule, self.rule.claim())?;
        for witness in &self.witnesses {
            writeln!(f, "  {witness}")?;
        }
        writeln!(f, "  expected  {}", self.expected)?;
        writeln!(f, "  found     {}", self.found)
    }
}

impl fmt::Display for Witness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)?;
        match &self.record {
            Some(record) => write!(f, "  {}", essentials(record)),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.what)
    }
}

impl fmt::Display for Tallies {
    /// `612 events; 181 messages sent, 165 received, 16 still queued, 0 lost, 0
    /// repeated`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { events, sent, received, queued, lost, repeated, .. } = self;
        write!(
            f,
            "{events} events; {sent} messages sent, {received} received, \
             {queued} still queued, {lost} lost, {repeated} repeated"
        )
    }
}

/// What a reader of a proof needs to know of a record.
fn essentials(record: &Record) -> String {
    let clock = record.clock();
    match record {
        Record::Start(start) => format!(
            "start of machine {}, incarnation {}, clock {clock}",
            start.machine, start.incarnation
        ),
        Record::Internal(internal) => format!(
            "tick {}, internal, draw {}, queue {}, clock {clock}",
            internal.tick, internal.draw, internal.queue
        ),
        Record::Send(send) => format!(
            "tick {}, send of {}, draw {}, queue {}, clock {clock}",
            send.tick,
            messages(send),
            send.draw,
            send.queue
        ),
        Record::Receive(receive) => format!(
            "tick {}, receive of message {} from machine {}, stamp {}, queue {}, clock {clock}",
            receive.tick, receive.seq, receive.from, receive.stamp, receive.queue
        ),
        Record::Stop(stop) => format!(
            "stop after tick {}, queue {}, in flight {}, clock {clock}",
            stop.ticks, stop.queue, stop.in_flight
        ),
    }
}

/// Which message went to whom.
fn messages(send: &Send) -> String {
    if send.seq.len() != send.to.len() {
        return format!("messages {} to machines {}", list(&send.seq), list(&send.to));
    }
    let messages = send.seq.iter().zip(&send.to);
    let messages = messages.map(|(seq, to)| format!("message {seq} to machine {to}"));
    list(&messages.collect::<Vec<_>>())
}

/// The reasons, each on a line of its own.
fn write_reasons(f: &mut fmt::Formatter<'_>, reasons: &[Reason]) -> fmt::Result {
    for reason in reasons.iter().take(REASONS_SHOWN_MAX) {
        write!(f, "\n  {reason}")?;
    }
    match reasons.len().saturating_sub(REASONS_SHOWN_MAX) {
        0 => Ok(()),
        more => write!(f, "\n  and {more} more"),
    }
}

fn times(count: u64) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// `1, 2, 3`, cut short if it is long.
fn list<T: fmt::Display>(items: &[T]) -> String {
    const SHOWN_MAX: usize = 20;
    if items.is_empty() {
        return "none".to_owned();
    }
    let shown = items.iter().take(SHOWN_MAX).map(T::to_string);
    let mut text = shown.collect::<Vec<_>>().join(", ");
    if items.len() > SHOWN_MAX {
        let _ = write!(text, " and {} more", items.len() - SHOWN_MAX);
    }
    text
}
