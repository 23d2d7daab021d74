use std::hint::black_box;
use std::iter::repeat_n;

use machine::draw::Draws;
use machine::{
    Endpoint, MachineId, Message, Next, Pacing, Progress, Slots, StampRule, Topology,
    UNLOGGED_MESSAGES_MAX,
};
use proptest::prelude::*;
use shelf::{Pass, Rest, Shelf, WholeLine};

const MACHINES: u32 = 3;

fn id(index: usize) -> MachineId {
    MachineId::new(index as u32 + 1)
}

/// All that a process has of a machine.
#[derive(Debug)]
struct Parts {
    endpoint: Endpoint,
    draws: Draws,
    slots: Slots,
}

impl Rest for Parts {
    type Common = u64;
    type Alignment = WholeLine;

    fn blank(&draw_max: &u64, index: usize) -> Self {
        Self {
            endpoint: Endpoint::new(id(index), MACHINES, Topology::Ring, StampRule::After),
            draws: Draws::new(7, id(index), draw_max),
            slots: Slots::new(1.0, 0, Pacing::Even, None),
        }
    }

    fn renumber(&mut self, index: usize) {
        self.endpoint.renumber(id(index));
        self.draws.renumber(id(index));
    }

    fn pass(&mut self, through: &mut impl Pass) {
        self.endpoint.pass(through);
        self.draws.pass(through);
        self.slots.pass(through);
    }

    fn recall(&self) {}
}

/// Does something to a machine that it may or may not allow.
fn act(endpoint: &mut Endpoint, act: u8, neighbour: usize, number: u64) {
    let peer = endpoint.neighbour_at(neighbour);
    match act {
        0..=2 => drop(endpoint.tick(1 + number % 5)),
        3 => drop(endpoint.commit()),
        4 => {
            let arrived = endpoint.incoming(peer).unwrap().progress().arrived;
            let _ = endpoint.arrive(Message { from: peer, seq: arrived + 1, stamp: number });
        }
        5 => drop(endpoint.incoming(peer).unwrap().hello(number as u32)),
        6 => {
            let outgoing = endpoint.outgoing(peer).unwrap();
            let arrived = outgoing.last().min(number);
            let _ = outgoing.welcome(Progress { logged: arrived.min(number / 2), arrived });
        }
        7 => drop(endpoint.outgoing(peer).unwrap().transmit()),
        8 => {
            let outgoing = endpoint.outgoing(peer).unwrap();
            let arrived = outgoing.last().min(number);
            let _ = outgoing.acknowledge(Progress { logged: arrived.min(number / 2), arrived });
        }
        9 => endpoint.outgoing(peer).unwrap().disconnect(),
        _ => endpoint.begin_incarnation(),
    }
}

/// Packs all parts and gives them unpacked, each into what another one was.
fn packed(parts: Vec<Parts>, draw_max: u64) -> Vec<Parts> {
    let shelf = Shelf::<_, 8>::new(draw_max, parts.into_iter(), 0);
    for index in 0..shelf.len() {
        black_box(&shelf[index]);
    }
    shelf.into_vec()
}

proptest! {
    #[test]
    fn a_machine_with_its_links_comes_out_as_it_was_put_in(
        acts in prop::collection::vec((0..3_usize, 0..12_u8, 0..2_usize, 0..400_u64), 0..200),
        draw_max in prop_oneof![Just(10_u64), Just(1 << 40)],
        drawn in prop::array::uniform3(0..100_u64),
        paces in prop::array::uniform3((0.1..100.0_f64, 0..u64::MAX / 2, any::<bool>(), 0..300_usize)),
    ) {
        let mut parts: Vec<_> = (0..3).map(|index| Parts::blank(&draw_max, index)).collect();
        for (machine, kind, neighbour, number) in acts {
            act(&mut parts[machine].endpoint, kind, neighbour, number);
        }
        for (parts, (drawn, (rate, phase, is_burst, ticks))) in
            parts.iter_mut().zip(drawn.into_iter().zip(paces))
        {
            let _ = parts.draws.of_tick(1 + drawn);
            let pacing = if is_burst { Pacing::Burst } else { Pacing::Even };
            parts.slots = Slots::new(rate, phase, pacing, Some(u64::MAX - phase));
            for _ in 0..ticks {
                let due = parts.slots.next_due();
                // One is missed now and then.
                if parts.slots.next(due + due % 3 * 1_000_000_000) == Next::Tick {
                    parts.slots.ticked();
                }
            }
        }
        let endpoints: Vec<_> = parts.iter().map(|it| it.endpoint.clone()).collect();
        let slots: Vec<_> = parts.iter().map(|it| it.slots.clone()).collect();
        let mut unpacked = packed(parts, draw_max);
        for (index, it) in unpacked.iter_mut().enumerate() {
            prop_assert_eq!(&it.endpoint, &endpoints[index]);
            prop_assert_eq!(&it.slots, &slots[index]);
            let mut draws = Draws::new(7, id(index), draw_max);
            for tick in 1..100 {
                prop_assert_eq!(it.draws.of_tick(tick), draws.of_tick(tick));
            }
        }
    }
}

#[test]
fn a_saturated_machine_comes_out_saturated() {
    let mut parts: Vec<_> = (0..2).map(|index| Parts::blank(&10, index)).collect();
    for draw in repeat_n(1, UNLOGGED_MESSAGES_MAX) {
        parts[0].endpoint.tick(draw).unwrap();
    }
    let unpacked = packed(parts, 10);
    assert!(unpacked[0].endpoint.is_saturated() && !unpacked[1].endpoint.is_saturated());
}
