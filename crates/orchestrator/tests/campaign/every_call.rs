//! A kill at every write to the log and at every send of a node: strace ends it with
//! SIGKILL as it enters the k-th, for each k in turn.

use std::os::unix::process::ExitStatusExt as _;

use journal::Sync;
use nix::sys::signal::Signal;

use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays};
use crate::scale;
use crate::strace::strace_is_there;

const SETUP: Setup =
    Setup { machines: 3, rate: 50.0, draw_max: 6, sync: Sync::Never, duration: None };

/// The calls by which a record reaches the log and a frame a connection.
const CALLS: [&str; 2] = ["write", "sendto"];

#[test]
fn a_node_killed_at_any_write_or_send_resumes() {
    if !strace_is_there("kills at every write and send") {
        return;
    }
    let mut nodes = Nodes::new(SETUP.machines);
    for machine in nodes.all() {
        nodes.configure(machine, "calls", SETUP, |peer| nodes.address(peer));
    }
    nodes.start_all();
    nodes.wait_for_ticks(1);
    let log = nodes.log(1).display().to_string();
    let mut kills = 0;
    for count in 1..=scale::of(10, 40) {
        for call in CALLS {
            nodes.signal(1, Signal::SIGKILL);
            nodes.wait(1);
            let inject = format!("inject={call}:signal=KILL:when={count}");
            let trace = format!("trace={call}");
            let mut args = vec!["-o", "/dev/null", "-e", &trace, "-e", &inject];
            if call == "write" {
                // Most writes of a node wake its own threads.
                args.extend(["-P", &log]);
            }
            nodes.start_traced(1, &args);
            let end = nodes.wait(1);
            assert_eq!(end.signal(), Some(Signal::SIGKILL as i32), "{call} {count}: {end:?}");
            kills += 1;
            nodes.start(1);
        }
    }
    nodes.wait_for_ticks(3);
    let in_flight = nodes.stop_all();
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
    eprintln!("every write and send: {kills} kills, {in_flight} messages in flight at the end");
}
