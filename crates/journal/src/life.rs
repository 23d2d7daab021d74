//! The life of one machine, lived once more: what its code does with the inputs
//! that the log fixes, held against what the log says that it did.

use std::io::{BufRead, Seek};

use machine::draw::{self, Draws};
use machine::{Endpoint, Event, INBOX_MESSAGES_MAX, MachineId, Message};

use crate::ahead::Ahead;
use crate::misfit::Misfit;
use crate::record::{FORMAT, Receive, Record, Start, Stop};
use crate::redrive::Terms;
use crate::terms::Pacing;
use crate::time::Time;

/// The most machines that a log may speak of.
const MACHINES_MAX: u32 = 1 << 20;

/// The longest queue that a log may speak of: a full inbox, and what was being
/// read when it filled.
const QUEUE_MAX: u64 = 2 * INBOX_MESSAGES_MAX as u64;

/// Who has it that a record must be another.
const CODE: &str = "the machine's code gives";

#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) endpoint: Endpoint,
    pub(crate) first_start: Start,
    /// The time of the last record.
    pub(crate) last_time: Time,
    /// The stop record, if the incarnation has ended in good order.
    pub(crate) stop: Option<Stop>,
    pub(crate) incarnations: u32,
    /// Records that came out the same.
    pub(crate) records: u64,
    /// None if the generator is not known.
    draws: Option<Draws>,
}

impl Life {
    /// The life that the first start record begins.
    pub(crate) fn begin(start: &Start, terms: Terms) -> Result<Self, Misfit> {
        check_model(start)?;
        let expected = Record::from(first_start(start, terms));
        let found = Record::from(start.clone());
        Misfit::unless_same("the first start must have", &expected, &found)?;
        let id = MachineId::new(start.machine);
        Ok(Self {
            endpoint: Endpoint::new(id, start.machines, start.topology.into(), start.stamp.into()),
            first_start: start.clone(),
            last_time: start.time,
            stop: None,
            incarnations: 1,
            records: 1,
            draws: known_seed(start).map(|seed| Draws::new(seed, id, start.draw_max)),
        })
    }

    /// Another incarnation.
    pub(crate) fn start(&mut self, start: &Start) -> Result<(), Misfit> {
        let clock = self.endpoint.machine().clock();
        let next = self.first_start.clone().after(self.incarnations, clock);
        let phase = if is_whole_period(start, next.phase) { start.phase } else { next.phase };
        let expected = Record::from(Start { time: start.time, phase, ..next });
        Misfit::unless_same("the log so far gives", &expected, &Record::from(start.clone()))?;
        self.endpoint.begin_incarnation();
        self.incarnations += 1;
        self.last_time = start.time;
        self.records += 1;
        self.stop = None;
        Ok(())
    }

    /// Any other record.
    pub(crate) fn record<R: BufRead + Seek>(
        &mut self,
        record: &Record,
        ahead: &mut Ahead<R>,
    ) -> Result<(), Misfit> {
        if self.stop.is_some() {
            return Err(Misfit::new("a record follows the stop record", "a start record"));
        }
        match record {
            Record::Stop(stop) => self.stop(stop)?,
            Record::Receive(receive) => {
                self.check_link(receive)?;
                self.arrive(receive, ahead)?;
                self.tick(record)?;
            }
            _ => self.tick(record)?,
        }
        self.last_time = record.time();
        self.records += 1;
        Ok(())
    }

    /// Whether the seed gives the draws; if not, they are the log's.
    pub(crate) fn is_seeded(&self) -> bool {
        self.draws.is_some()
    }

    /// The receive must be the next of its link.
    fn check_link(&mut self, receive: &Receive) -> Result<(), Misfit> {
        let &Receive { from, seq, .. } = receive;
        let link = (from > 0).then(|| self.endpoint.incoming(MachineId::new(from))).flatten();
        let Some(due) = link.map(|link| link.received() + 1) else {
            let reason = format!("machine {from} is no neighbour");
            return Err(Misfit::new(reason, "a receive from a neighbour"));
        };
        if seq == due {
            return Ok(());
        }
        let reason = format!("message {seq} from {from} came where message {due} was due");
        let expected = Record::Receive(Receive { seq: due, ..receive.clone() });
        Err(Misfit::new(reason, expected.to_json()))
    }

    /// Lets arrive what has arrived by a tick that receives one message and leaves
    /// `queue` in the inbox: it and what comes after it, as far as the log receives
    /// it; of the rest only the number matters.
    fn arrive<R: BufRead + Seek>(
        &mut self,
        receive: &Receive,
        ahead: &mut Ahead<R>,
    ) -> Result<(), Misfit> {
        check_queue(receive.queue)?;
        let placeholder = Message { from: self.endpoint.id(), seq: 0, stamp: 0 };
        if self.queue() == 0 {
            self.endpoint.deliver(message(receive).unwrap_or(placeholder));
        }
        while self.queue() <= receive.queue {
            let next = ahead.next_receive().as_ref().and_then(message);
            self.endpoint.deliver(next.unwrap_or(placeholder));
        }
        Ok(())
    }

    fn tick(&mut self, record: &Record) -> Result<(), Misfit> {
        let draw = match (&mut self.draws, record) {
            (Some(draws), _) => draws.of_tick(self.endpoint.machine().ticks() + 1),
            (None, Record::Internal(internal)) => internal.draw,
            (None, Record::Send(send)) => send.draw,
            (None, _) => 0,
        };
        let step = self
            .endpoint
            .tick(draw)
            .map_err(|overflow| Misfit::new(overflow.to_string(), "no more ticks"))?;
        let is_placeholder = matches!(step.event, Event::Receive(Message { seq: 0, .. }));
        Misfit::unless_same(CODE, &Record::of_step(&step, record.time()), record).map_err(
            |misfit| match is_placeholder {
                true => misfit.expecting("a receive of what the inbox held"),
                false => misfit,
            },
        )
    }

    fn stop(&mut self, stop: &Stop) -> Result<(), Misfit> {
        check_queue(stop.queue)?;
        let machine = self.endpoint.machine();
        let (ticks, clock, queue) =
            (machine.ticks(), machine.clock(), self.queue().max(stop.queue));
        let expected = Record::Stop(Stop { ticks, clock, queue, ..stop.clone() });
        Misfit::unless_same(CODE, &expected, &Record::Stop(stop.clone()))?;
        self.stop = Some(stop.clone());
        Ok(())
    }

    fn queue(&self) -> u64 {
        self.endpoint.machine().queue() as u64
    }
}

/// A start that no machine could have is refused before a machine is made of it.
fn check_model(start: &Start) -> Result<(), Misfit> {
    let &Start { machine, machines, draw_max, .. } = start;
    let refuse = |reason, expected: String| Err(Misfit::new(reason, expected));
    if start.log != FORMAT {
        let reason = format!("the format is {}, not {FORMAT}", start.log);
        return refuse(reason, format!("log {FORMAT}"));
    }
    if !(2..=MACHINES_MAX).contains(&machines) {
        let reason = format!("{machines} machines: there are 2 to {MACHINES_MAX}");
        return refuse(reason, format!("machines from 2 to {MACHINES_MAX}"));
    }
    if machine == 0 || machine > machines {
        return refuse(
            format!("machine {machine} of {machines}"),
            format!("machine from 1 to {machines}"),
        );
    }
    if draw_max == 0 {
        return refuse("draw_max is 0".to_owned(), "draw_max of 1 or more".to_owned());
    }
    Ok(())
}

/// What the first start record should say, as far as that is known.
fn first_start(start: &Start, terms: Terms) -> Start {
    let id = MachineId::new(start.machine);
    let phase = terms.phase.zip(known_seed(start));
    let phase = phase.map(|(phase, seed)| Start::first_phase(phase, start.rate, seed, id));
    Start {
        machine: terms.machine.unwrap_or(start.machine),
        incarnation: 1,
        clock: 0,
        phase: phase.filter(|phase| !is_near(start, *phase)).unwrap_or(start.phase),
        ..start.clone()
    }
}

/// The seed, if what it gives is known.
fn known_seed(start: &Start) -> Option<u64> {
    start.seed.filter(|_| start.generator.as_deref() == Some(draw::GENERATOR))
}

/// After a restart the phase is a whole period. A burst has another one, too: that
/// of its seconds.
fn is_whole_period(start: &Start, period: f64) -> bool {
    is_near(start, period) || (start.pacing == Pacing::Burst && is_near(start, 1.0))
}

/// Whether the phase is this one, to the microsecond that logs write times by.
/// Without a rate it means nothing.
fn is_near(start: &Start, phase: f64) -> bool {
    let period = start.rate.per_second().map(|rate| 1.0 / rate);
    period.is_none_or(|period| (start.phase - phase).abs() <= 1.001e-6 + period * 1e-9)
}

fn check_queue(queue: u64) -> Result<(), Misfit> {
    if queue <= QUEUE_MAX {
        return Ok(());
    }
    let reason = format!("a queue of {queue} is longer than an inbox holds");
    Err(Misfit::new(reason, format!("queue of at most {QUEUE_MAX}")))
}

/// The message of a receive record that may not have been looked at yet. None if
/// there is no such sender: then its own record is refused when its turn comes.
fn message(receive: &Receive) -> Option<Message> {
    let &Receive { from, seq, stamp, .. } = receive;
    (from > 0).then(|| Message { from: MachineId::new(from), seq, stamp })
}
