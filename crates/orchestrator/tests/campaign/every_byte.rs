//! Connections that end after every byte of every kind of frame.

use std::time::Duration;

use bytes::BytesMut;
use journal::Sync;
use machine::{MachineId, Progress};
use orchestrator::{Break, Pair, Proxy};
use sim::Network;
use tokio_util::codec::Encoder as _;
use wire::{Frame, FrameCodec, Hello, PROTOCOL};

use crate::deadline::wait_until;
use crate::nodes::{Nodes, Setup};
use crate::offbeat::{assert_holds, assert_replays};
use crate::scale;

const MACHINES: u32 = 4;

const RUN: &str = "campaign";

/// A frame of each kind, as long as those of this kind become here.
fn longest(kind: &str) -> usize {
    let progress = Progress { logged: 1 << 20, arrived: 1 << 20 };
    let hello = Hello {
        protocol: PROTOCOL,
        run: RUN.to_owned(),
        from: MachineId::new(1),
        to: MachineId::new(2),
        incarnation: 1,
    };
    let frames = [
        Frame::Hello(hello),
        Frame::Welcome(progress),
        Frame::Refused { reason: format!("this is run {RUN}, not another") },
        Frame::Message { seq: 1 << 20, stamp: 1 << 20 },
        Frame::Ack(progress),
        Frame::Heartbeat,
    ];
    let frame = frames.into_iter().find(|frame| frame.kind() == kind).unwrap();
    let mut bytes = BytesMut::new();
    FrameCodec::new().encode(frame, &mut bytes).unwrap();
    bytes.len()
}

/// Machines whose connections all go by way of a proxy.
struct Lab {
    nodes: Nodes,
    proxy: Proxy,
    ways: Vec<Pair>,
}

impl Lab {
    fn new() -> Self {
        let nodes = Nodes::new(MACHINES);
        let ids = || (1..=MACHINES).map(MachineId::new);
        let ways: Vec<_> = ids().flat_map(|from| ids().map(move |to| (from, to))).collect();
        let ways: Vec<_> = ways.into_iter().filter(|(from, to)| from != to).collect();
        let port = |id: MachineId| nodes.ports[id.get() as usize - 1];
        let proxy = Proxy::start("127.0.0.1", &ways, port, &Network::default(), 5).unwrap();
        Self { nodes, proxy, ways }
    }

    fn configure(&self, machine: u32, run: &str, setup: Setup) {
        let link = |peer| (MachineId::new(machine), MachineId::new(peer));
        let dial = |peer| self.proxy.address(link(peer)).unwrap().to_owned();
        self.nodes.configure(machine, run, setup, dial);
    }

    /// Has connections end in these ways on each direction, one after the other, on
    /// all directions at once.
    fn break_all(&self, mut breaks: Vec<(Pair, Vec<Break>)>) {
        breaks.iter_mut().for_each(|(_, breaks)| breaks.reverse());
        wait_until_all("connections end as they are told", || {
            for (way, breaks) in &mut breaks {
                if !self.proxy.is_breaking(*way)
                    && let Some(next) = breaks.pop()
                {
                    self.proxy.break_at(*way, next);
                }
            }
            let is_done =
                |(way, left): &(Pair, Vec<_>)| left.is_empty() && !self.proxy.is_breaking(*way);
            breaks.iter().all(is_done)
        });
    }

    /// All breaks of `kinds` at each byte, one after the other: on one direction or
    /// another in the short form, on each in the full one.
    fn every_byte(&self, kinds: &[&'static str], ways: &[Pair]) -> Vec<(Pair, Vec<Break>)> {
        let most = kinds.iter().map(|kind| longest(kind)).max().unwrap();
        let at = |bytes| kinds.iter().map(move |kind| Break { kind, bytes });
        let of_way = |(index, way): (usize, &Pair)| {
            let is_its = |byte: &usize| scale::of(byte % ways.len() == index, true);
            (*way, (0..=most).filter(is_its).flat_map(at).collect())
        };
        ways.iter().enumerate().map(of_way).collect()
    }

    /// All is well after all that.
    fn end(mut self, what: &str, at_least: u64) {
        self.nodes.wait_for_ticks(3);
        let in_flight = self.nodes.stop_all();
        assert_holds(self.nodes.folder());
        assert_replays(self.nodes.folder());
        let relayed = self.proxy.relayed();
        eprintln!("{what}: {relayed:?}, {in_flight} messages in flight at the end");
        assert!(relayed.broken >= at_least, "{relayed:?}");
    }
}

/// As often as one may wait for one connection: there may be hundreds.
fn wait_until_all(what: &str, mut holds: impl FnMut() -> bool) {
    let began = std::time::Instant::now();
    while !holds() {
        assert!(began.elapsed() < Duration::from_secs(900), "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A message breaks the link that the next Hello mends, an acknowledgement the one
/// that the next Welcome does: so each comes without anyone waiting for it.
#[test]
fn connections_end_within_every_frame_of_a_busy_link() {
    let mut lab = Lab::new();
    let setup =
        Setup { machines: MACHINES, rate: 60.0, draw_max: 4, sync: Sync::Never, duration: None };
    lab.nodes.all().for_each(|machine| lab.configure(machine, RUN, setup));
    lab.nodes.start_all();
    lab.nodes.wait_for_ticks(5);
    let breaks = lab.every_byte(&["Message", "Hello", "Ack", "Welcome"], &lab.ways);
    let count = breaks.iter().map(|(_, breaks)| breaks.len() as u64).sum();
    lab.break_all(breaks);
    lab.end("every byte of Hello, Welcome, Message and Ack", count);
}

#[test]
fn connections_end_within_every_heartbeat() {
    let mut lab = Lab::new();
    let setup =
        Setup { machines: MACHINES, rate: 2.0, draw_max: 1000, sync: Sync::Never, duration: None };
    lab.nodes.all().for_each(|machine| lab.configure(machine, RUN, setup));
    lab.nodes.start_all();
    lab.nodes.wait_for_ticks(1);
    let breaks = lab.every_byte(&["Heartbeat"], &lab.ways);
    let count = breaks.iter().map(|(_, breaks)| breaks.len() as u64).sum();
    lab.break_all(breaks);
    lab.end("every byte of Heartbeat", count);
}

/// One machine is of another run, until it no longer is.
#[test]
fn connections_end_within_every_refusal() {
    let mut lab = Lab::new();
    let setup =
        Setup { machines: MACHINES, rate: 20.0, draw_max: 10, sync: Sync::Never, duration: None };
    lab.nodes.all().for_each(|machine| lab.configure(machine, RUN, setup));
    lab.configure(MACHINES, "another", setup);
    lab.nodes.start_all();
    let stranger = MachineId::new(MACHINES);
    let of_stranger = |(from, to): &Pair| *from == stranger || *to == stranger;
    let ways: Vec<_> = lab.ways.iter().copied().filter(of_stranger).collect();
    let breaks = lab.every_byte(&["Refused"], &ways);
    let count = breaks.iter().map(|(_, breaks)| breaks.len() as u64).sum();
    lab.break_all(breaks);
    lab.nodes.signal(MACHINES, nix::sys::signal::Signal::SIGTERM);
    assert!(lab.nodes.wait(MACHINES).success());
    lab.configure(MACHINES, RUN, setup);
    lab.nodes.start(MACHINES);
    wait_until("the machine that was a stranger ticks", || {
        crate::offbeat::ticks(lab.nodes.folder(), MACHINES) > 0
    });
    lab.end("every byte of Refused", count);
}
