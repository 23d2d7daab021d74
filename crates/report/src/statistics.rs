//! The figures of one machine, gathered record by record.

use std::sync::Arc;

use journal::{Rate, Receive, Record, Start, Stop, StopReason, Time};
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use shelf::{HalfLine, Pass, Rest, prefetch};

use crate::setup::Setup;

/// What the log of one machine amounts to so far.
///
/// Records are [pushed](Self::push) in the order of the log, while it grows or
/// once it is whole; none is kept. The figures are those of
/// the records, whether or not the records are right.
///
/// Fields stand in the order of their use: an internal event changes the first two lines
/// of a processor's cache, 64 bytes each, and whoever gathers the figures of a million
/// machines waits for nothing else.
#[derive(Clone, Debug, Default, PartialEq)]
#[repr(C, align(64))]
pub struct Statistics {
    /// The clock after the last record.
    pub clock: u64,
    /// Events of all kinds.
    pub ticks: u64,
    /// Events that received a message.
    pub receives: u64,
    /// Events that sent, to however many.
    pub sends: u64,
    /// Events that did neither.
    pub internals: u64,
    /// The number of the last event's tick, 0 before the first.
    pub last_tick: u64,
    /// The messages in the inbox after the last record.
    pub queue: u64,
    /// Why the machine stopped; none if the log does not end in a stop: it still
    /// runs, or it was killed.
    pub stop_reason: Option<StopReason>,

    /// The queue lengths after all ticks, added up.
    queue_sum: u128,
    /// The most messages in the inbox after any record.
    pub queue_max: u64,
    /// The largest jump, the first of them if there are several.
    pub jump_max: Option<Jump>,
    /// The time of the last record so far: when ticking ended, if it is a stop.
    pub end: Option<Time>,

    /// The last message that was received.
    pub last_read: Option<LastRead>,
    /// Messages sent: a send to two counts two.
    pub messages_sent: u64,
    /// Own messages not known to have arrived, as the last record says if it is
    /// a stop.
    pub in_flight: Option<u64>,
    /// The time of the first record.
    pub start: Option<Time>,
    /// Slots that were reached too late, as the stop records say; those of an
    /// incarnation that crashed are not known.
    pub missed: u64,
    /// Start records: 1, and one more for every restart.
    pub incarnations: u64,
    /// The time between an incarnation's last record and the next start, in all
    /// restarts together, in seconds.
    pub seconds_down: f64,
    /// The rate that the machine was set to, as the first start record says.
    pub rate: Option<Rate>,
    /// What it was set to beside.
    pub setup: Option<Arc<Setup>>,
    /// Its number, as that record says; 0 before.
    pub(crate) machine: u32,
}

/// What a tick did, as far as figures need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Instruction {
    /// An internal event.
    Internal,
    /// A send: one event, however many messages.
    Send {
        /// How many.
        messages: u64,
    },
    /// A receive.
    Receive {
        /// The sender.
        from: u32,
        /// The stamp that the message carries.
        stamp: u64,
    },
}

impl Instruction {
    /// That of a record; none for a start or a stop.
    fn of(record: &Record) -> Option<Self> {
        match record {
            Record::Internal(_) => Some(Self::Internal),
            Record::Send(send) => Some(Self::Send { messages: send.to.len() as u64 }),
            &Record::Receive(Receive { from, stamp, .. }) => Some(Self::Receive { from, stamp }),
            Record::Start(_) | Record::Stop(_) => None,
        }
    }
}

/// By how much a clock rose from one event to the next: 1 for internal events
/// and sends, more at a receive that catches up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Jump {
    /// By how much.
    pub size: u64,
    /// The number of the later event's tick.
    pub tick: u64,
    /// The sender of the message, if that event is a receive.
    pub from: Option<u32>,
}

/// A message that was received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LastRead {
    /// Its sender.
    pub from: u32,
    /// The stamp it carries.
    pub stamp: u64,
    /// The number of the tick that received it.
    pub tick: u64,
}

impl Statistics {
    /// The statistics of an empty log.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next record of the log into account.
    pub fn push(&mut self, record: &Record) {
        match (record, Instruction::of(record)) {
            (Record::Start(start), _) => self.push_start(start),
            (Record::Stop(stop), _) => self.push_stop(stop),
            (_, Some(instruction)) => self.push_event(
                record.time(),
                record.tick().unwrap_or(0),
                instruction,
                record.queue().unwrap_or(0),
                record.clock(),
            ),
            (_, None) => {}
        }
    }

    /// Takes an event into account, as [`push`](Self::push) does its record: at
    /// `time` tick `tick` did this, and left so many messages in the inbox and this
    /// clock.
    #[inline]
    pub fn push_event(
        &mut self,
        time: Time,
        tick: u64,
        instruction: Instruction,
        queue: u64,
        clock: u64,
    ) {
        let mut sender = None;
        match instruction {
            Instruction::Internal => self.internals += 1,
            Instruction::Send { messages } => {
                self.sends += 1;
                self.messages_sent += messages;
            }
            Instruction::Receive { from, stamp } => {
                self.receives += 1;
                self.last_read = Some(LastRead { from, stamp, tick });
                sender = Some(from);
            }
        }
        let size = clock.saturating_sub(self.clock);
        if self.jump_max.is_none_or(|largest| size > largest.size) {
            self.jump_max = Some(Jump { size, tick, from: sender });
        }
        self.go_on();
        self.ticks += 1;
        self.queue_sum += u128::from(queue);
        self.last_tick = tick;
        self.end_at(time, queue, clock);
    }

    /// From the first record to the last, in seconds; time spent down counts.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        match (self.start, self.end) {
            (Some(start), Some(end)) => end.seconds_since(start).max(0.0),
            _ => 0.0,
        }
    }

    /// How often the machine was started again.
    #[must_use]
    pub fn restarts(&self) -> u64 {
        self.incarnations.saturating_sub(1)
    }

    /// The messages that have reached the inbox: those read and those waiting.
    #[must_use]
    pub fn arrived(&self) -> u64 {
        self.receives.saturating_add(self.queue)
    }

    /// By how much the clock rises from event to event, on average over all
    /// events; none before the first.
    #[must_use]
    pub fn mean_jump(&self) -> Option<f64> {
        (self.ticks > 0).then(|| self.clock as f64 / self.ticks as f64)
    }

    /// The messages in the inbox after a tick, on average over all ticks; none
    /// before the first.
    #[must_use]
    pub fn mean_queue(&self) -> Option<f64> {
        (self.ticks > 0).then(|| self.queue_sum as f64 / self.ticks as f64)
    }

    /// Takes a start record into account, as [`push`](Self::push) does.
    pub fn push_start(&mut self, start: &Start) {
        if let Some(end) = self.end {
            self.seconds_down += start.time.seconds_since(end).max(0.0);
        }
        self.incarnations += 1;
        self.go_on();
        if self.incarnations == 1 {
            self.setup = Some(Arc::new(start.into()));
            self.rate = Some(start.rate);
            self.machine = start.machine;
        }
        // A start empties the inbox; it refills from the peers.
        self.end_at(start.time, 0, start.clock);
    }

    /// Takes a stop record into account, as [`push`](Self::push) does.
    pub fn push_stop(&mut self, stop: &Stop) {
        self.missed = self.missed.saturating_add(stop.missed);
        self.stop_reason = Some(stop.reason);
        self.in_flight = Some(stop.in_flight);
        self.end_at(stop.time, stop.queue, stop.clock);
    }

    /// The last record so far is of this time, and leaves this queue and clock.
    #[inline]
    fn end_at(&mut self, time: Time, queue: u64, clock: u64) {
        // By the end, which is there as soon as the start: it is in the lines that change.
        if self.end.is_none() {
            self.start = Some(time);
        }
        self.end = Some(time);
        self.queue = queue;
        self.queue_max = self.queue_max.max(queue);
        self.clock = clock;
    }

    /// A record that is not a stop: if there was one, it was not the last.
    #[inline]
    fn go_on(&mut self) {
        if self.stop_reason.is_some() {
            self.stop_reason = None;
            self.in_flight = None;
        }
    }
}

/// Without what the machine was set to, which it shares with others: whoever keeps many
/// keeps that.
impl Rest for Statistics {
    type Common = ();
    type Alignment = HalfLine;

    fn blank((): &(), _: usize) -> Self {
        Self::new()
    }

    fn renumber(&mut self, _: usize) {
        self.setup = None;
    }

    fn pass(&mut self, through: &mut impl Pass) {
        let often = [self.clock, self.ticks, self.receives, self.sends, self.internals];
        [self.clock, self.ticks, self.receives, self.sends, self.internals] =
            through.numbers(often);
        let often = [self.last_tick, self.queue, self.queue_max, self.messages_sent];
        [self.last_tick, self.queue, self.queue_max, self.messages_sent] = through.numbers(often);
        let sum = [self.queue_sum as u64, (self.queue_sum >> u64::BITS) as u64];
        let [low, high] = through.numbers(sum);
        self.queue_sum = u128::from(high) << u64::BITS | u128::from(low);
        let seldom = [self.missed, self.incarnations, self.seconds_down.to_bits()];
        let [missed, incarnations, seconds_down] = through.numbers(seldom);
        self.seconds_down = f64::from_bits(seconds_down);
        (self.missed, self.incarnations) = (missed, incarnations);
        self.machine = through.id(self.machine);
        self.in_flight = through.option(self.in_flight, |through, number| {
            let [number] = through.numbers([number.unwrap_or_default()]);
            number
        });
        self.stop_reason = through.option(self.stop_reason, |through, reason| {
            let [reason] = through.numbers([reason.map_or(0, |reason| reason as u64)]);
            [StopReason::Duration, StopReason::Signal, StopReason::Fault][reason as usize]
        });
        self.start = through.option(self.start, pass_time);
        self.end = through.option(self.end, pass_time);
        self.rate = through.option(self.rate, |through, rate| {
            let per_second = rate.and_then(Rate::per_second);
            let per_second = through
                .option(per_second, |through, number| through.real(number.unwrap_or_default()));
            per_second.map_or(Rate::Max, Rate::PerSecond)
        });
        self.jump_max = through.option(self.jump_max, |through, jump| {
            let Jump { size, tick, from } = jump.unwrap_or_default();
            let [size, tick] = through.numbers([size, tick]);
            let from = through.option(from, |through, id| through.id(id.unwrap_or_default()));
            Jump { size, tick, from }
        });
        self.last_read = through.option(self.last_read, |through, last| {
            let LastRead { from, stamp, tick } = last.unwrap_or_default();
            let [stamp, tick] = through.numbers([stamp, tick]);
            LastRead { from: through.id(from), stamp, tick }
        });
    }

    #[inline]
    fn recall(&self) {
        prefetch(&self.clock);
        prefetch(&self.queue_max);
    }
}

fn pass_time(through: &mut impl Pass, time: Option<Time>) -> Time {
    let micros = time.map_or(0, Time::as_micros);
    Time::from_micros(through.large_number(micros as u64) as i64)
}

/// In the order in which people read them.
impl Serialize for Statistics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Statistics", 17)?;
        fields.serialize_field("start", &self.start)?;
        fields.serialize_field("end", &self.end)?;
        fields.serialize_field("stop_reason", &self.stop_reason)?;
        fields.serialize_field("incarnations", &self.incarnations)?;
        fields.serialize_field("seconds_down", &self.seconds_down)?;
        fields.serialize_field("ticks", &self.ticks)?;
        fields.serialize_field("receives", &self.receives)?;
        fields.serialize_field("sends", &self.sends)?;
        fields.serialize_field("internals", &self.internals)?;
        fields.serialize_field("messages_sent", &self.messages_sent)?;
        fields.serialize_field("missed", &self.missed)?;
        fields.serialize_field("clock", &self.clock)?;
        fields.serialize_field("jump_max", &self.jump_max)?;
        fields.serialize_field("queue", &self.queue)?;
        fields.serialize_field("queue_max", &self.queue_max)?;
        fields.serialize_field("in_flight", &self.in_flight)?;
        fields.serialize_field("last_read", &self.last_read)?;
        fields.end()
    }
}

#[cfg(test)]
mod tests {
    use std::hint::black_box;
    use std::mem::offset_of;

    use journal::{Stop, StopReason, Time};
    use proptest::prelude::*;
    use shelf::Shelf;

    use super::{Instruction, Statistics};

    fn numbers() -> impl Strategy<Value = u64> {
        prop_oneof![0..300_u64, any::<u64>().prop_map(|it| it / 1000)]
    }

    fn instruction() -> impl Strategy<Value = Instruction> {
        prop_oneof![
            Just(Instruction::Internal),
            numbers().prop_map(|messages| Instruction::Send { messages }),
            (any::<u32>(), numbers())
                .prop_map(|(from, stamp)| Instruction::Receive { from, stamp }),
        ]
    }

    fn stop() -> impl Strategy<Value = Stop> {
        let reasons = vec![StopReason::Duration, StopReason::Signal, StopReason::Fault];
        let counts = (numbers(), numbers(), numbers(), numbers(), numbers());
        (any::<i32>(), prop::sample::select(reasons), counts).prop_map(
            |(micros, reason, (ticks, missed, queue, in_flight, clock))| {
                let time = Time::from_micros(micros.into());
                Stop { time, reason, ticks, missed, queue, in_flight, clock }
            },
        )
    }

    prop_compose! {
        fn statistics()(
            events in prop::collection::vec((any::<i32>(), instruction(), numbers(), numbers()), 0..20),
            stop in prop::option::of(stop()),
        ) -> Statistics {
            let mut statistics = Statistics::new();
            for (tick, (micros, instruction, queue, clock)) in (1..).zip(events) {
                let time = Time::from_micros(micros.into());
                statistics.push_event(time, tick, instruction, queue, clock);
            }
            if let Some(stop) = &stop {
                statistics.push_stop(stop);
            }
            statistics
        }
    }

    proptest! {
        /// Each comes out of what another one was.
        #[test]
        fn figures_come_out_as_they_were_put_in(
            statistics in prop::collection::vec(statistics(), 2..5),
        ) {
            let shelf = Shelf::<_, 8>::new((), statistics.clone().into_iter(), 0);
            for index in 0..shelf.len() {
                black_box(&shelf[index]);
            }
            prop_assert_eq!(shelf.into_vec(), statistics);
        }
    }

    #[test]
    fn an_internal_event_changes_the_first_two_lines_of_the_cache_alone() {
        assert_eq!(offset_of!(Statistics, queue_sum), 64);
        assert_eq!(offset_of!(Statistics, last_read), 128);
    }
}
