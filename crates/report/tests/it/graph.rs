//! The graph of a run's events, with happens-before closed over it pair by pair,
//! without any clock: what causality is held against.

use std::collections::BTreeMap;

use journal::Record;

/// Every event, and which events happened before it.
pub(crate) struct Graph {
    pub(crate) events: Vec<(u32, Record)>,
    pub(crate) past: Vec<Vec<bool>>,
}

impl Graph {
    pub(crate) fn of(logs: &[(u32, Vec<Record>)]) -> Self {
        let events: Vec<_> = logs
            .iter()
            .flat_map(|(machine, log)| log.iter().map(|record| (*machine, record.clone())))
            .filter(|(_, record)| record.tick().is_some())
            .collect();
        let parents = parents(&events);
        let mut past: Vec<Option<Vec<bool>>> = vec![None; events.len()];
        (0..events.len()).for_each(|event| close(event, &parents, &mut past));
        Self { events, past: past.into_iter().map(Option::unwrap).collect() }
    }

    pub(crate) fn happened_before(&self, one: usize, other: usize) -> bool {
        self.past[other][one]
    }

    pub(crate) fn clock(&self, event: usize) -> u64 {
        self.events[event].1.clock()
    }

    /// The place of an event by machine and tick.
    pub(crate) fn find(&self, machine: u32, tick: u64) -> usize {
        let is_it = |(it, record): &(u32, Record)| *it == machine && record.tick() == Some(tick);
        self.events.iter().position(is_it).unwrap()
    }
}

/// Of each event, those directly before it.
fn parents(events: &[(u32, Record)]) -> Vec<Vec<usize>> {
    let mut sends = BTreeMap::new();
    for (event, (from, record)) in events.iter().enumerate() {
        if let Record::Send(send) = record {
            for (&to, &seq) in send.to.iter().zip(&send.seq) {
                sends.insert((*from, to, seq), event);
            }
        }
    }
    let parents = events.iter().enumerate().map(|(event, (machine, record))| {
        let previous = event.checked_sub(1).filter(|&previous| events[previous].0 == *machine);
        let cause = match record {
            Record::Receive(receive) => sends.get(&(receive.from, *machine, receive.seq)).copied(),
            _ => None,
        };
        previous.into_iter().chain(cause).collect()
    });
    parents.collect()
}

fn close(event: usize, parents: &[Vec<usize>], past: &mut [Option<Vec<bool>>]) {
    let mut stack = vec![event];
    while let Some(&top) = stack.last() {
        if past[top].is_some() {
            stack.pop();
            continue;
        }
        let open: Vec<_> = parents[top].iter().filter(|&&it| past[it].is_none()).copied().collect();
        if !open.is_empty() {
            stack.extend(open);
            continue;
        }
        let mut closed = vec![false; parents.len()];
        for &parent in &parents[top] {
            closed[parent] = true;
            let of_parent = past[parent].as_ref().unwrap();
            closed.iter_mut().zip(of_parent).for_each(|(it, other)| *it |= other);
        }
        past[top] = Some(closed);
        stack.pop();
    }
}
