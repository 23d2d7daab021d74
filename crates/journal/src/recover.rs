//! Gives back a machine from its log, by re-driving the machine code with the
//! inputs that the log fixes.
//!
//! A log fixes them completely. Within one incarnation the first R arrivals are
//! its R receives, in order; of arrivals beyond them only the number matters; and
//! the arrivals by tick k are the receives so far and the queue logged at k. So
//! every record comes out again but for its time, and a log from which one does
//! not is no log of this machine.

use std::io::{BufRead, Seek};
use std::path::{Path, PathBuf};

use machine::draw::{self, Draws};
use machine::{Endpoint, INBOX_MESSAGES_MAX, MachineId, Message};
use thiserror::Error;

use crate::reader::{Line, ReadError, Reader};
use crate::record::{FORMAT, Receive, Record, Start, Stop};

/// The most machines that a log may speak of.
const MACHINES_MAX: u32 = 1 << 20;

/// The longest queue that a log may speak of: a full inbox, and what was being
/// read when it filled.
const QUEUE_MAX: u64 = 2 * INBOX_MESSAGES_MAX as u64;

/// A machine as its log left it.
#[derive(Debug)]
pub struct Recovered {
    /// The machine and its links, ready for the next incarnation.
    pub endpoint: Endpoint,
    /// The first start record.
    pub first_start: Start,
    /// The stop record, if the last incarnation ended in good order.
    pub stop: Option<Stop>,
    /// How many incarnations there were.
    pub incarnations: u32,
    /// Records that came out the same.
    pub records: u64,
    /// The bytes of the whole lines; what follows is torn.
    pub length: u64,
    /// Whether a torn line follows.
    pub torn: bool,
}

/// A log that gives back no machine.
#[derive(Debug, Error)]
pub enum RecoveryError {
    /// It cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A record is not what the machine does.
    #[error("{}:{line}: {reason}", path.display())]
    NotReplayable {
        /// The log.
        path: PathBuf,
        /// The number of the line, from 1.
        line: u64,
        /// What does not fit.
        reason: String,
    },
}

/// Re-drives the log at `path`. None if it holds no whole line.
///
/// # Errors
/// [`RecoveryError`]; the log was not touched.
pub fn recover(path: &Path) -> Result<Option<Recovered>, RecoveryError> {
    recover_from(Reader::open(path)?)
}

/// As [`recover`], from a log that need not be a file.
///
/// # Errors
/// [`RecoveryError`].
pub fn recover_from<R: BufRead + Seek>(
    mut lines: Reader<R>,
) -> Result<Option<Recovered>, RecoveryError> {
    let path = lines.path().to_owned();
    let mut replay: Option<Replay> = None;
    let mut incarnation: Vec<Line> = Vec::new();
    for line in lines.by_ref() {
        let line = line?;
        if matches!(line.record, Record::Start(_)) {
            replay_incarnation(&mut replay, &incarnation).map_err(|misfit| misfit.at(&path))?;
            incarnation.clear();
        }
        incarnation.push(line);
    }
    replay_incarnation(&mut replay, &incarnation).map_err(|misfit| misfit.at(&path))?;
    if replay.is_none() && lines.torn() {
        check_torn_log(lines.torn_line()).map_err(|misfit| misfit.at(&path))?;
    }
    Ok(replay.map(|replay| replay.finish(lines.offset(), lines.torn())))
}

/// A file without a single whole line is a log torn in its first write only if it
/// begins as one, or with the zeros that a power cut can leave; anything else is
/// somebody's file, not to be cut off.
fn check_torn_log(torn_line: &[u8]) -> Result<(), Misfit> {
    match torn_line {
        [b'{' | 0, ..] => Ok(()),
        _ => Err(Misfit { line: 1, reason: "this file is no log".to_owned() }),
    }
}

/// A record that the machine does not produce.
#[derive(Debug)]
struct Misfit {
    line: u64,
    reason: String,
}

impl Misfit {
    fn at(self, path: &Path) -> RecoveryError {
        let Self { line, reason } = self;
        RecoveryError::NotReplayable { path: path.to_owned(), line, reason }
    }
}

fn replay_incarnation(replay: &mut Option<Replay>, lines: &[Line]) -> Result<(), Misfit> {
    let Some((first, rest)) = lines.split_first() else {
        return Ok(());
    };
    let at_first = |reason| Misfit { line: first.number, reason };
    let Record::Start(start) = &first.record else {
        return Err(at_first("a log begins with a start record".to_owned()));
    };
    let replay = match replay {
        Some(replay) => replay,
        None => replay.insert(Replay::new(start).map_err(at_first)?),
    };
    replay.start(start).map_err(at_first)?;
    let receives = rest.iter().filter_map(|line| match &line.record {
        Record::Receive(receive) => Some(receive),
        _ => None,
    });
    let mut arrivals = Arrivals { receives, arrived: 0, received: 0 };
    for line in rest {
        replay
            .record(&line.record, &mut arrivals)
            .map_err(|reason| Misfit { line: line.number, reason })?;
    }
    Ok(())
}

/// The arrivals of one incarnation, in order: its receives, then placeholders.
struct Arrivals<I> {
    receives: I,
    arrived: u64,
    received: u64,
}

struct Replay {
    endpoint: Endpoint,
    draws: Option<Draws>,
    first_start: Start,
    stop: Option<Stop>,
    incarnations: u32,
    records: u64,
}

impl Replay {
    fn new(start: &Start) -> Result<Self, String> {
        if start.log != FORMAT {
            return Err(format!("the format is {}, not {FORMAT}", start.log));
        }
        if !(2..=MACHINES_MAX).contains(&start.machines) {
            return Err(format!("{} machines: there are 2 to {MACHINES_MAX}", start.machines));
        }
        if start.machine == 0 || start.machine > start.machines {
            return Err(format!("machine {} of {}", start.machine, start.machines));
        }
        if start.draw_max == 0 {
            return Err("draw_max is 0".to_owned());
        }
        let id = MachineId::new(start.machine);
        let is_known = start.generator.as_deref() == Some(draw::GENERATOR);
        Ok(Self {
            endpoint: Endpoint::new(id, start.machines, start.topology.into(), start.stamp.into()),
            draws: start.seed.filter(|_| is_known).map(|seed| Draws::new(seed, id, start.draw_max)),
            first_start: start.clone(),
            stop: None,
            incarnations: 0,
            records: 0,
        })
    }

    fn start(&mut self, start: &Start) -> Result<(), String> {
        if let Some(difference) = self.first_start.differences(start).first() {
            return Err(format!("the start record differs from the first in its {difference}"));
        }
        if start.incarnation != self.incarnations + 1 {
            return Err(format!(
                "incarnation {} follows incarnation {}",
                start.incarnation, self.incarnations
            ));
        }
        let clock = self.endpoint.machine().clock();
        if start.clock != clock {
            return Err(format!("it starts with clock {}, but its clock was {clock}", start.clock));
        }
        self.endpoint.begin_incarnation();
        self.incarnations += 1;
        self.records += 1;
        self.stop = None;
        Ok(())
    }

    fn record<'a>(
        &mut self,
        record: &Record,
        arrivals: &mut Arrivals<impl Iterator<Item = &'a Receive>>,
    ) -> Result<(), String> {
        if self.stop.is_some() {
            return Err("a record follows the stop record".to_owned());
        }
        if let Record::Receive(receive) = record {
            self.expect_next_of_link(receive)?;
            arrivals.received += 1;
        }
        self.deliver_until(arrivals, record.queue().unwrap_or_default())?;
        match record {
            Record::Stop(stop) => self.stop(stop)?,
            _ => self.tick(record)?,
        }
        self.records += 1;
        Ok(())
    }

    fn expect_next_of_link(&mut self, receive: &Receive) -> Result<(), String> {
        let &Receive { from, seq, .. } = receive;
        let link = (from > 0).then(|| self.endpoint.incoming(MachineId::new(from))).flatten();
        let Some(link) = link else {
            return Err(format!("machine {from} is no neighbour"));
        };
        match link.received() + 1 {
            expected if expected == seq => Ok(()),
            expected => Err(format!("message {seq} from {from} where message {expected} was due")),
        }
    }

    /// Lets arrive what has arrived by a record that leaves `queue` in the inbox.
    fn deliver_until<'a>(
        &mut self,
        arrivals: &mut Arrivals<impl Iterator<Item = &'a Receive>>,
        queue: u64,
    ) -> Result<(), String> {
        if queue > QUEUE_MAX {
            return Err(format!("a queue of {queue} is longer than an inbox holds"));
        }
        let by_now = arrivals.received + queue;
        if by_now < arrivals.arrived {
            return Err(format!(
                "{} messages had arrived, but only {by_now} were received or are queued",
                arrivals.arrived
            ));
        }
        let placeholder = Message { from: self.endpoint.id(), seq: 0, stamp: 0 };
        while arrivals.arrived < by_now {
            self.endpoint
                .deliver(arrivals.receives.next().and_then(message).unwrap_or(placeholder));
            arrivals.arrived += 1;
        }
        Ok(())
    }

    fn tick(&mut self, record: &Record) -> Result<(), String> {
        let draw = match (&mut self.draws, record) {
            (Some(draws), _) => draws.of_tick(self.endpoint.machine().ticks() + 1),
            (None, Record::Internal(internal)) => internal.draw,
            (None, Record::Send(send)) => send.draw,
            (None, _) => 0,
        };
        let step = self.endpoint.tick(draw).map_err(|overflow| overflow.to_string())?;
        let replayed = Record::of_step(&step, record.time());
        if replayed != *record {
            return Err(format!("the machine's code gives {} here", replayed.to_json()));
        }
        Ok(())
    }

    fn stop(&mut self, stop: &Stop) -> Result<(), String> {
        let machine = self.endpoint.machine();
        if (stop.ticks, stop.clock) != (machine.ticks(), machine.clock()) {
            return Err(format!(
                "it stops at tick {} and clock {}, but the log stood at tick {} and clock {}",
                stop.ticks,
                stop.clock,
                machine.ticks(),
                machine.clock()
            ));
        }
        self.stop = Some(stop.clone());
        Ok(())
    }

    fn finish(mut self, length: u64, torn: bool) -> Recovered {
        self.endpoint.begin_incarnation();
        let Self { endpoint, first_start, stop, incarnations, records, .. } = self;
        Recovered { endpoint, first_start, stop, incarnations, records, length, torn }
    }
}

/// The message of a receive record that may not have been looked at yet. None if
/// there is no such sender: then its own record is refused when its turn comes.
fn message(receive: &Receive) -> Option<Message> {
    let &Receive { from, seq, stamp, .. } = receive;
    (from > 0).then(|| Message { from: MachineId::new(from), seq, stamp })
}
