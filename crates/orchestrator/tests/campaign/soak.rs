//! A long run under faults that never cease: memory and descriptors of its nodes stay
//! what they were.

use std::collections::BTreeMap;
use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::Duration;

use tempfile::TempDir;

use crate::chance::Chance;
use crate::node_processes::nodes_of;
use crate::offbeat::{assert_holds, assert_replays, offbeat};
use crate::scale;

/// Links and machines that faults befall, one after the other on each.
const WORDS: [&str; 5] = ["--cut 1-2", "--cut 2>3", "--cut 3>1", "--pause 1", "--pause 3"];

/// By how much the largest figure of the last quarter may surpass that of the second,
/// in KiB. In half an hour it was found to vary by less than 200.
const GROWTH_MAX: u64 = 1024;

/// The same for descriptors: connections that are being made or given up.
const DESCRIPTORS_MORE_MAX: u64 = 8;

/// What one process held, second by second.
#[derive(Debug, Default)]
struct Held {
    resident: Vec<u64>,
    descriptors: Vec<u64>,
}

#[test]
fn memory_and_descriptors_stay_flat_under_faults() {
    let seconds = scale::of(24, 1800);
    let mut chance = Chance::new("soak");
    let temp = TempDir::new().unwrap();
    let mut command = offbeat()
        .current_dir(temp.path())
        .args(
            "run --rates 50,50,50 --ports auto --out out --latency exp:2ms --loss 0.002".split(' '),
        )
        .args(["--duration", &format!("{seconds}s")])
        .args(WORDS.iter().flat_map(|word| faults(&mut chance, word, seconds * 1000)))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut held: BTreeMap<i32, Held> = BTreeMap::new();
    let end = loop {
        if let Some(end) = command.try_wait().unwrap() {
            break end;
        }
        nodes_of(temp.path()).into_iter().for_each(|node| held.entry(node).or_default().look(node));
        sleep(Duration::from_secs(1));
    };
    assert!(end.success(), "{end:?}");
    assert_holds(&temp.path().join("out"));
    assert_replays(&temp.path().join("out"));
    assert_eq!(held.len(), 3, "no node was started again");
    for node in held.values() {
        assert!(node.resident.len() as u64 > seconds / 2, "it was looked at all the time");
        let (resident, descriptors) = (quarters(&node.resident), quarters(&node.descriptors));
        eprintln!("soak, {seconds} s: KiB {resident:?}, descriptors {descriptors:?}, by quarters");
        assert!(resident[3] <= resident[1] + GROWTH_MAX, "memory grew: {resident:?}");
        assert!(descriptors[3] <= descriptors[1] + DESCRIPTORS_MORE_MAX, "{descriptors:?}");
    }
}

/// Faults of one kind with breaks of up to 10 s between them, to shortly before the end.
fn faults(chance: &mut Chance, word: &str, end: u64) -> Vec<String> {
    let (kind, what) = word.split_once(' ').unwrap();
    let (mut words, mut now) = (Vec::new(), chance.between(500, 3000));
    loop {
        let length = chance.log_between(10.0, 3000.0);
        if now + length + 3000 > end {
            return words;
        }
        words.extend([kind.to_owned(), format!("{what}@{now}ms..{}ms", now + length)]);
        now += length + chance.between(200, 10_000);
    }
}

impl Held {
    /// A process that has ended says nothing.
    fn look(&mut self, process: i32) {
        let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let size = resident.and_then(|text| text.trim().strip_suffix(" kB")?.parse().ok());
        let Some(size) = size else { return };
        self.resident.push(size);
        let descriptors = fs::read_dir(format!("/proc/{process}/fd")).map_or(0, Iterator::count);
        self.descriptors.push(descriptors as u64);
    }
}

/// The largest figure of each quarter.
fn quarters(figures: &[u64]) -> [u64; 4] {
    let length = figures.len().div_ceil(4);
    let of = |quarter: usize| figures.iter().skip(quarter * length).take(length).max();
    [0, 1, 2, 3].map(|quarter| of(quarter).copied().unwrap_or(0))
}
