//! `offbeat log`: the events of all machines in order of time, for people.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use journal::{Folder, Line, ReadError, Reader, Record, Time};
use node::{Exit, event_line};

use crate::cli::LogArgs;
use crate::complaint::Complaint;
use crate::tail::{Tail, is_stop};
use crate::terminal::{self, NOTABLE, paint};

/// How often growing logs are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

pub(crate) fn run(args: &LogArgs) -> Result<Exit, Complaint> {
    let mut folder = Folder::open(&args.folder.folder)?;
    if let Some(machine) = args.machine {
        folder.logs.retain(|(id, _)| *id == machine);
        if folder.logs.is_empty() {
            return Err(Complaint::usage(format!(
                "there is no machine {machine} in {}",
                args.folder.folder.display()
            )));
        }
    }
    let mut printer = Printer::default();
    let printed = match args.follow {
        true => follow(&folder, &mut printer),
        false => print_all(&folder, &mut printer),
    };
    printed
        .map(|()| Exit::Done)
        .map_err(|error| Complaint { exit: Exit::LogRefused, message: error.to_string() })
}

/// Merges the logs by time, holding one line of each.
fn print_all(folder: &Folder, printer: &mut Printer) -> Result<(), ReadError> {
    let mut logs = Vec::new();
    for (machine, path) in &folder.logs {
        logs.push((*machine, Reader::open(path)?.peekable()));
    }
    while let Some((machine, line)) = next(&mut logs) {
        printer.print(machine, &line?.record);
    }
    Ok(())
}

/// The earliest of the next lines, or an error in their place.
fn next<I>(logs: &mut [(u32, Peekable<I>)]) -> Option<(u32, Result<Line, ReadError>)>
where
    I: Iterator<Item = Result<Line, ReadError>>,
{
    let key = |line: &Result<Line, ReadError>| {
        line.as_ref().map_or(Time::from_micros(i64::MIN), |line| line.record.time())
    };
    let (_, index) = logs
        .iter_mut()
        .enumerate()
        .filter_map(|(index, (_, log))| log.peek().map(|line| (key(line), index)))
        .min()?;
    let (machine, log) = &mut logs[index];
    log.next().map(|line| (*machine, line))
}

/// Prints what is there and what comes, until all machines have stopped.
fn follow(folder: &Folder, printer: &mut Printer) -> Result<(), ReadError> {
    let path: &Path = &folder.path;
    let mut tails: Vec<_> = folder.logs.iter().map(|(id, _)| Tail::new(path, *id)).collect();
    loop {
        let mut records = Vec::new();
        for tail in &mut tails {
            let machine = tail.machine;
            tail.read(|line| records.push((machine, line.record)))?;
        }
        records.sort_by_key(|(machine, record)| (record.time(), *machine));
        records.iter().for_each(|(machine, record)| printer.print(*machine, record));
        if printer.stopped() == tails.len() {
            return Ok(());
        }
        sleep(LOOK_EVERY);
    }
}

/// Prints records, knowing what came before on their machine.
#[derive(Default)]
struct Printer {
    machines: BTreeMap<u32, Seen>,
}

#[derive(Default)]
struct Seen {
    clock: u64,
    stopped: bool,
}

impl Printer {
    fn print(&mut self, machine: u32, record: &Record) {
        let seen = self.machines.entry(machine).or_default();
        let line = event_line(record, seen.clock);
        let jump = record.clock().saturating_sub(seen.clock);
        *seen = Seen { clock: record.clock(), stopped: is_stop(record) };
        let line = match record.tick() {
            Some(_) if jump > 1 => format!("{line}  {}", paint(NOTABLE, "▲")),
            _ => line,
        };
        terminal::result(&format!("machine {machine}  {line}"));
    }

    fn stopped(&self) -> usize {
        self.machines.values().filter(|seen| seen.stopped).count()
    }
}
