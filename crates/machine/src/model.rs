//! The model machine: an inbox, a Lamport clock, one instruction a tick.
//!
//! This is the whole experiment. It knows of no connection and no log; that its
//! messages travel at all, and only once their send is in the log, is the
//! business of the links around it.

use std::collections::VecDeque;
use std::ops::Range;

use clock::{LamportClock, Overflow};
use shelf::Pass;
use smallvec::SmallVec;

use crate::MachineId;

/// Messages in an inbox at which its machine stops reading from its links.
pub const INBOX_MESSAGES_MAX: usize = 1 << 20;

/// How far ahead of the receiver's clock, and how near to the top of u64, a
/// stamp may not be.
pub const STAMP_LEAD_MAX: u64 = 1 << 32;

/// Something for each neighbour, with room in itself for as many as most machines have.
pub(crate) type PerNeighbour<T> = SmallVec<[T; 2]>;

/// A message as it lies in the inbox of its receiver.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Message {
    /// Its sender.
    pub from: MachineId,
    /// Its number on the link from that sender, counted from 1.
    pub seq: u64,
    /// The sender's clock.
    pub stamp: u64,
}

/// Which of a sender's clock values its messages carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StampRule {
    /// The clock after the send's own increment: IR2a, the rule that keeps the
    /// clock condition.
    #[default]
    After,
    /// The clock before it: a common misreading, which breaks C(send) <
    /// C(receive). Here to be watched.
    Before,
}

/// What one tick did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'a> {
    /// The number of the tick, counted from 1 over the machine's whole life.
    pub tick: u64,
    /// The event it was.
    pub event: Event<'a>,
    /// The messages left in the inbox.
    pub queue: u64,
    /// The clock after the event.
    pub clock: u64,
}

/// The instruction that a tick carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// One message was taken off the inbox.
    Receive(Message),
    /// The inbox was empty and the draw said to send.
    Send {
        /// The draw: 1, 2 or 3.
        draw: u64,
        /// The stamp that every message of this event carries.
        stamp: u64,
        /// To whom, in neighbour order.
        recipients: &'a [Recipient],
    },
    /// The inbox was empty and the draw said not to send.
    Internal {
        /// The draw: more than 3.
        draw: u64,
    },
}

/// A neighbour that a message goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Recipient {
    /// The neighbour.
    pub to: MachineId,
    /// The number of the message on the link to it, counted from 1.
    pub seq: u64,
}

/// A model machine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[repr(C)]
pub struct Machine {
    clock: LamportClock,
    ticks: u64,
    inbox: VecDeque<Message>,
    stamp_rule: StampRule,
    /// Each neighbour with the number of the last message to it.
    neighbours: PerNeighbour<Recipient>,
}

impl Machine {
    /// A machine before its first tick, connected to `neighbours` in that order.
    #[must_use]
    pub fn new(neighbours: impl IntoIterator<Item = MachineId>, stamp_rule: StampRule) -> Self {
        Self {
            clock: LamportClock::new(),
            inbox: VecDeque::new(),
            ticks: 0,
            stamp_rule,
            neighbours: neighbours.into_iter().map(|to| Recipient { to, seq: 0 }).collect(),
        }
    }

    /// Puts a message into the inbox. The clock does not move: a message is
    /// received when a tick takes it off again.
    #[inline]
    pub fn deliver(&mut self, message: Message) {
        self.inbox.push_back(message);
    }

    /// Carries out one instruction: receives the oldest message of the inbox, or,
    /// if there is none, does what `draw` says. 1 sends to the first neighbour, 2
    /// to the second (the only one, if there is one), 3 to all of them; a higher
    /// draw is an internal event. Whatever it is, it is one event.
    ///
    /// # Errors
    /// [`Overflow`] if the clock cannot advance; then nothing changed.
    #[inline(always)]
    pub fn tick(&mut self, draw: u64) -> Result<Step<'_>, Overflow> {
        let tick = self.ticks + 1;
        let event = match self.inbox.front() {
            Some(&message) => {
                self.clock.receive(message.stamp)?;
                self.inbox.pop_front();
                Event::Receive(message)
            }
            None => {
                let before = self.clock.time();
                let after = self.clock.event()?;
                match recipients(&mut self.neighbours, draw) {
                    [] => Event::Internal { draw },
                    recipients => {
                        recipients.iter_mut().for_each(|recipient| recipient.seq += 1);
                        let stamp = match self.stamp_rule {
                            StampRule::After => after,
                            StampRule::Before => before,
                        };
                        Event::Send { draw, stamp, recipients }
                    }
                }
            }
        };
        self.ticks = tick;
        Ok(Step { tick, event, queue: self.inbox.len() as u64, clock: self.clock.time() })
    }

    /// Forgets the inbox, as a crash does. Clock, ticks and numbers stay: they
    /// are in the log.
    pub fn lose_inbox(&mut self) {
        self.inbox.clear();
    }

    /// The clock.
    #[inline]
    #[must_use]
    pub fn clock(&self) -> u64 {
        self.clock.time()
    }

    /// The number of the last tick, 0 before the first.
    #[inline]
    #[must_use]
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// The neighbour at this place of their order, counted from 0.
    #[inline]
    pub(crate) fn neighbour_at(&self, place: usize) -> MachineId {
        self.neighbours[place].to
    }

    /// The messages in the inbox.
    #[inline]
    #[must_use]
    pub fn queue(&self) -> usize {
        self.inbox.len()
    }

    /// Has other neighbours, as many as before.
    pub(crate) fn meet(&mut self, neighbours: impl Iterator<Item = MachineId>) {
        self.neighbours.iter_mut().zip(neighbours).for_each(|(neighbour, to)| neighbour.to = to);
    }

    /// All but its neighbours by which it may differ from other machines.
    pub(crate) fn pass(&mut self, through: &mut impl Pass) {
        let own = [self.clock.time(), self.ticks, self.inbox.len() as u64];
        let [time, ticks, queue] = through.numbers(own);
        self.clock = LamportClock::at(time);
        self.ticks = ticks;
        let blank = Message { from: MachineId::new(1), seq: 0, stamp: 0 };
        through.queue(&mut self.inbox, queue, blank, |through, message| {
            let Message { from, seq, stamp } = *message;
            let from = MachineId::new(through.id(from.get()));
            let [seq, stamp] = through.numbers([seq, stamp]);
            *message = Message { from, seq, stamp };
        });
        for neighbour in &mut self.neighbours {
            [neighbour.seq] = through.numbers([neighbour.seq]);
        }
    }
}

/// Those of the neighbours that a draw sends to. Most draws send to none, and look at none.
#[inline]
fn recipients(neighbours: &mut PerNeighbour<Recipient>, draw: u64) -> &mut [Recipient] {
    match draw {
        1..=3 => {
            let degree = neighbours.len();
            &mut neighbours[addressed(draw, degree)]
        }
        _ => &mut [],
    }
}

/// Those of so many neighbours, in their order, that a draw sends to: always a run
/// of them.
#[inline]
pub(crate) fn addressed(draw: u64, neighbours: usize) -> Range<usize> {
    match draw {
        1 => 0..neighbours.min(1),
        2 if neighbours > 1 => 1..2,
        2 | 3 => 0..neighbours,
        _ => 0..0,
    }
}
