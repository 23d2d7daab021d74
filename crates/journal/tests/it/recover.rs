//! A machine comes back from its log as it was, and goes on as it would have.

use std::fs;

use journal::{ReadError, RecoveryError, StampRule, StopReason, Topology, recover};
use machine::{Endpoint, MachineId, Progress};
use proptest::prelude::*;

use crate::fleet::{Fleet, Plan, step};
use crate::sample::{INTERNAL, Log, RECEIVE, SEND, START, STOP, lines, shown, time};

/// Something that happens to a fleet. Numbers are taken modulo what there is.
#[derive(Clone, Debug)]
enum Happening {
    Tick(usize, usize),
    Carry(usize, usize, usize),
    Crash(usize, &'static str),
    Stop(usize, StopReason),
}

fn happening() -> impl Strategy<Value = Happening> {
    let node = || 0..60_usize;
    let torn = prop::sample::select(vec!["", "{", SEND, "\0\0\0\0", "{\"event\":\"start\""]);
    let reason = prop::sample::select(vec![StopReason::Signal, StopReason::Fault]);
    prop_oneof![
        12 => (node(), 1..8_usize).prop_map(|(node, count)| Happening::Tick(node, count)),
        12 => (node(), node(), 1..6_usize).prop_map(|(a, b, count)| Happening::Carry(a, b, count)),
        1 => (node(), torn).prop_map(|(node, torn)| Happening::Crash(node, torn)),
        1 => (node(), reason).prop_map(|(node, reason)| Happening::Stop(node, reason)),
    ]
}

fn plan() -> impl Strategy<Value = Plan> {
    let topology = prop::sample::select(vec![Topology::Full, Topology::Ring]);
    let stamp = prop::sample::select(vec![StampRule::After, StampRule::Before]);
    (2..=5_u32, topology, stamp, 1..=10_u64, any::<u64>(), any::<bool>()).prop_map(
        |(machines, topology, stamp, draw_max, seed, known)| Plan {
            machines,
            topology,
            stamp,
            draw_max,
            seed,
            known,
        },
    )
}

fn happen(fleet: &mut Fleet, happening: &Happening) {
    let count = fleet.nodes.len();
    match *happening {
        Happening::Tick(node, ticks) => fleet.tick(node % count, ticks),
        Happening::Carry(from, to, messages) => fleet.carry(from % count, to % count, messages),
        Happening::Crash(node, torn) => fleet.restart(node % count, torn),
        Happening::Stop(node, reason) => {
            fleet.stop(node % count, reason);
            fleet.restart(node % count, "");
        }
    }
}

/// All that a driver can see of a machine: clock, tick, queue, and of each link
/// the last message sent, what has come, and the last message received.
fn state(endpoint: &mut Endpoint, machines: u32) -> (u64, u64, usize, Vec<(u64, Progress, u64)>) {
    let peers = (1..=machines).filter_map(|peer| {
        let peer = MachineId::new(peer);
        let last = endpoint.outgoing(peer)?.last();
        let incoming = endpoint.incoming(peer)?;
        Some((last, incoming.progress(), incoming.received()))
    });
    let links = peers.collect();
    let machine = endpoint.machine();
    (machine.clock(), machine.ticks(), machine.queue(), links)
}

/// The node's log gives back what a crash leaves of the node.
fn check(fleet: &mut Fleet, index: usize) {
    let machines = fleet.nodes.len() as u32;
    let node = &mut fleet.nodes[index];
    let content = fs::read(&node.path).unwrap();
    let whole = content.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
    let mut recovered = recover(&node.path).unwrap().unwrap();
    assert_eq!(recovered.records, node.records);
    assert_eq!(recovered.incarnations, node.start.incarnation);
    assert_eq!((recovered.first_start.incarnation, recovered.first_start.clock), (1, 0));
    assert_eq!(recovered.first_start.differences(&node.start), []);
    assert_eq!(recovered.stop, node.stop);
    assert_eq!((recovered.length, recovered.torn), (whole as u64, node.torn));
    assert_eq!(fs::read(&node.path).unwrap(), content);

    node.endpoint.begin_incarnation();
    let expected = state(&mut node.endpoint, machines);
    assert_eq!(state(&mut recovered.endpoint, machines), expected);
    check_messages(fleet, index, &mut recovered.endpoint);
    check_future(fleet, index, recovered.endpoint);
}

/// Every message ever sent can be sent again, with its stamp.
fn check_messages(fleet: &Fleet, index: usize, recovered: &mut Endpoint) {
    for peer in 1..=fleet.nodes.len() as u32 {
        let from = index as u32 + 1;
        let Some(link) = recovered.outgoing(MachineId::new(peer)) else { continue };
        link.welcome(Progress::default()).unwrap();
        let stamps: Vec<_> =
            std::iter::from_fn(|| link.transmit()).map(|(_, stamp)| stamp).collect();
        assert_eq!(stamps, fleet.stamps(from, peer));
    }
}

/// On the same inputs the recovered machine does what the original does.
fn check_future(fleet: &mut Fleet, index: usize, mut recovered: Endpoint) {
    for round in 0..30 {
        let from = round % fleet.nodes.len();
        if let Some(message) = fleet.next_message(from, index) {
            assert_eq!(recovered.arrive(message), fleet.nodes[index].endpoint.arrive(message));
        }
        let node = &mut fleet.nodes[index];
        let draw = node.draw(node.endpoint.machine().ticks() + 1);
        let expected = step(&mut node.endpoint, draw, time());
        assert_eq!(step(&mut recovered, draw, time()), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_machine_comes_back_from_its_log(
        plan in plan(),
        happenings in prop::collection::vec(happening(), 0..150),
        torn in prop::sample::select(vec!["", "{\"event\":\"internal\""]),
    ) {
        let mut fleet = Fleet::new(plan);
        happenings.iter().for_each(|happening| happen(&mut fleet, happening));
        for node in 0..fleet.nodes.len() {
            fleet.nodes[node].crash(torn);
            check(&mut fleet, node);
        }
    }
}

#[test]
fn a_machine_that_stopped_comes_back_with_its_stop_record() {
    let plan = Plan {
        machines: 3,
        topology: Topology::Full,
        stamp: StampRule::After,
        draw_max: 4,
        seed: 1,
        known: true,
    };
    let mut fleet = Fleet::new(plan);
    fleet.tick(0, 30);
    fleet.carry(0, 1, 5);
    fleet.tick(1, 3);
    fleet.stop(1, StopReason::Duration);
    assert_eq!(fleet.nodes[1].stop.as_ref().unwrap().queue, 2);
    check(&mut fleet, 1);
}

#[test]
fn a_log_without_a_whole_line_holds_no_machine() {
    for content in ["", "{", START, "\0\0\0\0"] {
        let log = Log::of(content);
        assert!(recover(&log.path).unwrap().is_none(), "{content}");
        assert_eq!(log.content(), content);
    }
}

#[test]
fn a_file_that_is_no_log_is_not_taken_for_a_torn_one() {
    let log = Log::of("my only copy, without a newline");
    let error = recover(&log.path).unwrap_err();
    assert_eq!(shown(&error, &log.path), "machine-1.jsonl:1: this file is no log");
}

#[test]
fn a_log_that_is_not_there_cannot_be_read() {
    let log = Log::absent();
    let error = recover(&log.path).unwrap_err();
    assert!(matches!(error, RecoveryError::Read(ReadError::Io { .. })), "{error}");
    assert!(shown(&error, &log.path).starts_with("cannot read machine-1.jsonl: "), "{error}");
}

/// Draws of the examples are not those of their seed; with another generator
/// they are taken as they are.
#[test]
fn the_example_lines_are_a_log() {
    let start = START.replace("chacha8", "dice");
    let log = Log::of(lines(&[&start, INTERNAL, SEND, RECEIVE, STOP]));
    let recovered = recover(&log.path).unwrap().unwrap();
    assert_eq!(recovered.records, 5);
    assert_eq!(
        (recovered.endpoint.machine().clock(), recovered.endpoint.machine().ticks()),
        (6, 3)
    );
    assert_eq!(recovered.endpoint.machine().queue(), 0);
    assert!(recovered.stop.is_some());
}
