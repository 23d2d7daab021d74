//! A kill at every write to the log and at every send of a bounded run. One run tells
//! which there are; then for each of them a run of its own, in which strace ends the node
//! with SIGKILL as it enters that call, and the node is started again.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use journal::Sync;
use nix::sys::signal::Signal;

use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays};
use crate::scale;
use crate::strace::strace_is_there;

const SETUP: Setup =
    Setup { machines: 3, rate: 40.0, draw_max: 4, sync: Sync::Never, duration: None };

/// Runs side by side: each mostly waits.
const SIDE_BY_SIDE: usize = 6;

/// How often one call is tried: no two runs make quite the same number of them.
const TRIES_MAX: u32 = 20;

/// A call by which a record reaches the log or a frame a connection: the `number`th of
/// its kind in the life of machine 1.
#[derive(Clone, Copy, Debug)]
struct Failpoint {
    call: &'static str,
    number: usize,
}

/// A run that has not begun.
fn bounded_run() -> Nodes {
    let nodes = Nodes::new(SETUP.machines);
    let setup = Setup { duration: Some(scale::of("500ms", "1500ms")), ..SETUP };
    for machine in nodes.all() {
        nodes.configure(machine, "calls", setup, |peer| nodes.address(peer));
    }
    nodes
}

/// Starts machine 1 under strace with what this adds to the calls that are looked at.
fn start_traced(nodes: &mut Nodes, call: &str, more: &[&str]) {
    let (log, trace) = (nodes.log(1).display().to_string(), format!("trace={call}"));
    let mut args = vec!["-e", &trace];
    args.extend(more);
    if call == "write" {
        // Most writes of a node wake its own threads.
        args.extend(["-P", &log]);
    }
    nodes.start_traced(1, &args);
}

/// Waits until all have ended by themselves, and holds their logs to every rule.
fn end(nodes: &mut Nodes) {
    for machine in nodes.all() {
        nodes.stopped(machine).unwrap();
    }
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
}

/// How many calls of a kind a bounded run makes.
fn count(call: &'static str) -> usize {
    let mut nodes = bounded_run();
    let calls = nodes.folder().join("calls");
    start_traced(&mut nodes, call, &["-o", &calls.display().to_string()]);
    (2..=SETUP.machines).for_each(|machine| nodes.start(machine));
    end(&mut nodes);
    let calls = fs::read_to_string(calls).unwrap();
    calls.lines().filter(|line| line.starts_with(&format!("{call}("))).count()
}

/// Kills machine 1 there and starts it again. False if this run made no such call.
fn kill_at(Failpoint { call, number }: Failpoint) -> bool {
    let mut nodes = bounded_run();
    let inject = format!("inject={call}:signal=KILL:when={number}");
    start_traced(&mut nodes, call, &["-o", "/dev/null", "-e", &inject]);
    (2..=SETUP.machines).for_each(|machine| nodes.start(machine));
    let is_hit = nodes.wait(1).signal() == Some(Signal::SIGKILL as i32);
    if is_hit {
        nodes.start(1);
        end(&mut nodes);
    }
    is_hit
}

#[test]
fn a_node_killed_at_any_write_or_send_of_a_run_resumes_and_ends() {
    if !strace_is_there("kills at every write and send") {
        return;
    }
    let calls = ["write", "sendto"].map(|call| (call, count(call)));
    assert!(calls.iter().all(|(_, count)| *count > 10), "too few to be all: {calls:?}");
    let failpoints: Vec<_> = calls
        .iter()
        .flat_map(|&(call, count)| (1..=count).map(move |number| Failpoint { call, number }))
        .step_by(scale::of(9, 1))
        .collect();
    let (next, hit) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while let Some(it) = failpoints.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let is_hit = (0..TRIES_MAX).any(|_| kill_at(*it));
                    hit.fetch_add(usize::from(is_hit), Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(hit.into_inner(), failpoints.len(), "failpoints hit of those that there are");
    eprintln!("every call: {calls:?} in a run, {} killed at, each hit", failpoints.len());
}
