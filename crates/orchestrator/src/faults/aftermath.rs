//! What faults did, as far as only the logs can tell.

use std::fs;
use std::path::Path;

use journal::{Folder, Rate, Reader, Record, Time};

/// A process stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Standstill {
    /// The fault that stopped it.
    pub(crate) fault: usize,
    pub(crate) machine: u32,
    pub(crate) from: Time,
    pub(crate) to: Time,
}

/// The bytes after the last whole line of a log: of a record that a kill cut
/// short.
pub(crate) fn torn_bytes(log: &Path) -> u64 {
    let bytes = fs::read(log).unwrap_or_default();
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (bytes.len() - whole) as u64
}

/// What the logs in `folder` say of standstills: for each the slots that were
/// missed, and the messages that were sent to the machine meanwhile.
pub(crate) fn costs(folder: &Folder, standstills: &[Standstill]) -> Vec<(u64, u64)> {
    let mut costs: Vec<Cost> = standstills.iter().map(|_| Cost::default()).collect();
    for (machine, path) in &folder.logs {
        // What cannot be read is the judge's to report.
        for line in Reader::open(path).into_iter().flatten().map_while(Result::ok) {
            for (standstill, cost) in standstills.iter().zip(&mut costs) {
                cost.look(standstill, *machine, &line.record);
            }
        }
    }
    costs.iter().map(|cost| (cost.missed, cost.waiting)).collect()
}

#[derive(Debug, Default)]
struct Cost {
    missed: u64,
    waiting: u64,
    rate: Option<Rate>,
    /// The last record of the machine before it went on.
    before: Option<Time>,
    is_over: bool,
}

impl Cost {
    fn look(&mut self, standstill: &Standstill, machine: u32, record: &Record) {
        if machine == standstill.machine {
            self.look_at_its_own(standstill, record);
        } else if let Record::Send(send) = record
            && send.to.contains(&standstill.machine)
            && (standstill.from..standstill.to).contains(&send.time)
        {
            self.waiting += 1;
        }
    }

    fn look_at_its_own(&mut self, standstill: &Standstill, record: &Record) {
        if let Record::Start(start) = record {
            self.rate = Some(start.rate);
        }
        if record.time() <= standstill.from {
            self.before = Some(record.time());
        } else if !self.is_over {
            self.is_over = true;
            self.missed = self.slots_until(record).min(self.slots_of(standstill));
        }
    }

    /// The slots that fit into a standstill: another one may lie between the same two
    /// records.
    fn slots_of(&self, standstill: &Standstill) -> u64 {
        (standstill.to.seconds_since(standstill.from) * self.per_second()).round() as u64
    }

    fn per_second(&self) -> f64 {
        self.rate.and_then(Rate::per_second).unwrap_or_default()
    }

    /// The slots between the last record before and this one, which is the first
    /// after: a tick has the last of them for itself.
    fn slots_until(&self, record: &Record) -> u64 {
        let Some(before) = self.before else {
            return 0;
        };
        let slots = record.time().seconds_since(before) * self.per_second();
        match record {
            Record::Start(_) => 0,
            Record::Stop(_) => slots as u64,
            _ => (slots.round() as u64).saturating_sub(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use journal::{Folder, Time};
    use tempfile::TempDir;

    use super::{Standstill, costs, torn_bytes};

    fn start(machine: u32, rate: u32) -> String {
        format!(
            r#"{{"event":"start","log":"offbeat-log/1","time":"2000-01-01T00:00:00Z","run":"test","machine":{machine},"machines":2,"topology":"full","rate":{rate},"draw_max":10,"phase":0.0,"pacing":"even","stamp":"after","incarnation":1,"clock":0}}
"#
        )
    }

    fn internal(second: f64) -> String {
        let time = Time::from_micros(946_684_800_000_000 + (second * 1e6) as i64);
        format!(
            r#"{{"event":"internal","time":"{time}","tick":1,"draw":9,"queue":0,"clock":1}}
"#
        )
    }

    fn send(second: u32) -> String {
        format!(
            r#"{{"event":"send","time":"2000-01-01T00:00:{second:02}Z","tick":1,"draw":1,"to":[1],"seq":[1],"queue":0,"clock":1}}
"#
        )
    }

    fn standstill(from: i64, to: i64) -> Standstill {
        let time = |second| Time::from_micros(946_684_800_000_000 + second * 1_000_000);
        Standstill { fault: 0, machine: 1, from: time(from), to: time(to) }
    }

    #[test]
    fn a_standstill_costs_the_slots_between_two_ticks() {
        let folder = TempDir::new().unwrap();
        let own = [start(1, 2), internal(0.5), internal(1.0), internal(4.02), internal(4.5)];
        let other = [start(2, 1), send(1), send(2), send(3), send(4)];
        fs::write(folder.path().join("machine-1.jsonl"), own.concat()).unwrap();
        fs::write(folder.path().join("machine-2.jsonl"), other.concat()).unwrap();
        let folder = Folder::open(folder.path()).unwrap();
        // Between two ticks there are slots at 1.5, 2, 2.5, 3 and 3.5 s.
        assert_eq!(costs(&folder, &[standstill(1, 4)]), [(5, 3)]);
        assert_eq!(costs(&folder, &[standstill(1, 3), standstill(3, 4)]), [(4, 2), (2, 1)]);
        assert_eq!(costs(&folder, &[standstill(9, 10)]), [(0, 0)]);
    }

    #[test]
    fn torn_bytes_are_those_after_the_last_newline() {
        let folder = TempDir::new().unwrap();
        let log = folder.path().join("machine-1.jsonl");
        for (text, torn) in [("", 0), ("{}\n", 0), ("{}\n{\"ev", 4), ("{", 1)] {
            fs::write(&log, text).unwrap();
            assert_eq!(torn_bytes(&log), torn, "{text}");
        }
        assert_eq!(torn_bytes(&folder.path().join("none")), 0);
    }
}
