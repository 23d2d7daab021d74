//! A peer that takes messages slowly: one that stands still most of the time, and one
//! behind a link that lets a few bytes through. Senders tick on, and all arrives.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::Duration;

use journal::{Record, Sync};
use nix::sys::signal::Signal;

use crate::deadline::wait_until;
use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays, records, ticks};
use crate::scale;

const SETUP: Setup =
    Setup { machines: 3, rate: 20.0, draw_max: 3, sync: Sync::Never, duration: None };

/// The machine that is slow.
const SLOW: u32 = 3;

/// Of the slots of a sender so many run at least. Each that waited for the slow machine
/// would be missed, which are nearly all; the rest is for stalls of the computer.
const SHARE_RUN: f64 = 0.75;

/// Messages from machine 1 to the slow one that it has not received.
fn backlog(nodes: &Nodes) -> u64 {
    let sent = records(nodes.folder(), 1)
        .iter()
        .filter_map(|record| {
            match record {
                Record::Send(send) => send.to.iter().zip(&send.seq).find(|(to, _)| **to == SLOW),
                _ => None,
            }
            .map(|(_, seq)| *seq)
        })
        .max();
    let received = records(nodes.folder(), SLOW)
        .iter()
        .filter_map(|record| match record {
            Record::Receive(receive) if receive.from == 1 => Some(receive.seq),
            _ => None,
        })
        .max();
    sent.unwrap_or(0).saturating_sub(received.unwrap_or(0))
}

/// Stops all, and asserts that nothing was lost and that the senders kept their pace.
/// Gives back the slots that each missed.
fn end(nodes: &mut Nodes) -> Vec<u64> {
    nodes.all().for_each(|machine| nodes.signal(machine, Signal::SIGTERM));
    let stops: Vec<_> = nodes.all().map(|machine| nodes.stopped(machine).unwrap()).collect();
    for (machine, stop) in nodes.all().zip(&stops) {
        assert_eq!(stop.in_flight, 0, "machine {machine}");
        let share = stop.ticks as f64 / (stop.ticks + stop.missed) as f64;
        assert!(machine == SLOW || share >= SHARE_RUN, "machine {machine}: {stop:?}");
        // Not even its link was given up.
        assert!(!nodes.said(machine).contains("heard for"), "{}", nodes.said(machine));
    }
    assert_holds(nodes.folder());
    assert_replays(nodes.folder());
    stops.iter().map(|stop| stop.missed).collect()
}

#[test]
fn a_machine_that_stands_still_most_of_the_time_holds_nobody_up() {
    let mut nodes = Nodes::new(SETUP.machines);
    for machine in nodes.all() {
        nodes.configure(machine, "slow", SETUP, |peer| nodes.address(peer));
    }
    nodes.start_all();
    nodes.wait_for_ticks(5);
    let mut most = 0;
    for _ in 0..scale::of(8, 60) {
        nodes.signal(SLOW, Signal::SIGSTOP);
        sleep(Duration::from_millis(950));
        most = most.max(backlog(&nodes));
        nodes.signal(SLOW, Signal::SIGCONT);
        sleep(Duration::from_millis(50));
    }
    assert!(most > 0, "nothing waited for it");
    nodes.wait_for_ticks(5);
    let missed = end(&mut nodes);
    assert!(missed[SLOW as usize - 1] > 0, "it never stood still");
    eprintln!("a machine that stands still: {most} messages waited at most, missed {missed:?}");
}

#[test]
fn a_link_that_trickles_holds_nobody_up() {
    let mut nodes = Nodes::new(SETUP.machines);
    let trickle = Trickle::start(nodes.address(SLOW));
    for machine in nodes.all() {
        nodes.configure(machine, "slow", SETUP, |peer| match (machine, peer) {
            (1, SLOW) => trickle.address.clone(),
            _ => nodes.address(peer),
        });
    }
    nodes.start_all();
    nodes.wait_for_ticks(5);
    trickle.is_slow.store(true, Ordering::Relaxed);
    let (begun, waited) = (ticks(nodes.folder(), 1), scale::of(160, 1200));
    wait_until_ticked(&nodes, begun + waited);
    let most = backlog(&nodes);
    assert!(most > waited / 10, "{most} messages waited: the link was not slow");
    trickle.is_slow.store(false, Ordering::Relaxed);
    wait_until("all arrives", || backlog(&nodes) < most / 4);
    let missed = end(&mut nodes);
    eprintln!("a link that trickles: {most} messages waited at most, missed {missed:?}");
}

/// With a deadline for each stretch of seconds.
fn wait_until_ticked(nodes: &Nodes, goal: u64) {
    let stretches = (ticks(nodes.folder(), 1)..goal).step_by(100).skip(1).chain([goal]);
    for goal in stretches {
        wait_until("the sender ticks on", || ticks(nodes.folder(), 1) >= goal);
    }
}

/// Stands in a link, and lets ten bytes a second through while it is slow.
struct Trickle {
    address: String,
    is_slow: Arc<AtomicBool>,
}

impl Trickle {
    /// In front of `to`.
    fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let is_slow = Arc::new(AtomicBool::new(false));
        let slow = is_slow.clone();
        thread::spawn(move || {
            for near in listener.incoming().map_while(Result::ok) {
                // Whoever listens there may not have been started yet.
                let Ok(far) = TcpStream::connect(&to) else { continue };
                pass_on(&near, &far, slow.clone());
                pass_on(&far, &near, Arc::default());
            }
        });
        Self { address, is_slow }
    }
}

fn pass_on(from: &TcpStream, to: &TcpStream, is_slow: Arc<AtomicBool>) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let mut bytes = [0; 1 << 10];
        loop {
            let most = if is_slow.load(Ordering::Relaxed) { 1 } else { bytes.len() };
            match from.read(&mut bytes[..most]) {
                Ok(count @ 1..) if to.write_all(&bytes[..count]).is_ok() => {}
                _ => break,
            }
            if is_slow.load(Ordering::Relaxed) {
                sleep(Duration::from_millis(100));
            }
        }
        let _ = (from.shutdown(Shutdown::Read), to.shutdown(Shutdown::Write));
    });
}
