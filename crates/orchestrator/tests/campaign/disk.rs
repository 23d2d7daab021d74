//! Trouble with the disk and with descriptors: strace lets calls fail, and the log
//! loses what a power cut would take.

use std::fs::{self, OpenOptions};
use std::os::unix::process::ExitStatusExt as _;
use std::time::Duration;

use journal::{Sync, Time};
use nix::sys::signal::Signal;
use node::Exit;

use crate::deadline::wait_until;
use crate::nodes::{Nodes, Setup, is_unwritable};
use crate::offbeat::{assert_holds, assert_replays};
use crate::scale;
use crate::strace::strace_is_there;

const SETUP: Setup =
    Setup { machines: 2, rate: 50.0, draw_max: 6, sync: Sync::Always, duration: None };

/// The least time between two attempts to take a connection, if the first failed.
const PAUSE: Duration = Duration::from_millis(100);

/// Two nodes with their configs, that do not run yet.
fn two() -> Nodes {
    let nodes = Nodes::new(SETUP.machines);
    for machine in nodes.all() {
        nodes.configure(machine, "disk", SETUP, |peer| nodes.address(peer));
    }
    nodes
}

/// Arguments by which strace looks only at calls on the log of machine 1, with what it
/// saw written to `out`.
fn on_log<'a>(log: &'a str, out: &'a str, inject: &'a str) -> [&'a str; 8] {
    ["-o", out, "-P", log, "-e", "trace=write,fdatasync,ftruncate", "-e", inject]
}

/// When the one line of diagnostics was written that says `what`.
fn time_of<'a>(diagnostics: &'a str, what: &str) -> &'a str {
    let mut lines = diagnostics.lines().filter(|line| line.contains(what));
    let line = lines.next().unwrap_or_else(|| panic!("nobody said {what}: {diagnostics}"));
    assert_eq!(lines.next(), None, "said again: {diagnostics}");
    line.split(' ').next().unwrap()
}

/// Stops all, and holds their logs to every rule.
fn end(nodes: &mut Nodes) {
    nodes.stop_all();
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
}

#[test]
fn a_machine_that_cannot_log_stops_ticking_until_it_can() {
    if !strace_is_there("failing writes") {
        return;
    }
    const FAILURES: u32 = 20;
    for (error, words) in
        [("ENOSPC", "No space left"), ("EROFS", "Read-only file system"), ("EIO", "Input/output")]
    {
        let mut nodes = two();
        let log = nodes.log(1).display().to_string();
        let inject = format!("inject=write:error={error}:when=10..{}", 9 + FAILURES);
        nodes.start(2);
        nodes.start_traced(1, &on_log(&log, "/dev/null", &inject));
        nodes.wait_for_ticks(60);
        let said = nodes.said(1);
        let stuck = time_of(&said, "cannot write the log: ticking stops");
        let freed = time_of(&said, "ticking goes on");
        assert!(said.contains(words), "{said}");
        assert!(!said.contains("is down"), "its links stay: {said}");

        for machine in nodes.all() {
            nodes.signal(machine, Signal::SIGTERM);
        }
        let stop = nodes.stopped(1).unwrap();
        nodes.stopped(2).unwrap();
        assert!(stop.missed > 0, "it stood still for more than a slot: {stop:?}");
        let log = fs::read_to_string(nodes.log(1)).unwrap();
        let times = log.split("\"time\":\"").skip(1).map(|rest| &rest[..freed.len()]);
        let ticked: Vec<_> = times.filter(|&time| stuck < time && time < freed).collect();
        assert!(ticked.is_empty(), "it ticked from {stuck} to {freed}: {ticked:?}");
        assert_holds(nodes.folder());
        assert_replays(nodes.folder());
        eprintln!("{error}: {FAILURES} writes failed, {} slots missed", stop.missed);
    }
}

/// Its peer sends nothing, which would have it try again, too.
#[test]
fn a_slow_machine_that_cannot_log_tries_again_long_before_its_next_slot() {
    if !strace_is_there("failing writes of a slow machine") {
        return;
    }
    let mut nodes = Nodes::new(2);
    let slow = Setup { rate: 0.5, draw_max: 1_000_000, ..SETUP };
    for machine in nodes.all() {
        nodes.configure(machine, "disk", slow, |peer| nodes.address(peer));
    }
    let log = nodes.log(1).display().to_string();
    nodes.start(2);
    nodes.start_traced(1, &on_log(&log, "/dev/null", "inject=write:error=ENOSPC:when=2+"));
    wait_until("it is stuck", || {
        nodes.log(1).exists() && nodes.said(1).contains("cannot write the log: ticking stops")
    });
    // So often in turn takes longer than from slot to slot.
    let mut in_turn = 0;
    wait_until("the health check tells each time", || {
        in_turn = if is_unwritable(&nodes.health(1)) { in_turn + 1 } else { 0 };
        in_turn == 4
    });
}

#[test]
fn a_log_that_cannot_be_synchronised_ends_its_machine() {
    if !strace_is_there("failing fdatasync") {
        return;
    }
    let mut nodes = two();
    let log = nodes.log(1).display().to_string();
    nodes.start(2);
    let count = scale::of(6, 40);
    for count in 1..=count {
        let inject = format!("inject=fdatasync:error=EIO:when={count}");
        nodes.start_traced(1, &on_log(&log, "/dev/null", &inject));
        let end = nodes.wait(1);
        assert_eq!(end.code(), Some(Exit::Failed as i32), "{count}: {}", nodes.said(1));
    }
    let said = nodes.said(1);
    assert!(said.contains("Input/output error"), "{said}");
    nodes.start(1);
    nodes.wait_for_ticks(5);
    end(&mut nodes);
    eprintln!("fdatasync: failed at each of the first {count}, and each time the node ended");
}

#[test]
fn what_was_synchronised_survives_a_power_cut() {
    if !strace_is_there("power cuts") {
        return;
    }
    let mut nodes = two();
    let log = nodes.log(1);
    let (path, out) = (log.display().to_string(), nodes.folder().join("calls"));
    let out = out.display().to_string();
    nodes.start(2);
    let (cuts, mut lost) = (scale::of(10, 100), 0);
    for count in 1..=cuts {
        let before = fs::metadata(&log).map_or(0, |log| log.len());
        let inject = format!("inject=fdatasync:signal=KILL:when={count}");
        nodes.start_traced(1, &on_log(&path, &out, &inject));
        let end = nodes.wait(1);
        assert_eq!(end.signal(), Some(Signal::SIGKILL as i32), "{count}: {end:?}");
        let lasting = synchronised(&fs::read_to_string(&out).unwrap(), before);
        let file = OpenOptions::new().write(true).open(&log).unwrap();
        lost += file.metadata().unwrap().len() - lasting;
        file.set_len(lasting).unwrap();
    }
    assert!(lost > 0, "no cut took anything");
    nodes.start(1);
    nodes.wait_for_ticks(5);
    end(&mut nodes);
    eprintln!("power: {cuts} cuts, {lost} bytes of logs lost that were not synchronised");
}

/// How much of a log of `before` bytes is on the disk for good after these calls.
fn synchronised(calls: &str, before: u64) -> u64 {
    let (mut length, mut lasting) = (before, before);
    for line in calls.lines() {
        let Some((call, result)) = line.rsplit_once("= ") else { continue };
        match (call.split('(').next(), result.parse::<u64>()) {
            (Some("write"), Ok(bytes)) => length += bytes,
            (Some("fdatasync"), Ok(0)) => lasting = length,
            (Some("ftruncate"), Ok(0)) => {
                let (_, size) = call.rsplit_once(", ").unwrap();
                length = size.trim().trim_end_matches(')').parse().unwrap();
                lasting = lasting.min(length);
            }
            _ => {}
        }
    }
    lasting
}

#[test]
fn a_node_without_descriptors_does_not_spin() {
    if !strace_is_there("descriptors that run out") {
        return;
    }
    const FAILURES: u32 = 15;
    let mut nodes = two();
    let inject = format!("inject=accept4:error=EMFILE:when=1..{FAILURES}");
    nodes.start(2);
    nodes.start_traced(1, &["-o", "/dev/null", "-e", "trace=accept4", "-e", &inject]);
    nodes.wait_for_ticks(5);
    let said = nodes.said(1);
    let lines = said.lines().filter(|line| line.contains("cannot take a connection"));
    let times: Vec<Time> =
        lines.map(|line| line.split(' ').next().unwrap().parse().unwrap()).collect();
    assert_eq!(times.len(), FAILURES as usize, "{said}");
    for pair in times.windows(2) {
        assert!(pair[1].seconds_since(pair[0]) >= PAUSE.as_secs_f64(), "it did not pause: {said}");
    }
    end(&mut nodes);
    eprintln!("descriptors: {FAILURES} connections could not be taken, then all went on");
}
