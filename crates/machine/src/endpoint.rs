//! A machine together with its links: what a driver drives.

use std::ops::Range;

use clock::Overflow;
use shelf::Pass;
use smallvec::smallvec;
use thiserror::Error;

use crate::link::{Incoming, LinkFault, Outgoing};
use crate::model::{
    Event, INBOX_MESSAGES_MAX, Machine, Message, PerNeighbour, STAMP_LEAD_MAX, StampRule, Step,
    addressed,
};
use crate::topology::{MachineId, Topology};

/// A machine and the links to and from its neighbours.
///
/// A driver carries inputs to it and effects away from it. What it owes the
/// endpoint is one promise: to call [`commit`](Self::commit) only when the
/// records of all steps so far are in the log. The endpoint sees to the rest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Endpoint {
    id: MachineId,
    machines: u32,
    topology: Topology,
    /// Whether any link has ever been saturated: if not, nobody need look.
    has_saturated: bool,
    uncommitted: Uncommitted,
    machine: Machine,
    links: PerNeighbour<Links>,
}

/// The links to and from a neighbour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Links {
    outgoing: Outgoing,
    incoming: Incoming,
}

/// What is [`Touched`], in half the room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Uncommitted {
    sent: Range<u32>,
    received: Range<u32>,
}

/// Where steps left something that waits for a commit: on some of the links in these
/// ranges, and on no others. Links are counted from 0, in the order of the neighbours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Touched {
    /// Links out, with messages to be transmitted.
    pub sent: Range<usize>,
    /// Links in, with receipts to be acknowledged as logged.
    pub received: Range<usize>,
}

/// What became of a message that came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// It lies in the inbox.
    Taken,
    /// It had arrived before, and was dropped.
    Repeated,
}

impl Endpoint {
    /// Machine `id` of `machines`, before its first tick.
    #[must_use]
    pub fn new(id: MachineId, machines: u32, topology: Topology, stamp_rule: StampRule) -> Self {
        let neighbours = topology.neighbours(id, machines);
        Self {
            id,
            machines,
            topology,
            links: smallvec![Links::default(); neighbours.len()],
            machine: Machine::new(neighbours, stamp_rule),
            uncommitted: Uncommitted::default(),
            has_saturated: false,
        }
    }

    /// Carries out one instruction, as [`Machine::tick`] does. Its messages, and
    /// the acknowledgement of what it received, wait for [`commit`](Self::commit).
    ///
    /// # Errors
    /// [`Overflow`] if the clock cannot advance; then nothing changed.
    #[inline(always)]
    pub fn tick(&mut self, draw: u64) -> Result<Step<'_>, Overflow> {
        let step = self.machine.tick(draw)?;
        match step.event {
            Event::Receive(Message { from, seq, .. }) => {
                if let Some(link) = self.topology.position(self.id, self.machines, from) {
                    self.links[link].incoming.receive(seq);
                    widen(&mut self.uncommitted.received, link..link + 1);
                }
            }
            Event::Send { draw, stamp, recipients } => {
                let links = addressed(draw, self.links.len());
                for (link, recipient) in self.links[links.clone()].iter_mut().zip(recipients) {
                    link.outgoing.push(recipient.seq, stamp);
                    self.has_saturated |= link.outgoing.is_saturated();
                }
                widen(&mut self.uncommitted.sent, links);
            }
            Event::Internal { .. } => {}
        }
        Ok(step)
    }

    /// The records of all steps so far are in the log: what follows from them may
    /// leave the machine. Gives on which links that may be something.
    #[inline]
    pub fn commit(&mut self) -> Touched {
        let Uncommitted { sent, received } = std::mem::take(&mut self.uncommitted);
        let wide = |range: Range<u32>| range.start as usize..range.end as usize;
        let touched = Touched { sent: wide(sent), received: wide(received) };
        touched.sent.clone().for_each(|link| self.links[link].outgoing.commit());
        touched.received.clone().for_each(|link| self.links[link].incoming.commit());
        touched
    }

    /// A message came in on the link from `from`.
    ///
    /// # Errors
    /// [`MessageFault`]; then nothing changed, and the connection must be closed.
    #[inline]
    pub fn arrive(&mut self, message: Message) -> Result<Arrival, MessageFault> {
        let link = self.position(message.from).ok_or(MessageFault::Stranger(message.from))?;
        self.check_stamp(message.stamp)?;
        if !self.links[link].incoming.arrive(message.seq)? {
            return Ok(Arrival::Repeated);
        }
        self.machine.deliver(message);
        Ok(Arrival::Taken)
    }

    /// Puts a message into the inbox past its link: for the replay of a log,
    /// which knows the order of receipts and no connections.
    pub fn deliver(&mut self, message: Message) {
        self.machine.deliver(message);
    }

    /// A new incarnation begins with what the log holds: the inbox is empty, no
    /// connection is up, and all that was sent may have left the machine.
    pub fn begin_incarnation(&mut self) {
        self.machine.lose_inbox();
        self.uncommitted = Uncommitted::default();
        for Links { outgoing, incoming } in &mut self.links {
            outgoing.begin_incarnation();
            incoming.begin_incarnation();
        }
    }

    /// The link to `peer`; none if it is no neighbour.
    #[inline]
    pub fn outgoing(&mut self, peer: MachineId) -> Option<&mut Outgoing> {
        self.position(peer).map(|link| &mut self.links[link].outgoing)
    }

    /// The link from `peer`; none if it is no neighbour.
    #[inline]
    pub fn incoming(&mut self, peer: MachineId) -> Option<&mut Incoming> {
        self.position(peer).map(|link| &mut self.links[link].incoming)
    }

    /// The neighbour whose links [`Touched`] counts as `link`.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    #[must_use]
    pub fn neighbour_at(&self, link: usize) -> MachineId {
        self.machine.neighbour_at(link)
    }

    /// The link out that [`Touched`] counts as `link`.
    ///
    /// # Panics
    /// If there are not so many.
    #[inline]
    pub fn outgoing_at(&mut self, link: usize) -> &mut Outgoing {
        &mut self.links[link].outgoing
    }

    /// The machine.
    #[inline]
    #[must_use]
    pub fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Its number.
    #[must_use]
    pub fn id(&self) -> MachineId {
        self.id
    }

    /// Own messages not known to have arrived.
    #[must_use]
    pub fn in_flight(&self) -> u64 {
        self.links.iter().map(|it| it.outgoing.in_flight()).sum()
    }

    /// Whether the inbox has no room: its driver must not read on.
    #[inline]
    #[must_use]
    pub fn inbox_is_full(&self) -> bool {
        self.machine.queue() >= INBOX_MESSAGES_MAX
    }

    /// Whether some link holds so many unlogged messages that its driver must not
    /// tick.
    #[inline]
    #[must_use]
    pub fn is_saturated(&self) -> bool {
        self.has_saturated && self.links.iter().any(|it| it.outgoing.is_saturated())
    }

    /// Takes the number of another machine of the same run, to become that machine by a
    /// [pass](Self::pass).
    pub fn renumber(&mut self, id: MachineId) {
        self.id = id;
        let Self { topology, machines, machine, .. } = self;
        machine.meet(topology.neighbours(id, *machines));
    }

    /// All but its number by which this machine and its links may differ from others of the
    /// same run, so that they can be put away and come back.
    pub fn pass(&mut self, through: &mut impl Pass) {
        let Uncommitted { sent, received } = &self.uncommitted;
        let ends = [sent.start, sent.end, received.start, received.end];
        let ends = through.numbers(ends.map(u64::from)).map(|end| end as u32);
        let [first_sent, after_sent, first_received, after_received] = ends;
        self.uncommitted =
            Uncommitted { sent: first_sent..after_sent, received: first_received..after_received };
        let [has_saturated] = through.numbers([self.has_saturated.into()]);
        self.has_saturated = has_saturated != 0;
        self.machine.pass(through);
        for Links { outgoing, incoming } in &mut self.links {
            outgoing.pass(through);
            incoming.pass(through);
        }
    }

    #[inline]
    fn position(&self, peer: MachineId) -> Option<usize> {
        self.topology.position(self.id, self.machines, peer)
    }

    #[inline]
    fn check_stamp(&self, stamp: u64) -> Result<(), MessageFault> {
        let clock = self.machine.clock();
        if stamp > u64::MAX - STAMP_LEAD_MAX {
            return Err(MessageFault::StampNearTop { stamp });
        }
        if stamp > clock.saturating_add(STAMP_LEAD_MAX) {
            return Err(MessageFault::StampAhead { stamp, clock });
        }
        Ok(())
    }
}

/// Makes a range hold another one, too.
#[inline]
fn widen(range: &mut Range<u32>, other: Range<usize>) {
    let other = other.start as u32..other.end as u32;
    if Range::is_empty(range) {
        *range = other;
    } else if !other.is_empty() {
        *range = range.start.min(other.start)..range.end.max(other.end);
    }
}

/// A message that the link refuses. The connection must be closed; the link
/// itself is unharmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum MessageFault {
    /// Its sender is no neighbour.
    #[error("machine {0} is no neighbour")]
    Stranger(MachineId),
    /// It does not fit the link.
    #[error(transparent)]
    Link(#[from] LinkFault),
    /// Its stamp is so near to the top of u64 that clocks could overflow.
    #[error("the stamp {stamp} is within 2^32 of the largest that a clock can hold")]
    StampNearTop {
        /// The stamp.
        stamp: u64,
    },
    /// Its stamp is further ahead than an honest clock gets.
    #[error("the stamp {stamp} is more than 2^32 ahead of the clock, {clock}")]
    StampAhead {
        /// The stamp.
        stamp: u64,
        /// The receiver's clock.
        clock: u64,
    },
}
