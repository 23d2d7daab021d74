//! What must hold in every state: of the logs, recomputed from them alone; of
//! what is on its way, held against the logs; and of the links.

use journal::Record;
use machine::Progress;
use stateright::Property;

use crate::closing;
use crate::history::{events, pasts, received, receives, sends};
use crate::link::{Forward, Link};
use crate::plan::Plan;
use crate::process::Process;
use crate::sight::Sight;
use crate::world::{World, index};

pub(crate) const C4: &str = "C4: a send's clock is less than its receive's";
pub(crate) const C5: &str = "C5: a clock is the length of its longest causal chain";
pub(crate) const STAMPS: &str = "a message carries its send's clock";
pub(crate) const SENT: &str = "a message is received only if it was sent";
pub(crate) const NO_FAULT: &str = "no fault arises between honest machines";
pub(crate) const MESSAGES_LOGGED: &str = "nothing leaves a machine before its record is in the log";
pub(crate) const COMES_ONCE: &str = "no message comes again after it has arrived";
pub(crate) const PROGRESS_LOGGED: &str = "what is said to be logged is in the log";
pub(crate) const FORGETS: &str = "a sender forgets only what is in the receiver's log";

/// The name of a law, and whether it holds.
pub(crate) type Law = (&'static str, fn(&Plan, &World) -> bool);

/// What must hold of the logs, whatever happened.
pub(crate) const OF_LOGS: [Law; 10] = [
    ("C1: an internal event or a send adds one to the clock", own_events_add_one),
    ("C2: a receive sets the clock to max(clock, stamp) + 1", receives_pass_the_stamp),
    ("C3: clocks rise, restarts included", clocks_rise),
    (C4, sends_precede_receives),
    (C5, clocks_are_chains),
    (STAMPS, stamps_are_of_sends),
    (SENT, received_was_sent),
    ("a message is received once", received_once),
    ("messages of a link are received first in, first out", first_in_first_out),
    ("the messages of a link are numbered 1, 2, 3, ...", numbered_from_one),
];

/// What must hold of links and of what is on its way.
const OF_LINKS: [Law; 6] = [
    (NO_FAULT, |_, world| world.fault.is_none()),
    (COMES_ONCE, |_, world| !world.seen.contains(Sight::Repeated)),
    (MESSAGES_LOGGED, messages_are_logged),
    (PROGRESS_LOGGED, progress_is_logged),
    ("no more is logged than arrived", logged_arrived),
    (FORGETS, forgets_only_logged),
];

/// Everything that must always hold.
pub(crate) fn properties() -> Vec<Property<Plan>> {
    let closing = [(closing::LAW, closing::holds as fn(&Plan, &World) -> bool)];
    let laws = OF_LOGS.into_iter().chain(OF_LINKS).chain(closing);
    laws.map(|(name, law)| Property::always(name, law)).collect()
}

/// Each event of a machine with the clock before it.
fn clocked(process: &Process) -> impl Iterator<Item = (u64, &Record)> {
    let mut clock = 0;
    events(process).map(move |record| (std::mem::replace(&mut clock, record.clock()), record))
}

fn each_event(world: &World, holds: impl Fn(u64, &Record) -> bool) -> bool {
    let mut processes = world.processes.iter();
    processes.all(|process| clocked(process).all(|(before, record)| holds(before, record)))
}

fn own_events_add_one(_: &Plan, world: &World) -> bool {
    each_event(world, |before, record| match record {
        Record::Internal(_) | Record::Send(_) => record.clock() == before + 1,
        _ => true,
    })
}

fn receives_pass_the_stamp(_: &Plan, world: &World) -> bool {
    each_event(world, |before, record| {
        received(record).is_none_or(|receive| receive.clock == before.max(receive.stamp) + 1)
    })
}

/// A start record carries the clock on; every event moves it up.
fn clocks_rise(_: &Plan, world: &World) -> bool {
    world.processes.iter().all(|process| {
        process.log.windows(2).all(|pair| match &*pair[1] {
            Record::Start(start) => start.clock == pair[0].clock(),
            event => event.clock() > pair[0].clock(),
        })
    })
}

fn each_link(world: &World, holds: impl Fn(&Link, &Process, &Process) -> bool) -> bool {
    world.links.iter().all(|link| {
        let (from, to) = (index(link.from), index(link.to));
        holds(link, &world.processes[from], &world.processes[to])
    })
}

/// Every receive whose send is in the log, as the clock of the one, the stamp and
/// the clock of the other.
fn each_message(world: &World, holds: impl Fn(u64, u64, u64) -> bool) -> bool {
    each_link(world, |link, sender, receiver| {
        receives(receiver, link.from).all(|receive| {
            let mut sends = sends(sender, link.to).filter(|(seq, _)| *seq == receive.seq);
            sends.all(|(_, send)| holds(send.clock, receive.stamp, receive.clock))
        })
    })
}

fn sends_precede_receives(_: &Plan, world: &World) -> bool {
    each_message(world, |send, _, receive| send < receive)
}

fn stamps_are_of_sends(_: &Plan, world: &World) -> bool {
    each_message(world, |send, stamp, _| send == stamp)
}

fn clocks_are_chains(_: &Plan, world: &World) -> bool {
    world.processes.iter().zip(pasts(world)).all(|(process, pasts)| {
        let clocks = events(process).map(Record::clock);
        clocks.eq(pasts.iter().map(|past| past.chain))
    })
}

fn received_was_sent(_: &Plan, world: &World) -> bool {
    each_link(world, |link, sender, receiver| {
        let was_sent = |seq| sends(sender, link.to).any(|(sent, _)| sent == seq);
        receives(receiver, link.from).all(|receive| was_sent(receive.seq))
    })
}

fn received_once(_: &Plan, world: &World) -> bool {
    each_link(world, |link, _, receiver| {
        let times = |seq| receives(receiver, link.from).filter(|other| other.seq == seq).count();
        receives(receiver, link.from).all(|receive| times(receive.seq) == 1)
    })
}

/// What was received is the beginning of what was sent.
fn first_in_first_out(_: &Plan, world: &World) -> bool {
    each_link(world, |link, sender, receiver| {
        let sent = sends(sender, link.to).map(|(seq, _)| seq);
        receives(receiver, link.from).map(|receive| receive.seq).zip(sent).all(|(a, b)| a == b)
    })
}

fn numbered_from_one(_: &Plan, world: &World) -> bool {
    each_link(world, |link, sender, _| {
        sends(sender, link.to).zip(1..).all(|((seq, _), number)| seq == number)
    })
}

fn messages_are_logged(_: &Plan, world: &World) -> bool {
    each_link(world, |link, sender, _| {
        let is_sent = |seq| sends(sender, link.to).any(|(sent, _)| sent == seq);
        let frames = link.connections.iter().flat_map(|connection| &connection.forward);
        frames.copied().all(|frame| match frame {
            Forward::Message { seq, .. } => is_sent(seq),
            Forward::Hello { .. } => true,
        })
    })
}

/// All that the receiver of a link says of it, or would say if it were asked.
fn each_progress(world: &World, holds: impl Fn(Progress, u64) -> bool) -> bool {
    each_link(world, |link, _, receiver| {
        let logged = receives(receiver, link.from).count() as u64;
        let frames = link.connections.iter().flat_map(|connection| &connection.back);
        let mut said = frames.map(|frame| frame.progress()).chain([receiver.progress(link.from)]);
        said.all(|progress| holds(progress, logged))
    })
}

fn progress_is_logged(_: &Plan, world: &World) -> bool {
    each_progress(world, |progress, logged| progress.logged <= logged)
}

fn logged_arrived(_: &Plan, world: &World) -> bool {
    each_progress(world, |progress, _| progress.logged <= progress.arrived)
}

fn forgets_only_logged(_: &Plan, world: &World) -> bool {
    each_link(world, |link, sender, receiver| {
        sender.forgotten(link.to) <= receives(receiver, link.from).count() as u64
    })
}
