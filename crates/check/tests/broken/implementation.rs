//! Tells a good run again as another implementation of the clock would have
//! logged it: the same events and messages at the same times, other clocks and
//! stamps.

use std::collections::BTreeMap;

use journal::{Receive, Record, Time};

use crate::records::clock;
use crate::run::Logs;

/// How an implementation keeps its clock.
pub(crate) struct Implementation {
    /// The clock that a machine starts with, given its number.
    pub(crate) start: fn(Now, u32) -> u64,
    /// The clock after an internal event.
    pub(crate) internal: fn(Now) -> u64,
    /// The clock after a send to so many recipients.
    pub(crate) send: fn(Now, u64) -> u64,
    /// The stamp for a recipient.
    pub(crate) stamp: fn(Sending) -> u64,
    /// What the network makes of the stamp of a message.
    pub(crate) network: fn(&Receive, u64) -> u64,
    /// The clock after a receive of a stamp.
    pub(crate) receive: fn(Now, u64) -> u64,
}

/// Where a machine stands before an event.
#[derive(Clone, Copy)]
pub(crate) struct Now {
    pub(crate) clock: u64,
    /// The time of the event, in milliseconds since the run began.
    pub(crate) millis: u64,
}

/// One message on its way out.
pub(crate) struct Sending {
    /// The clock before the send.
    pub(crate) before: u64,
    /// The clock after the send.
    pub(crate) after: u64,
    /// Which of the recipients it is for, from 0.
    pub(crate) recipient: u64,
}

/// Lamport's rules.
pub(crate) const RIGHT: Implementation = Implementation {
    start: |now, _| now.clock,
    internal: |now| now.clock + 1,
    send: |now, _| now.clock + 1,
    stamp: |sending| sending.after,
    network: |_, stamp| stamp,
    receive: |now, stamp| now.clock.max(stamp) + 1,
};

/// The stamps of the messages sent so far, by sender, recipient and number.
type Stamps = BTreeMap<(u32, u32, u64), u64>;

impl Implementation {
    /// Gives `logs` the clocks and stamps of this implementation.
    pub(crate) fn retell(&self, logs: &mut Logs) {
        let mut clocks: BTreeMap<u32, u64> = BTreeMap::new();
        let mut stamps = Stamps::new();
        let order = by_time(logs);
        let began = order[0].0.as_micros();
        for (time, machine, place) in order {
            let known = clocks.entry(machine).or_default();
            let millis = (time.as_micros() - began) as u64 / 1000;
            let now = Now { clock: *known, millis };
            let record = &mut logs[machine][place];
            *known = self.step(machine, now, record, &mut stamps);
            *clock(record) = *known;
        }
    }

    /// The clock after `record`.
    fn step(&self, machine: u32, now: Now, record: &mut Record, stamps: &mut Stamps) -> u64 {
        match record {
            Record::Start(_) => (self.start)(now, machine),
            Record::Internal(_) => (self.internal)(now),
            Record::Send(send) => {
                let (before, after) = (now.clock, (self.send)(now, send.to.len() as u64));
                for (recipient, (&to, &seq)) in (0..).zip(send.to.iter().zip(&send.seq)) {
                    let stamp = (self.stamp)(Sending { before, after, recipient });
                    stamps.insert((machine, to, seq), stamp);
                }
                after
            }
            Record::Receive(receive) => {
                let stamp = stamps.get(&(receive.from, machine, receive.seq));
                receive.stamp = (self.network)(receive, *stamp.unwrap_or(&receive.stamp));
                (self.receive)(now, receive.stamp)
            }
            Record::Stop(_) => now.clock,
        }
    }
}

/// Every record by machine and place in its log, causes before effects: the
/// good runs were recorded on one computer, so that their times tell.
fn by_time(logs: &Logs) -> Vec<(Time, u32, usize)> {
    let places = logs.0.iter().flat_map(|(&machine, log)| {
        log.iter().enumerate().map(move |(place, record)| (record.time(), machine, place))
    });
    let mut places: Vec<_> = places.collect();
    places.sort();
    places
}
