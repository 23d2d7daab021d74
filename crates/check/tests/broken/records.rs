//! Finds the records of a log that are to be changed.

use journal::{Internal, Receive, Record, Send, Start, Stop, Time};

use crate::run::Log;

/// Iterators over the records of one kind.
macro_rules! of_kind {
    ($($name:ident: $kind:ident),+ $(,)?) => {
        $(pub(crate) fn $name(log: &mut Log) -> impl DoubleEndedIterator<Item = &mut $kind> {
            log.iter_mut().filter_map(|record| match record {
                // A start lies in a box.
                Record::$kind(it) => Some::<&mut $kind>(it),
                _ => None,
            })
        })+
    };
}

of_kind! {
    starts: Start,
    internals: Internal,
    sends: Send,
    receives: Receive,
    stops: Stop,
}

/// The stop record that ends the log.
pub(crate) fn stop(log: &mut Log) -> &mut Stop {
    stops(log).next_back().unwrap()
}

/// Where the record of `tick` stands.
pub(crate) fn place(log: &Log, tick: u64) -> usize {
    log.iter().position(|record| record.tick() == Some(tick)).unwrap()
}

/// The receive at `tick`.
pub(crate) fn receive(log: &mut Log, tick: u64) -> &mut Receive {
    receives(log).find(|receive| receive.tick == tick).unwrap()
}

/// The internal event at `tick`.
pub(crate) fn internal(log: &mut Log, tick: u64) -> &mut Internal {
    internals(log).find(|internal| internal.tick == tick).unwrap()
}

/// Lets an internal event at `tick` be a receive of `message` instead.
pub(crate) fn receive_instead(log: &mut Log, tick: u64, message: Receive) {
    let &mut Internal { time, queue, .. } = internal(log, tick);
    let clock = internal(log, tick).clock.max(message.stamp + 1);
    let place = place(log, tick);
    log[place] = Record::Receive(Receive { time, tick, queue, clock, ..message });
}

/// Forgets where the draws come from, as an implementation does that has a
/// generator of its own.
pub(crate) fn with_own_generator(log: &mut Log) {
    for start in starts(log) {
        start.seed = None;
        start.generator = None;
    }
}

/// The clock of a record, to be changed.
pub(crate) fn clock(record: &mut Record) -> &mut u64 {
    match record {
        Record::Start(it) => &mut it.clock,
        Record::Internal(it) => &mut it.clock,
        Record::Send(it) => &mut it.clock,
        Record::Receive(it) => &mut it.clock,
        Record::Stop(it) => &mut it.clock,
    }
}

/// The tick of a record, to be changed; of a stop, the last one.
pub(crate) fn tick(record: &mut Record) -> Option<&mut u64> {
    match record {
        Record::Start(_) => None,
        Record::Internal(it) => Some(&mut it.tick),
        Record::Send(it) => Some(&mut it.tick),
        Record::Receive(it) => Some(&mut it.tick),
        Record::Stop(it) => Some(&mut it.ticks),
    }
}

/// The time of a record, to be changed.
pub(crate) fn time(record: &mut Record) -> &mut Time {
    match record {
        Record::Start(it) => &mut it.time,
        Record::Internal(it) => &mut it.time,
        Record::Send(it) => &mut it.time,
        Record::Receive(it) => &mut it.time,
        Record::Stop(it) => &mut it.time,
    }
}
