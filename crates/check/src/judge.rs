//! The causal merge: all logs side by side, no event before its causes.
//!
//! A log is consumed until it comes to a receive whose send has not been seen;
//! then others are, and the send wakes it. So the judge passes over the logs once
//! and remembers only what is in flight. Among the logs that can go on, the one
//! that is furthest behind in time does; that keeps little in flight and has no
//! bearing on the verdict.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::path::PathBuf;

use journal::{Folder, Line, Manifest, ReadError, Record, Send, Time};

use crate::agreement::Agreement;
use crate::closing;
use crate::cycle::Cycles;
use crate::findings::{At, Findings, Place};
use crate::link::Sent;
use crate::log::{Log, State};
use crate::messages::{Messages, Origin};
use crate::roster::Roster;
use crate::source::Source;
use crate::track::Track;
use crate::verdict::{Tallies, Verdict};

/// Judges logs from wherever they come. [`judge`](crate::judge()) does for those
/// in a folder.
#[derive(Debug)]
pub struct Judge<S> {
    folder: PathBuf,
    manifest: Option<Manifest>,
    logs: Vec<Log<S>>,
}

impl<S: Source> Judge<S> {
    /// A judge of the run that `manifest` describes, if there is one. `folder`
    /// is where witnesses are said to stand, in files named as logs are.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, manifest: Option<Manifest>) -> Self {
        Self { folder: folder.into(), manifest, logs: Vec::new() }
    }

    /// Adds the log of `machine`, or why it cannot be read. Of two logs of one
    /// machine the first counts.
    pub fn add(&mut self, machine: u32, source: Result<S, ReadError>) {
        let path = self.folder.join(Folder::log_name(machine));
        self.logs.push(Log::new(machine, path, source));
    }

    /// Consumes the logs.
    #[must_use]
    pub fn verdict(mut self) -> Verdict {
        self.logs.sort_by_key(|log| log.machine);
        self.logs.dedup_by_key(|log| log.machine);
        let mut trial = Trial::new(self.logs, self.manifest);
        trial.consume_all();
        closing::close(&self.folder, trial)
    }
}

/// A judge at work.
#[derive(Debug)]
pub(crate) struct Trial<S> {
    pub(crate) roster: Roster,
    pub(crate) logs: Vec<Log<S>>,
    pub(crate) tracks: Vec<Track>,
    pub(crate) messages: Messages,
    pub(crate) agreement: Agreement,
    pub(crate) findings: Findings,
    pub(crate) tallies: Tallies,
    cycles: Cycles,
    /// The logs that can go on, with the time that each has got to.
    runnable: BinaryHeap<Reverse<(Time, usize)>>,
}

impl<S: Source> Trial<S> {
    fn new(logs: Vec<Log<S>>, manifest: Option<Manifest>) -> Self {
        let machines: Vec<u32> = logs.iter().map(|log| log.machine).collect();
        let tracks = machines.iter().map(|&machine| Track::new(machine)).collect();
        let beginning = Time::from_micros(i64::MIN);
        let runnable = (0..logs.len()).map(|log| Reverse((beginning, log))).collect();
        let roster = Roster::new(machines);
        Self {
            messages: Messages::new(&roster),
            roster,
            logs,
            tracks,
            agreement: Agreement::new(manifest),
            findings: Findings::default(),
            tallies: Tallies::default(),
            cycles: Cycles::default(),
            runnable,
        }
    }

    fn consume_all(&mut self) {
        loop {
            while let Some(Reverse((_, log))) = self.runnable.pop() {
                self.advance(log);
            }
            if !self.unblock() {
                return;
            }
        }
    }

    /// Consumes a log until it has to wait or another one is behind it.
    fn advance(&mut self, log: usize) {
        while let Some(line) = self.logs[log].next() {
            if let Record::Receive(receive) = &line.record
                && !self.messages.knows(log, receive.from, receive.seq)
            {
                self.logs[log].waiting = Some(line);
                return;
            }
            let time = line.record.time();
            self.consume(log, &line, Origin::Seen);
            if self.runnable.peek().is_some_and(|Reverse((least, _))| *least < time) {
                self.runnable.push(Reverse((time, log)));
                return;
            }
        }
    }

    fn consume(&mut self, log: usize, line: &Line, origin: Origin) {
        self.findings.next_record();
        let place = Place { log, line: line.number };
        let record = &line.record;
        let at = At { place, record };
        let track = &mut self.tracks[log];
        match record {
            Record::Start(start) => {
                track.start(at, start, &mut self.agreement, &mut self.findings);
            }
            Record::Internal(internal) => track.internal(at, internal, &mut self.findings),
            Record::Send(send) => {
                track.send(at, send, &mut self.findings);
                self.send_messages(at, send);
            }
            Record::Receive(receive) => {
                track.tick(at, receive.tick, &mut self.findings);
                let sender = self.roster.position(receive.from);
                let arrow =
                    self.messages.receive(at, (sender, log), receive, origin, &mut self.findings);
                track.receive(at, receive, arrow, &mut self.findings);
                if origin != Origin::Later {
                    let send = arrow.map(|arrow| arrow.place);
                    self.cycles.settle(place, send, &mut self.findings);
                }
            }
            Record::Stop(stop) => track.stop(at, stop, &mut self.findings),
        }
        self.tallies.events += u64::from(record.tick().is_some());
    }

    fn send_messages(&mut self, at: At<'_>, send: &Send) {
        let track = &self.tracks[at.place.log];
        let (from, stamp) = (track.machine, track.stamp(send.clock));
        for (&to, &seq) in send.to.iter().zip(&send.seq) {
            let message = Sent { seq, stamp, clock: send.clock, line: at.place.line };
            let receiver = self.roster.position(to);
            let link = (from, to);
            let backward = self.messages.send(at, link, receiver, message, &mut self.findings);
            if let Some(receive) = backward {
                self.cycles.settle(receive, Some(at.place), &mut self.findings);
            }
            if let Some(receiver) = receiver {
                self.wake(receiver, from, seq);
            }
        }
    }

    /// Lets a log go on that waits for this message.
    fn wake(&mut self, log: usize, from: u32, seq: u64) {
        if let Some(line) = &self.logs[log].waiting
            && let Record::Receive(receive) = &line.record
            && (receive.from, receive.seq) == (from, seq)
        {
            self.runnable.push(Reverse((receive.time, log)));
        }
    }

    /// No log can go on: lets those go on that wait in vain, or else one of those
    /// that wait for each other. False if no log waits.
    fn unblock(&mut self) -> bool {
        let waiting = (0..self.logs.len()).filter_map(|log| Some((log, self.logs[log].sender()?)));
        let waiting: Vec<(usize, u32)> = waiting.collect();
        if waiting.is_empty() || self.read_on(&waiting) {
            return !waiting.is_empty();
        }
        let mut any_in_vain = false;
        for &(log, from) in &waiting {
            if let Some(origin) = self.vain_origin(from) {
                self.release(log, origin);
                any_in_vain = true;
            }
        }
        if !any_in_vain {
            self.break_ring(waiting[0].0);
        }
        true
    }

    /// Looks whether a log that others wait for has grown since it was consumed:
    /// while machines still run, a receive may have been read before its send was
    /// written to a log read earlier.
    fn read_on(&mut self, waiting: &[(usize, u32)]) -> bool {
        let mut has_grown = false;
        for &(_, from) in waiting {
            let Some(sender) = self.roster.position(from) else {
                continue;
            };
            if self.logs[sender].state == State::Ended && !self.tracks[sender].life.is_stopped() {
                let lines = self.logs[sender].lines;
                self.advance(sender);
                has_grown |= self.logs[sender].lines > lines;
            }
        }
        has_grown
    }

    /// Why no log that is yet to be consumed can hold the sends of `machine`;
    /// none if one can.
    fn vain_origin(&self, machine: u32) -> Option<Origin> {
        if let Some(log) = self.roster.position(machine) {
            return match self.logs[log].state {
                State::Open => None,
                State::Ended => Some(Origin::Nowhere),
                State::Unreadable => Some(Origin::Unreadable),
            };
        }
        let exists = |machines| (1..=machines).contains(&machine);
        match self.agreement.machines().is_none_or(exists) {
            true => Some(Origin::Unreadable),
            false => Some(Origin::Nowhere),
        }
    }

    /// Lets the log go on past the receive that it waits at.
    fn release(&mut self, log: usize, origin: Origin) {
        if let Some(line) = self.logs[log].waiting.take() {
            self.consume(log, &line, origin);
            self.runnable.push(Reverse((line.record.time(), log)));
        }
    }

    /// From `log` on each waits for the next, so that they come to a ring: lets
    /// one of it go on.
    fn break_ring(&mut self, log: usize) {
        let next = |log: usize| self.roster.position(self.logs[log].sender()?);
        let mut path = vec![log];
        let mut is_on_path = vec![false; self.logs.len()];
        is_on_path[log] = true;
        let mut last = log;
        while let Some(log) = next(last)
            && !is_on_path[log]
        {
            is_on_path[log] = true;
            path.push(log);
            last = log;
        }
        let Some(first) = next(last) else {
            unreachable!("a log that can neither go on nor has ended waits for another");
        };
        let ring = path.into_iter().skip_while(|&log| log != first);
        let receives = ring.filter_map(|log| self.logs[log].waits_at(log));
        self.cycles.suspect(receives, self.findings.now());
        self.release(first, Origin::Later);
    }
}
