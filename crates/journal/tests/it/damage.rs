//! What becomes of a log of which a byte is lost or a bit flipped.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use journal::{
    ReadError, Reader, Recovered, RecoveryError, StampRule, StopReason, Topology, recover,
};
use serde_json::{Map, Value};

use crate::fleet::{Fleet, Plan};
use crate::sample::Log;

/// The log of machine 1 of three: two incarnations with every kind of record, the
/// first one stopped, messages left in the inbox at the end of both.
fn small_log(known: bool) -> Vec<u8> {
    let plan = Plan {
        machines: 3,
        topology: Topology::Full,
        stamp: StampRule::After,
        draw_max: 10,
        seed: 42,
        known,
    };
    let mut fleet = Fleet::new(plan);
    fleet.tick(0, 3);
    fleet.tick(1, 12);
    fleet.tick(2, 12);
    fleet.carry(1, 0, 2);
    fleet.carry(2, 0, 1);
    fleet.tick(0, 2);
    fleet.stop(0, StopReason::Signal);
    fleet.restart(0, "");
    fleet.tick(0, 2);
    fleet.carry(2, 0, 2);
    fleet.tick(0, 1);
    fs::read(&fleet.nodes[0].path).unwrap()
}

/// The records of whole lines as keys and values.
fn records(path: &Path) -> Vec<Map<String, Value>> {
    let json = |line: journal::Line| serde_json::from_str(&line.record.to_json()).unwrap();
    Reader::open(path).unwrap().map(|line| json(line.unwrap())).collect()
}

/// What the log gives back; none if it is refused, and then with its place.
fn try_recover(log: &Log) -> Option<Option<Recovered>> {
    recover(&log.path).inspect_err(|error| assert_refusal_names_its_place(error, &log.path)).ok()
}

fn assert_refusal_names_its_place(error: &RecoveryError, log: &Path) {
    let (RecoveryError::Read(ReadError::Damaged { path, line, reason })
    | RecoveryError::NotReplayable { path, line, reason, .. }) = error
    else {
        panic!("{error}");
    };
    assert!(path == log && (1..100).contains(line) && !reason.is_empty(), "{error}");
    assert_eq!(error.to_string(), format!("{}:{line}: {reason}", path.display()));
}

#[test]
fn a_log_cut_short_gives_back_an_earlier_state() {
    for known in [true, false] {
        let content = small_log(known);
        let log = Log::of(&content);
        let whole = records(&log.path);
        for length in 0..=content.len() {
            let cut = &content[..length];
            fs::write(&log.path, cut).unwrap();
            let lines = cut.iter().filter(|&&byte| byte == b'\n').count();
            let Some(recovered) = try_recover(&log).unwrap() else {
                assert_eq!(lines, 0, "at byte {length}");
                continue;
            };
            assert_eq!(recovered.records, lines as u64, "at byte {length}");
            assert_eq!(recovered.torn, !cut.ends_with(b"\n"));
            assert_eq!(recovered.endpoint.machine().clock(), whole[lines - 1]["clock"]);
            assert_eq!(cut[..recovered.length as usize].last(), Some(&b'\n'));
        }
    }
}

/// The keys, with their events, in which two logs differ whose records are the
/// same in kind; one may be shorter by its last line.
fn differences(
    original: &[Map<String, Value>],
    damaged: &[Map<String, Value>],
) -> BTreeSet<String> {
    assert!(damaged.len() == original.len() || damaged.len() == original.len() - 1);
    let pairs = original.iter().zip(damaged);
    pairs.flat_map(|(original, damaged)| differing_keys(original, damaged)).collect()
}

fn differing_keys(original: &Map<String, Value>, damaged: &Map<String, Value>) -> Vec<String> {
    assert_eq!(original["event"], damaged["event"]);
    let event = original["event"].as_str().unwrap();
    let keys = original.keys().filter(|key| original.get(*key) != damaged.get(*key));
    keys.map(|key| format!("{event}.{key}")).collect()
}

/// Flips every bit of the log, and gives the keys in which a log is different
/// from which a machine was recovered all the same.
fn keys_that_flips_can_change(content: &[u8]) -> BTreeSet<String> {
    let log = Log::of(content);
    let original = records(&log.path);
    let mut file = OpenOptions::new().write(true).open(&log.path).unwrap();
    let mut changed = BTreeSet::new();
    for bit in 0..content.len() * 8 {
        let (at, byte) = (bit / 8, content[bit / 8]);
        put(&mut file, at, byte ^ (1 << (bit % 8)));
        if let Some(recovered) = try_recover(&log) {
            let recovered = recovered.expect("one flip leaves most lines whole");
            let damaged = records(&log.path);
            assert_eq!(recovered.records, damaged.len() as u64);
            changed.extend(differences(&original, &damaged));
        }
        put(&mut file, at, byte);
    }
    changed
}

fn put(file: &mut File, at: usize, byte: u8) {
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&[byte]).unwrap();
}

/// What every log may be changed in: the times, what no instruction depends on,
/// and of queues and stamps what has no consequence.
const ALWAYS: [&str; 11] = [
    "internal.time",
    "receive.queue",
    "receive.stamp",
    "receive.time",
    "send.time",
    "start.phase",
    "start.time",
    "stop.in_flight",
    "stop.missed",
    "stop.queue",
    "stop.time",
];

/// Holds the keys that flips can change against those expected beside [`ALWAYS`].
fn check(content: &[u8], expected: &[&str]) {
    let changed = keys_that_flips_can_change(content);
    let others: Vec<_> =
        changed.iter().map(String::as_str).filter(|key| !ALWAYS.contains(key)).collect();
    assert_eq!(others, expected);
    assert_eq!(changed.len(), ALWAYS.len() + expected.len(), "{changed:?}");
}

#[test]
fn no_flipped_bit_changes_what_a_machine_did() {
    check(&small_log(true), &[]);
}

/// What only the next start record would contradict.
#[test]
fn before_a_restart_a_flipped_bit_may_change_the_terms() {
    let content = small_log(true);
    check(
        first_incarnation(&content),
        &[
            "start.duration",
            "start.generator",
            "start.machines",
            "start.rate",
            "start.run",
            "start.seed",
        ],
    );
}

/// Without the generator, draws are taken as they are.
#[test]
fn without_the_generator_a_flipped_bit_may_change_a_draw_too() {
    let content = small_log(false);
    check(
        first_incarnation(&content),
        &[
            "internal.draw",
            "start.draw_max",
            "start.duration",
            "start.machines",
            "start.rate",
            "start.run",
        ],
    );
}

fn first_incarnation(content: &[u8]) -> &[u8] {
    let is_restart = |at: &usize| content[*at..].starts_with(b"\n{\"event\":\"start\"");
    let last = (0..content.len()).find(is_restart).unwrap();
    &content[..=last]
}
