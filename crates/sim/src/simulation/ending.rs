//! A run ends: messages arrive, links close, stop records are written.

use journal::{Record, Stop, StopReason};

use crate::agenda::{Wait, What};
use crate::observer::Observer;
use crate::process::Stage;
use crate::simulation::Simulation;

/// How long a stopping machine waits until its messages have arrived, in times
/// that senders wait for an answer: 5 s in a network without latency.
const ARRIVAL_PATIENCES: u32 = 5;

/// How long it then goes on receiving until its peers have closed their links: as
/// long as they may still have to, and one more. Live machines, with TCP below
/// them, wait for 5 s.
const CLOSING_PATIENCES: u32 = ARRIVAL_PATIENCES + 1;

impl Simulation {
    pub(super) fn end_ticking(&mut self, index: usize, observer: &mut impl Observer) {
        let process = &mut self.processes[index];
        let pace = process.pace.as_mut().expect("a ticking process has a pace");
        let now = self.now.nanos_since(pace.began);
        pace.slots.stop(now);
        // A pause may have lasted beyond the end, but ticking ended with the run.
        pace.ticked = now.min(pace.slots.end()).max(pace.ticked);
        self.links.out_of(index).for_each(|link| self.read_acknowledgement(link));
        self.processes[index].stage = Stage::Arriving;
        self.has_ended_ticking = true;
        self.close_if_arrived(index, observer);
        self.set_deadline(index, Stage::Arriving, ARRIVAL_PATIENCES);
    }

    /// Its messages have arrived: it closes its links.
    pub(super) fn close_if_arrived(&mut self, index: usize, observer: &mut impl Observer) {
        let process = &self.processes[index];
        if process.stage == Stage::Arriving && process.endpoint.in_flight() == 0 {
            self.close(index, observer);
        }
    }

    fn close(&mut self, index: usize, observer: &mut impl Observer) {
        self.processes[index].stage = Stage::Closing;
        for link in self.links.out_of(index) {
            self.close_out(link);
        }
        self.end_if_closed(index, observer);
        self.set_deadline(index, Stage::Closing, CLOSING_PATIENCES);
    }

    /// Its peers have closed their links: it ends.
    pub(super) fn end_if_closed(&mut self, index: usize, observer: &mut impl Observer) {
        let links = &self.links;
        let is_open = |link: usize| !links[links.reverse(link)].receiver.has_ended;
        if self.processes[index].stage == Stage::Closing && !self.links.out_of(index).any(is_open) {
            self.end(index, observer);
        }
    }

    fn end(&mut self, index: usize, observer: &mut impl Observer) {
        let process = &mut self.processes[index];
        process.stage = Stage::Ended;
        let pace = process.pace.as_ref().expect("a closing process has ticked");
        let machine = process.endpoint.machine();
        let stop = Stop {
            time: pace.began.after_nanos(pace.ticked).time(),
            reason: StopReason::Duration,
            ticks: machine.ticks(),
            missed: pace.slots.missed(),
            queue: machine.queue() as u64,
            in_flight: process.endpoint.in_flight(),
            clock: machine.clock(),
        };
        process.write(|| Record::Stop(stop.clone()));
        observer.stopped(process.id(), &stop);
        for link in self.links.out_of(index) {
            self.reset_in(self.links.reverse(link));
        }
    }

    pub(super) fn deadline(&mut self, index: usize, of: Wait, observer: &mut impl Observer) {
        match (self.processes[index].stage, of) {
            (Stage::Arriving, Wait::Arrival) => self.close(index, observer),
            (Stage::Closing, Wait::Closing) => self.end(index, observer),
            _ => {}
        }
    }

    /// If the process is still so far, it waits for so many patiences. It ticks no more and
    /// has no slot: its place on the agenda is free.
    fn set_deadline(&mut self, index: usize, waiting: Stage, patiences: u32) {
        if self.processes[index].stage == waiting {
            self.agenda.set_slot(index, self.now.after(self.patience * patiences));
        }
    }

    /// The deadline of a process has come. It counts once all frames of this instant are
    /// heard.
    pub(super) fn reach_deadline(&mut self, index: usize, of: Wait) {
        self.agenda.push(self.now, What::Deadline { process: index as u32, of });
    }
}
