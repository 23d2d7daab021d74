//! A whole run with nothing around it: the next machine ticks, and its messages
//! lie in the inboxes.

use journal::{Manifest, Topology};

use crate::floor::machine::{Event, Machine, Message};
use crate::floor::order::Order;

/// Runs `run` and shows each event: its time in nanoseconds, the machine by its
/// index, after the event, and the event.
pub(crate) fn run<O: Order>(
    run: &Manifest,
    mut see: impl FnMut(u64, usize, &Machine, Event, [u32; 2]),
) -> Vec<Machine> {
    let count = run.machines as usize;
    let mut machines: Vec<_> = (0..count).map(|index| Machine::new(run, index)).collect();
    let neighbours: Vec<[u32; 2]> = (0..count as u32).map(|index| neighbours(run, index)).collect();
    let end = run.duration.map_or(0, |duration| duration.0.as_nanos() as u64);
    let mut order = O::new(count);
    for (index, machine) in machines.iter().enumerate() {
        order.push(machine.due(), index as u32);
    }
    let mut tick = |index: u32| {
        let machine = &mut machines[index as usize];
        let at = machine.due();
        let event = machine.tick(run.draw_max);
        let (stamp, seqs, next) = (machine.clock, machine.seqs, machine.due());
        see(at, index as usize, machine, event, neighbours[index as usize]);
        if let Event::Send(_, first, last) = event {
            for neighbour in first..last {
                let to = neighbours[index as usize][neighbour];
                let message = Message { from: index + 1, seq: seqs[neighbour], stamp };
                machines[to as usize].deliver(message);
            }
        }
        (next < end).then_some(next)
    };
    while order.step(&mut tick) {}
    machines
}

/// The two neighbours by index, in the order that draws 1 and 2 count by.
fn neighbours(run: &Manifest, index: u32) -> [u32; 2] {
    let ahead = |by: u32| (index + by) % run.machines;
    match run.topology {
        Topology::Full => [ahead(1), ahead(2)],
        Topology::Ring => [ahead(1), ahead(run.machines - 1)],
    }
}
