//! What the logs say happened, and which event happened before which: computed
//! from the logs alone. It knows no endpoint and no network.

use std::sync::Arc;

use journal::{Receive, Record, Send};
use machine::MachineId;

use crate::process::Process;
use crate::world::World;

/// What happened before an event, the event itself included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    /// The length of the longest causal chain that ends here.
    pub(crate) chain: u64,
    /// How many events of each machine.
    pub(crate) events: Vec<usize>,
}

/// The events of a log, without its start records.
pub(crate) fn events(process: &Process) -> impl Iterator<Item = &Record> {
    let records = process.log.iter().map(Arc::as_ref);
    records.filter(|record| !matches!(record, Record::Start(_)))
}

/// The messages sent to `to` by a log, in its order: number and send.
pub(crate) fn sends(process: &Process, to: MachineId) -> impl Iterator<Item = (u64, &Send)> {
    events(process).filter_map(move |record| sent(record, to))
}

/// The messages received from `from` by a log, in its order.
pub(crate) fn receives(process: &Process, from: MachineId) -> impl Iterator<Item = &Receive> {
    events(process).filter_map(received).filter(move |receive| receive.from == from.get())
}

/// The message to `to` that an event sent, if it did.
pub(crate) fn sent(record: &Record, to: MachineId) -> Option<(u64, &Send)> {
    let Record::Send(send) = record else { return None };
    let position = send.to.iter().position(|&recipient| recipient == to.get())?;
    Some((send.seq[position], send))
}

pub(crate) fn received(record: &Record) -> Option<&Receive> {
    match record {
        Record::Receive(receive) => Some(receive),
        _ => None,
    }
}

/// The past of every event, by machine; of as many as have one. Where a receive
/// has no send, or happened before itself, it and all that follow have none.
pub(crate) fn pasts(world: &World) -> Vec<Vec<Past>> {
    let mut pasts = vec![vec![]; world.processes.len()];
    let mut before = usize::MAX;
    while before != known(&pasts) {
        before = known(&pasts);
        (0..pasts.len()).for_each(|machine| go_on(world, machine, &mut pasts));
    }
    pasts
}

fn known(pasts: &[Vec<Past>]) -> usize {
    pasts.iter().map(Vec::len).sum()
}

/// Goes through the events of a machine as far as what happened before is known.
fn go_on(world: &World, machine: usize, pasts: &mut [Vec<Past>]) {
    let done = pasts[machine].len();
    for record in events(&world.processes[machine]).skip(done) {
        let mut past = pasts[machine].last().cloned().unwrap_or_else(|| Past::none(pasts.len()));
        if let Some(receive) = received(record) {
            let Some(send) = past_of_send(world, machine, receive, pasts) else { return };
            past.join(send);
        }
        past.chain += 1;
        past.events[machine] += 1;
        pasts[machine].push(past);
    }
}

fn past_of_send<'a>(
    world: &World,
    to: usize,
    receive: &Receive,
    pasts: &'a [Vec<Past>],
) -> Option<&'a Past> {
    let to = MachineId::new(to as u32 + 1);
    let from = receive.from as usize - 1;
    let mut sender = events(&world.processes[from]);
    let is_it = |record| sent(record, to).is_some_and(|(seq, _)| seq == receive.seq);
    pasts[from].get(sender.position(is_it)?)
}

impl Past {
    fn none(machines: usize) -> Self {
        Self { chain: 0, events: vec![0; machines] }
    }

    fn join(&mut self, other: &Self) {
        self.chain = self.chain.max(other.chain);
        for (mine, theirs) in self.events.iter_mut().zip(&other.events) {
            *mine = (*mine).max(*theirs);
        }
    }
}
