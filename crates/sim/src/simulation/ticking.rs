//! Ticks, and what follows from them: first the log, then the links.

use std::time::Duration;

use journal::Record;
use machine::{INBOX_MESSAGES_MAX, Next, Uncommitted};

use crate::observer::Observer;
use crate::process::Stage;
use crate::simulation::Simulation;
use crate::tally::Effect;

/// How often a machine that cannot tick looks whether it can.
const RETRY_EVERY: Duration = Duration::from_millis(100);

impl Simulation {
    /// A slot is due, or the run is over. A process that is paused looks when it
    /// [goes on](Self::go_on).
    pub(super) fn reach_slot(&mut self, index: usize, observer: &mut impl Observer) {
        let process = &mut self.processes[index];
        if process.stage != Stage::Ticking || process.is_paused() {
            return;
        }
        let pace = process.pace.as_mut().expect("a ticking process has a pace");
        match pace.slots.next(self.now.nanos_since(pace.began)) {
            Next::End => self.end_ticking(index, observer),
            Next::Wait(_) => self.schedule_slot(index),
            Next::Tick if self.is_saturated(index) => {
                self.agenda.set_slot(index, self.now.after(RETRY_EVERY));
            }
            Next::Tick => match self.processes[index].downed_by.first() {
                Some(&fault) => self.die_writing(index, fault, observer),
                None => self.tick(index, observer),
            },
        }
    }

    /// Whether too many messages are not known to be logged.
    fn is_saturated(&mut self, index: usize) -> bool {
        if !self.processes[index].endpoint.is_saturated() {
            return false;
        }
        self.links_out(index).for_each(|link| self.read_acknowledgement(link));
        self.processes[index].endpoint.is_saturated()
    }

    fn tick(&mut self, index: usize, observer: &mut impl Observer) {
        self.step(index, observer, None);
        let process = &mut self.processes[index];
        let pace = process.pace.as_mut().expect("a ticking process has a pace");
        pace.slots.ticked();
        pace.ticked = self.now.nanos_since(pace.began);
        let first_link = process.first_link;
        let Uncommitted { sent, received } = process.endpoint.commit();
        self.schedule_slot(index);
        for link in sent {
            self.transmit(first_link + link);
        }
        for link in received {
            self.acknowledge(self.links[first_link + link].reverse);
        }
        self.read_on(index);
    }

    /// The machine has taken a message off its inbox: there may be room again.
    fn read_on(&mut self, index: usize) {
        let process = &self.processes[index];
        if !process.unread.is_empty() {
            let queue = process.endpoint.machine().queue();
            self.release(index, INBOX_MESSAGES_MAX.saturating_sub(queue));
        }
    }

    /// One step of the machine into its log: all of the record, or of its bytes
    /// the first so many that chance, `cut`, makes of their number. Gives how many
    /// were written, and how many there are, if there is a log.
    fn step(
        &mut self,
        index: usize,
        observer: &mut impl Observer,
        cut: Option<u64>,
    ) -> Option<(usize, usize)> {
        let (id, time) = (self.id(index), self.now.time());
        let process = &mut self.processes[index];
        let draw = process.draws.of_tick(process.endpoint.machine().ticks() + 1);
        let step = process.endpoint.tick(draw).expect("no honest clock reaches its end");
        let written = match (&mut process.log, cut) {
            (Some(log), cut) => {
                let line = Record::of_step(&step, time).to_json() + "\n";
                let length = cut.map_or(line.len(), |cut| cut as usize % (line.len() + 1));
                log.extend_from_slice(&line.as_bytes()[..length]);
                Some((length, line.len()))
            }
            (None, _) => None,
        };
        if written.is_none_or(|(length, whole)| length == whole) {
            observer.stepped(id, time, &step);
        }
        written
    }

    /// The process is killed in the write of its next record: a part of it, all
    /// of it or nothing is in the log, and nothing that follows from it has left.
    fn die_writing(&mut self, index: usize, fault: usize, observer: &mut impl Observer) {
        let cut = self.dice.below(1 << 32);
        let written = self.step(index, observer, Some(cut));
        let (length, whole) = written.expect("whoever is to be killed has a log");
        if let (_, Effect::Crash { torn, forgotten, .. }) = &mut self.tally.faults[fault]
            && length < whole
        {
            *torn += length as u64;
            *forgotten += 1;
        }
        self.kill(index, fault);
    }
}
