//! `offbeat run`, from its start to its verdict, and when it ends otherwise.

use std::fs;
use std::path::Path;

use journal::{Pacing, Record, Start, StopReason, Topology};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tempfile::TempDir;

use crate::deadline::{wait_for, wait_until};
use crate::offbeat::{assert_holds, records, run_in, stderr, stdout, stop};
use crate::running::Running;

fn first_start(folder: &Path, machine: u32) -> Start {
    match records(folder, machine).first() {
        Some(Record::Start(start)) => Start::clone(start),
        other => panic!("machine {machine} begins with {other:?}"),
    }
}

#[test]
fn a_run_ends_in_tables_and_a_verdict() {
    let temp = TempDir::new().unwrap();
    let output = run_in(temp.path(), "--duration 3s --seed 7 --rates 1,3,6 --ports auto");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = temp.path().join("runs/latest");
    for (machine, rate) in [(1, 1), (2, 3), (3, 6)] {
        let stop = stop(&folder, machine).unwrap();
        assert_eq!(stop.ticks + stop.missed, rate * 3, "every slot is ticked or missed");
        assert_eq!((stop.reason, stop.in_flight), (StopReason::Duration, 0));
    }
    for file in [
        "run.toml",
        "machine-2.toml",
        "machine-2.diag.log",
        "check.json",
        "summary.json",
        "report.html",
    ] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    let said = stdout(&output);
    assert!(said.contains("Holds: "), "{said}");
    assert!(said.contains("cargo run --release -- check"), "{said}");
    assert_holds(&folder);
}

#[test]
fn the_options_reach_every_node() {
    let temp = TempDir::new().unwrap();
    let output = run_in(
        temp.path(),
        "run --duration 2s --seed 7 --rates 1,3,6 --machines 5 --draw-max 5 --topology ring \
         --pacing burst --ports auto --out results",
    );
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = temp.path().join("results");
    for (machine, rate) in [(1, 1.0), (2, 3.0), (3, 6.0), (4, 1.0), (5, 3.0)] {
        let start = first_start(&folder, machine);
        assert_eq!(start.rate.per_second(), Some(rate));
        assert_eq!((start.machines, start.draw_max, start.seed), (5, 5, Some(7)));
        assert_eq!((start.topology, start.pacing), (Topology::Ring, Pacing::Burst));
        assert_eq!(start.duration, Some(2.0));
    }
    assert_holds(&folder);
}

#[test]
fn a_manifest_repeats_its_run() {
    let temp = TempDir::new().unwrap();
    let first = run_in(temp.path(), "--duration 1s --seed 3 --ports auto --out first");
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let second = run_in(temp.path(), "run first/run.toml --ports auto --out second");
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    for machine in 1..=3 {
        let [first, second] =
            ["first", "second"].map(|folder| first_start(&temp.path().join(folder), machine));
        assert_ne!(first.run, second.run);
        assert_eq!(
            (first.rate, first.phase, first.seed, first.duration),
            (second.rate, second.phase, second.seed, second.duration)
        );
    }
}

#[test]
fn results_are_never_overwritten() {
    let temp = TempDir::new().unwrap();
    fs::create_dir(temp.path().join("full")).unwrap();
    fs::write(temp.path().join("full/notes.txt"), "mine").unwrap();
    let output = run_in(temp.path(), "--duration 1s --ports auto --out full");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("full is not empty"), "{}", stderr(&output));
    assert_eq!(fs::read_dir(temp.path().join("full")).unwrap().count(), 1);
}

#[test]
fn ctrl_c_ends_in_complete_logs_and_a_verdict() {
    let mut running = Running::start("");
    running.signal(Signal::SIGINT);
    let output = running.end();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("Holds: "), "{}", stdout(&output));
    for machine in 1..=3 {
        assert_eq!(stop(&running.folder(), machine).unwrap().reason, StopReason::Signal);
    }
    assert_eq!(running.nodes(), [] as [i32; 0]);
}

#[test]
fn a_node_that_dies_ends_the_run() {
    let mut running = Running::start("");
    let nodes = running.nodes();
    assert_eq!(nodes.len(), 3);
    kill(Pid::from_raw(nodes[0]), Signal::SIGKILL).unwrap();
    let output = running.end();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("ended: signal: 9"), "{said}");
    assert!(said.contains("Its last diagnostics:") && said.contains("ticking begins"), "{said}");
    assert!(stdout(&output).contains("Cannot tell"), "{}", stdout(&output));
    assert_eq!(running.nodes(), [] as [i32; 0]);
}

#[test]
fn no_node_outlives_the_command() {
    let mut running = Running::start("");
    assert_eq!(running.nodes().len(), 3);
    running.signal(Signal::SIGKILL);
    running.end();
    wait_until("the nodes end", || running.nodes().is_empty());
    for machine in 1..=3 {
        let stop = wait_for("a stop record", || stop(&running.folder(), machine));
        assert_eq!(stop.reason, StopReason::Signal);
    }
    assert_holds(&running.folder());
}
