//! Faults in live runs: they befall real processes and connections, are counted,
//! and leave nothing behind.

use std::fs;
use std::path::Path;

use journal::Record;
use nix::sys::signal::Signal;
use serde_json::Value;
use tempfile::TempDir;

use crate::deadline::wait_until;
use crate::offbeat::{assert_holds, assert_replays, records, run_in, stderr, stdout, stop};
use crate::running::Running;

const FAST: &str = "--rates 30,40,50 --seed 3 --ports auto --out out";

fn starts(folder: &Path, machine: u32) -> usize {
    let is_start = |record: &Record| matches!(record, Record::Start(_));
    records(folder, machine).into_iter().filter(is_start).count()
}

/// What each fault did.
fn faults(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("faults.json")).unwrap()).unwrap()
}

fn assert_good(folder: &Path) {
    assert_holds(folder);
    assert_replays(folder);
}

#[test]
fn faults_are_done_and_counted_and_the_run_holds() {
    let temp = TempDir::new().unwrap();
    let words = "--cut 2-3@1s..2s --cut 1>2@2s..3s --crash 1@1500ms..2500ms --pause 3@3s..4s \
                 --pause 2@90s..91s --latency uniform:1ms..5ms --loss 0.02";
    let output = run_in(temp.path(), &format!("run --duration 6s {FAST} {words}"));
    // A connection may be lost while the machines stop.
    assert!([Some(0), Some(5)].contains(&output.status.code()), "{}", stderr(&output));
    let folder = temp.path().join("out");
    assert_good(&folder);
    let told = faults(&folder);
    for (fault, key) in
        [(0, "frames"), (0, "held_back"), (1, "held_back"), (3, "ticks_missed"), (3, "frames")]
    {
        assert!(told["faults"][fault][key].as_u64().unwrap() > 0, "{fault}, {key}: {told}");
    }
    assert_eq!(told["faults"][2]["killed"], 1);
    assert_eq!(told["faults"][4]["touched_nothing"], true);
    assert!(told["proxy"]["connections_reset"].as_u64().unwrap() > 0, "{told}");
    assert!(told["proxy"]["connections_lost"].as_u64().unwrap() > 0, "{told}");
    assert_eq!((1..=3).map(|id| starts(&folder, id)).collect::<Vec<_>>(), [2, 1, 1]);
    let said = stdout(&output);
    assert!(said.contains("The cut 2-3@1s..2s took "), "{said}");
    assert!(said.contains("The crash 1@1500ms..2500ms killed 1 machine"), "{said}");
    assert!(said.contains("The pause 2@90s..91s touched nothing."), "{said}");
}

#[test]
fn a_manifest_repeats_a_run_with_its_faults() {
    let temp = TempDir::new().unwrap();
    run_in(temp.path(), "run --duration 2s --seed 8 --faults random --ports auto --out out");
    let words = |folder: &str| {
        let text = fs::read_to_string(temp.path().join(folder).join("run.toml")).unwrap();
        text.lines().filter(|line| !line.starts_with("run =")).collect::<Vec<_>>().join("\n")
    };
    let first = words("out");
    assert!(first.contains("latency = ") && first.contains("pause = "), "{first}");
    assert!(!first.contains("duplicate = ") && !first.contains("torn:"), "{first}");
    run_in(temp.path(), "run out/run.toml --ports auto --out again");
    assert_eq!(words("again"), first);
    assert_holds(&temp.path().join("again"));
}

#[test]
fn no_proxy_stands_where_no_word_is_about_the_network() {
    let temp = TempDir::new().unwrap();
    let args = format!("run --duration 2s {FAST} --crash 2@500ms..1s --pause 1@1s..1100ms");
    let output = run_in(temp.path(), &args);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = temp.path().join("out");
    assert_good(&folder);
    assert_eq!(faults(&folder)["proxy"], Value::Null);
    let config = |id| fs::read_to_string(folder.join(format!("machine-{id}.toml"))).unwrap();
    let listen =
        config(3).lines().find_map(|line| line.strip_prefix("listen = ")).map(String::from);
    assert!(config(1).contains(&format!("address = {}", listen.unwrap())));
}

/// Only the links that a word is about go by way of the proxy.
#[test]
fn a_proxy_stands_only_where_a_word_is_about_the_network() {
    let temp = TempDir::new().unwrap();
    run_in(temp.path(), &format!("run --duration 1s {FAST} --latency 2>3=1ms"));
    let folder = temp.path().join("out");
    let key = |id, key: &str| {
        let text = fs::read_to_string(folder.join(format!("machine-{id}.toml"))).unwrap();
        text.parse::<toml::Table>().unwrap()[key].clone()
    };
    let dials = |from, to| {
        let peers = key(from, "peers");
        let peers = peers.as_array().unwrap();
        let peer = peers.iter().find(|peer| peer["machine"].as_integer() == Some(to)).unwrap();
        peer["address"] == key(to, "listen")
    };
    assert_eq!([dials(1, 2), dials(1, 3), dials(2, 1), dials(3, 1)], [true; 4]);
    assert_eq!([dials(2, 3), dials(3, 2)], [false; 2], "messages one way, answers the other");
}

/// It is back with no slot left, or one: what it has yet to do is to deliver, to receive
/// and to write its stop.
#[test]
fn a_machine_that_comes_back_at_the_end_of_the_run_writes_its_stop() {
    let temp = TempDir::new().unwrap();
    let args = format!("run --duration 2s {FAST} --crash 2@1700ms..1999ms");
    let output = run_in(temp.path(), &args);
    let folder = temp.path().join("out");
    assert_eq!(faults(&folder)["refusals"], serde_json::json!([]), "{}", stderr(&output));
    assert_eq!(starts(&folder, 2), 2);
    assert!(stop(&folder, 2).is_some());
    assert_good(&folder);
}

#[test]
fn a_machine_that_stays_dead_leaves_the_verdict_open() {
    let temp = TempDir::new().unwrap();
    let output = run_in(temp.path(), &format!("run --duration 2s {FAST} --crash 2@1s.."));
    // What the others sent to it is in flight for ever.
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    assert!(stdout(&output).contains("Cannot tell"), "{}", stdout(&output));
    assert!(!stderr(&output).contains("machine 2 ended"), "{}", stderr(&output));
    assert_eq!(stop(&temp.path().join("out"), 2), None);
}

#[test]
fn all_machines_may_be_dead_at_once() {
    let temp = TempDir::new().unwrap();
    let output = run_in(temp.path(), &format!("run --duration 3s {FAST} --crash all@1s..2s"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = temp.path().join("out");
    assert_eq!(faults(&folder)["faults"][0]["killed"], 3);
    assert_good(&folder);
}

fn is_stopped(pid: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

#[test]
fn ctrl_c_in_the_middle_of_faults_ends_in_good_order() {
    let mut running = Running::start("--cut 1-2@1s.. --pause 3@1s..");
    let nodes = running.nodes();
    wait_until("a node stands still", || nodes.iter().any(|pid| is_stopped(*pid)));
    running.signal(Signal::SIGINT);
    let output = running.end();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(running.nodes(), [] as [i32; 0]);
    assert_good(&running.folder());
}

/// A process group that loses its parent is woken by the kernel, unless whoever takes
/// it in is of the same session, as a shell that is process 1 of a container is, and
/// as this test makes itself.
#[test]
fn not_even_a_node_that_stands_still_outlives_the_command() {
    nix::sys::prctl::set_child_subreaper(true).unwrap();
    let mut running = Running::start("--pause 3@1s..");
    let nodes = running.nodes();
    wait_until("a node stands still", || nodes.iter().any(|pid| is_stopped(*pid)));
    running.signal(Signal::SIGKILL);
    running.end();
    wait_until("the nodes end", || running.nodes().is_empty());
    assert_good(&running.folder());
}
