//! A log that was cut short or has a flipped bit, before its node is started again: the
//! node resumes, or refuses with file, line and reason and leaves the file alone.

use std::fs;
use std::io::{BufRead as _, BufReader, Cursor};
use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;

use journal::{Reader, Sync, recover_from};
use nix::sys::signal::Signal;
use node::Exit;

use crate::deadline::wait_until;
use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_replays, offbeat, stdout, ticks};
use crate::scale;

const SETUP: Setup =
    Setup { machines: 2, rate: 20.0, draw_max: 6, sync: Sync::Never, duration: None };

/// What became of the damaged logs.
#[derive(Debug, Default)]
struct Outcomes {
    resumed: usize,
    refused: usize,
}

/// The log of a machine that ticked a few times and was killed, and its folder. The other
/// has not ticked, so that it has nothing that a shorter log does not know of.
fn killed_early() -> (Nodes, Vec<u8>) {
    let mut nodes = Nodes::new(SETUP.machines);
    let slow = Setup { rate: 0.001, ..SETUP };
    for (machine, setup) in [(1, SETUP), (2, slow)] {
        nodes.configure(machine, "damage", setup, |peer| nodes.address(peer));
    }
    nodes.start_all();
    wait_until("machine 1 ticks", || ticks(nodes.folder(), 1) >= 4);
    for machine in nodes.all() {
        nodes.signal(machine, Signal::SIGKILL);
        nodes.wait(machine);
    }
    let log = fs::read(nodes.log(1)).unwrap();
    (nodes, log)
}

/// Starts the node with this log. If it resumes, it is killed at once; if not, what it
/// said is given back.
fn resume(nodes: &Nodes, log: &[u8]) -> Result<(), String> {
    fs::write(nodes.log(1), log).unwrap();
    let mut node = nodes.command(1).stderr(Stdio::piped()).spawn().unwrap();
    let mut said = String::new();
    for line in BufReader::new(node.stderr.take().unwrap()).lines() {
        said += &(line.unwrap() + "\n");
        if said.contains("resumed from the log") || said.contains("new log") {
            node.kill().unwrap();
        }
    }
    let end = node.wait().unwrap();
    if end.signal() == Some(Signal::SIGKILL as i32) {
        return Ok(());
    }
    assert_eq!(end.code(), Some(Exit::LogRefused as i32), "{said}");
    assert_eq!(fs::read(nodes.log(1)).unwrap(), log, "it changed a log that it refused");
    assert!(said.contains("help: "), "{said}");
    Err(said)
}

/// The refusal names the file, and the first line that does not stand after those before
/// it; or, if all do, the setting of the start record that the config contradicts.
fn assert_says_where(nodes: &Nodes, log: &[u8], said: &str) {
    let path = nodes.log(1);
    let lines: Vec<_> = log.split_inclusive(|&byte| byte == b'\n').collect();
    let stands = |count: &usize| {
        let beginning = Cursor::new(lines[..*count].concat());
        recover_from(Reader::new(beginning, &path)).is_ok()
    };
    let place = match (1..=lines.len()).find(|count| !stands(count)) {
        Some(line) => format!("machine-1.jsonl:{line}: "),
        None => "machine-1.jsonl: the log says ".to_owned(),
    };
    assert!(said.contains(&place), "not {place}, but {said}");
}

/// What was resumed is a good log; no stop says so, for its node was killed.
fn assert_nothing_violated(nodes: &Nodes) {
    let output = offbeat().arg("check").arg(nodes.folder()).output().unwrap();
    assert_eq!(output.status.code(), Some(Exit::CannotTell as i32), "{}", stdout(&output));
}

#[test]
fn a_log_cut_at_any_length_is_resumed() {
    let (nodes, log) = killed_early();
    let mut resumed = 0;
    for length in (0..log.len()).step_by(scale::of(log.len() / 60, 1)) {
        let resumed_or_not = resume(&nodes, &log[..length]);
        assert_eq!(resumed_or_not, Ok(()), "cut to {length} of {} bytes", log.len());
        assert_nothing_violated(&nodes);
        resumed += 1;
    }
    eprintln!("damage: {resumed} of {resumed} logs that were cut short are resumed");
}

#[test]
fn a_log_with_a_flipped_bit_is_resumed_or_refused_and_left_alone() {
    let (nodes, log) = killed_early();
    let mut outcomes = Outcomes::default();
    let bits = log.len() * 8;
    for bit in (0..bits).step_by(scale::of(bits / 60, 1)) {
        let mut damaged = log.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match resume(&nodes, &damaged) {
            Ok(()) => {
                outcomes.resumed += 1;
                assert_replays(nodes.folder());
            }
            Err(said) => {
                outcomes.refused += 1;
                assert_says_where(&nodes, &damaged, &said);
            }
        }
    }
    assert!(outcomes.refused > outcomes.resumed, "{outcomes:?}");
    eprintln!("damage: {outcomes:?} of logs with a flipped bit");
}
