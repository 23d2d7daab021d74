//! Messages that overtake others: what makes logical clocks worth having, and
//! must be seen to happen. Read from the logs.

use journal::Receive;
use machine::MachineId;
use stateright::Property;

use crate::history::{Past, events, pasts, received, sent};
use crate::plan::Plan;
use crate::world::World;

/// What must be seen in any plan, and, where there are a third machine and the
/// three messages that it takes, in those.
pub(crate) fn properties(plan: &Plan) -> Vec<Property<Plan>> {
    let jump = Property::sometimes("a receive takes a clock far ahead", |_, world| jumps(world));
    let overtaken =
        Property::sometimes("messages are received against their stamps", |_, world| {
            against_stamps(world)
        });
    let causal = Property::sometimes(
        "an event is heard of from a third machine before its own message comes",
        |_, world| heard_of_first(world),
    );
    if plan.machines > 2 && plan.sends_max > 2 { vec![jump, overtaken, causal] } else { vec![jump] }
}

fn jumps(world: &World) -> bool {
    world.processes.iter().any(|process| {
        let mut pairs = process.log.windows(2);
        pairs.any(|pair| pair[1].clock() > pair[0].clock() + 1)
    })
}

/// A machine receives two messages of which the later is stamped earlier; on one
/// link that cannot be.
fn against_stamps(world: &World) -> bool {
    world.processes.iter().any(|process| {
        let stamps: Vec<u64> =
            events(process).filter_map(received).map(|receive| receive.stamp).collect();
        !stamps.is_sorted()
    })
}

/// C hears from A of an event of B that sent a message to C, which C has not
/// received yet.
fn heard_of_first(world: &World) -> bool {
    let pasts = pasts(world);
    (0..world.processes.len()).any(|hearer| {
        let records = events(&world.processes[hearer]);
        let mut known = records.zip(&pasts[hearer]);
        known.any(|(record, past)| {
            received(record).is_some_and(|receive| outruns(world, hearer, receive, past))
        })
    })
}

/// Whether what happened before a receive includes sends to the hearer that have
/// not reached it.
fn outruns(world: &World, hearer: usize, receive: &Receive, past: &Past) -> bool {
    let id = MachineId::new(hearer as u32 + 1);
    let past_of = |machine: usize| events(&world.processes[machine]).take(past.events[machine]);
    let messengers = [hearer, receive.from as usize - 1];
    (0..world.processes.len()).filter(|third| !messengers.contains(third)).any(|third| {
        let is_from_third = |receive: &&Receive| receive.from as usize - 1 == third;
        let sends = past_of(third).filter_map(|record| sent(record, id)).count();
        sends > past_of(hearer).filter_map(received).filter(is_from_third).count()
    })
}
