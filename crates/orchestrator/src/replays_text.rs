//! Replays as text, without colours.

use std::fmt::{self, Write as _};

use crate::replays::{End, MachineReplay, Outcome, Replays};

impl Replays {
    /// A row for each machine, each ended by a newline.
    pub(crate) fn table(&self) -> String {
        let mut table = String::from("machine  incarnations  records  outcome\n");
        for replay in &self.machines {
            let MachineReplay { machine, incarnations, records, end, .. } = replay;
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{machine:>7}  {incarnations:>12}  {records:>7}  {end}");
        }
        table
    }

    /// What came of it, its first word before a colon. The last line has no newline.
    pub(crate) fn conclusion(&self) -> String {
        let mut lines = match self.outcome {
            Outcome::Same => vec![format!("Replays: {} came out the same.", self.tally())],
            Outcome::Departs => self.departures(),
            Outcome::Damaged => self.but_for_faults("Damaged"),
            Outcome::CannotTell => self.but_for_faults("Cannot tell"),
        };
        lines.extend(self.machines.iter().flat_map(MachineReplay::notes));
        lines.join("\n")
    }

    /// `613 records of 3 machines`.
    fn tally(&self) -> String {
        let replayed = self.machines.iter().filter(|machine| machine.records > 0).count();
        format!("{} of {}", count(self.records, "record"), count(replayed as u64, "machine"))
    }

    fn departures(&self) -> Vec<String> {
        let departures: Vec<_> =
            self.machines.iter().filter_map(MachineReplay::departure).collect();
        let depart = match departures.len() {
            1 => "1 machine departs".to_owned(),
            some => format!("{some} machines depart"),
        };
        let mut lines = departures;
        lines.push(format!("In all, {depart}; {} came out the same.", self.tally()));
        let faults = self.faults();
        if !faults.is_empty() {
            lines.push("There may be more, for not all was replayed:".to_owned());
        }
        lines.extend(faults);
        lines
    }

    fn but_for_faults(&self, word: &str) -> Vec<String> {
        let mut lines = vec![format!("{word}: {} came out the same, but", self.tally())];
        lines.extend(self.faults());
        lines
    }

    fn faults(&self) -> Vec<String> {
        let mut faults: Vec<_> = self.machines.iter().filter_map(MachineReplay::fault).collect();
        if self.missing_unlisted > 0 {
            faults.push(format!("  {} more logs are missing", self.missing_unlisted));
        }
        faults
    }
}

impl MachineReplay {
    /// The record that does not come out the same, in the layout of a violation.
    fn departure(&self) -> Option<String> {
        let End::Departs { line, reason, expected, found } = &self.end else {
            return None;
        };
        Some(format!(
            "Departs: machine {}, for {reason}.\n  {}:{line}\n  expected  {expected}\n  found     \
             {found}",
            self.machine,
            self.file.display()
        ))
    }

    /// Why not all was replayed, departures apart.
    fn fault(&self) -> Option<String> {
        let file = self.file.display();
        match &self.end {
            End::Same | End::Departs { .. } => None,
            End::Damaged { line, reason } => Some(format!("  {file}:{line}: {reason}")),
            End::Empty => Some(format!("  {file}: holds no record")),
            End::Missing => Some(format!("  {file}: is missing")),
            End::Unreadable { reason } => Some(format!("  {file}: cannot be read: {reason}")),
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.torn {
            let file = self.file.display();
            notes.push(format!("{file}: its last line is torn and was not replayed."));
        }
        if self.records > 0 && !self.seeded {
            let machine = self.machine;
            notes.push(format!(
                "Machine {machine}'s generator is not known: its draws were taken from the log."
            ));
        }
        notes
    }
}

impl fmt::Display for End {
    /// A few words.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Same => f.write_str("the same"),
            Self::Departs { line, .. } => write!(f, "departs at line {line}"),
            Self::Damaged { line, .. } => write!(f, "damaged at line {line}"),
            Self::Empty => f.write_str("no record"),
            Self::Missing => f.write_str("no log"),
            Self::Unreadable { .. } => f.write_str("unreadable"),
        }
    }
}

/// `1 record`, `2 records`.
fn count(number: u64, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}
