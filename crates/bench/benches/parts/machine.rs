//! The model machine: draws, and ticks of each kind with what their links have to do.

use criterion::Criterion;
use machine::draw::Draws;
use machine::{Endpoint, MachineId, Message, Progress, StampRule, Topology};

/// The draw of a message to the first neighbour, and one of none.
const SEND: u64 = 1;
const INTERNAL: u64 = 10;

pub(crate) fn parts(criterion: &mut Criterion) {
    criterion.bench_function("machine/draw", |bencher| {
        let mut draws = Draws::new(7, MachineId::new(1), 10);
        let mut tick = 0;
        bencher.iter(|| {
            tick += 1;
            draws.of_tick(tick)
        });
    });
    criterion.bench_function("machine/tick, internal", |bencher| {
        let mut endpoint = endpoint();
        bencher.iter(|| tick(&mut endpoint, INTERNAL));
    });
    criterion.bench_function("machine/tick, send, transmitted and acknowledged", |bencher| {
        let mut endpoint = endpoint();
        let peer = MachineId::new(2);
        let link = |endpoint: &mut Endpoint, progress| {
            let link = endpoint.outgoing(peer).expect("it is a neighbour");
            link.transmit();
            link.acknowledge(progress).expect("it was transmitted");
        };
        let outgoing = endpoint.outgoing(peer).expect("it is a neighbour");
        outgoing.welcome(Progress::default()).expect("nothing was sent yet");
        let mut sent = 0;
        bencher.iter(|| {
            tick(&mut endpoint, SEND);
            sent += 1;
            link(&mut endpoint, Progress { logged: sent, arrived: sent });
        });
    });
    criterion.bench_function("machine/message arrives, tick, receive", |bencher| {
        let mut endpoint = endpoint();
        let mut seq = 0;
        bencher.iter(|| {
            seq += 1;
            let message = Message { from: MachineId::new(2), seq, stamp: seq };
            endpoint.arrive(message).expect("it is the next one");
            tick(&mut endpoint, INTERNAL);
        });
    });
}

fn tick(endpoint: &mut Endpoint, draw: u64) {
    endpoint.tick(draw).expect("the clock is far from its end");
    endpoint.commit();
}

fn endpoint() -> Endpoint {
    Endpoint::new(MachineId::new(1), 3, Topology::Full, StampRule::After)
}
