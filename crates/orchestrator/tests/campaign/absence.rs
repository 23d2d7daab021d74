//! A peer that is away for long: the others tick on, and what
//! they sent waits for it.

use journal::{Record, Sync};
use nix::sys::signal::Signal;

use crate::deadline::wait_until;
use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays, records, ticks};
use crate::scale;

const SETUP: Setup =
    Setup { machines: 3, rate: 20.0, draw_max: 6, sync: Sync::Never, duration: None };

/// Ticks of machine 1 at a time, while it is waited for: six seconds' worth.
const STRETCH: u64 = 120;

/// Messages that `from` sent to `to` so far.
fn sent(nodes: &Nodes, from: u32, to: u32) -> u64 {
    let records = records(nodes.folder(), from);
    let sent = records.iter().filter_map(|record| match record {
        Record::Send(send) => send.to.iter().zip(&send.seq).find(|(peer, _)| **peer == to),
        _ => None,
    });
    sent.map(|(_, seq)| *seq).max().unwrap_or(0)
}

#[test]
fn what_was_sent_to_a_peer_that_was_away_for_long_reaches_it() {
    let mut nodes = Nodes::new(SETUP.machines);
    for machine in nodes.all() {
        nodes.configure(machine, "absence", SETUP, |peer| nodes.address(peer));
    }
    nodes.start_all();
    nodes.wait_for_ticks(20);
    nodes.signal(3, Signal::SIGKILL);
    nodes.wait(3);
    let before = (ticks(nodes.folder(), 1), sent(&nodes, 1, 3));
    let mut ticked = 0;
    // Each stretch has a deadline of its own.
    for _ in 0..scale::of(1, 100) {
        let goal = ticked + STRETCH;
        wait_until("the others tick on", || {
            ticked = ticks(nodes.folder(), 1) - before.0;
            ticked >= goal
        });
    }
    let waiting = sent(&nodes, 1, 3) - before.1;
    assert!(waiting > 0, "it sends on to who is away");
    nodes.start(3);
    nodes.wait_for_ticks(20);
    let in_flight = nodes.stop_all();
    assert_eq!(in_flight, 0);
    // The judge holds the others to their rate (T2), and everything sent to be received
    // or in the inbox (Q2).
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
    eprintln!("absence: machine 1 ticked {ticked} times and sent {waiting} messages meanwhile");
}
