//! Processes come to life, begin to tick, are killed and come back.

use std::io::Cursor;
use std::path::PathBuf;

use journal::{Folder, Reader, Record, Recovered, recover_from, time_left};

use crate::agenda::Frame;
use crate::link::State;
use crate::observer::Observer;
use crate::process::{Mould, Pace, Stage, id_of, log};
use crate::simulation::Simulation;
use crate::tally::Effect;

impl Simulation {
    /// All processes start.
    pub(super) fn boot_all(&mut self, observer: &mut impl Observer) {
        for index in 0..self.processes.len() {
            self.processes.tidy();
            self.boot(index, observer);
        }
    }

    /// A process starts, with the machine that it has: it dials its neighbours,
    /// and waits for them if it has never ticked.
    pub(super) fn boot(&mut self, index: usize, observer: &mut impl Observer) {
        let links = self.links.out_of(index);
        let process = &mut self.processes[index];
        process.has_lived = true;
        process.stage = Stage::Waiting;
        process.unmet = 2 * links.len() as u32;
        for link in links.clone() {
            self.links[link].sender.has_met = false;
            let reverse = self.links.reverse(link);
            self.links[reverse].receiver.has_met = false;
        }
        self.begin_if_ready(index, observer);
        for link in links {
            self.dial(link);
        }
    }

    /// The incarnation begins if there is nothing to wait for.
    pub(super) fn begin_if_ready(&mut self, index: usize, observer: &mut impl Observer) {
        let process = &mut self.processes[index];
        let is_ready = process.unmet == 0 || process.endpoint.machine().ticks() > 0;
        if process.stage != Stage::Waiting || !is_ready {
            return;
        }
        let time = self.now.time();
        let (resumes, run_began) = match &mut process.trouble {
            Some(trouble) => (
                trouble.resumes.take(),
                trouble.run_began.replace(trouble.run_began.unwrap_or(time)),
            ),
            None => (None, None),
        };
        let mut start = match resumes {
            Some(start) => *start,
            None => self.plan.start(process.id()),
        };
        start.time = time;
        let end = time_left(run_began, Some(self.plan.duration()), time);
        let end = end.unwrap_or_default();
        let slots = start.slots(Some(end)).expect("a plan has only paced machines");
        process.stage = Stage::Ticking;
        process.pace = Some(Pace { began: self.now, slots, ticked: 0 });
        process.write(|| Record::from(start.clone()));
        observer.started(&start);
        self.schedule_slot(index);
    }

    /// The process is gone, and the kernel closes its connections.
    pub(super) fn kill(&mut self, index: usize, fault: usize) {
        let process = &mut self.processes[index];
        let queue = process.endpoint.machine().queue() as u64;
        process.stage = Stage::Dead;
        process.pace = None;
        process.trouble().paused_by.clear();
        process.trouble().slept_through_slot = false;
        process.trouble().unread.clear();
        if let (_, Effect::Crash { killed, inboxes, .. }) = &mut self.tally.faults[fault] {
            *killed += 1;
            *inboxes += queue;
        }
        for link in self.links.out_of(index) {
            self.close_out(link);
            self.reset_in(self.links.reverse(link));
        }
    }

    /// A killed process is started again with what its log holds.
    pub(super) fn restart(&mut self, index: usize, observer: &mut impl Observer) {
        let process = &mut self.processes[index];
        let id = process.id();
        let over = process.trouble().run_began.map(|began| began.after(self.plan.duration()));
        if over.is_some_and(|over| over <= self.now.time()) {
            if !self.tally.too_late.contains(&id) {
                self.tally.too_late.push(id);
            }
            return;
        }
        match self.recover(index) {
            Ok(()) => self.boot(index, observer),
            Err(refusal) => self.tally.refusals.push(refusal),
        }
    }

    /// Gives a process the machine that its log holds.
    fn recover(&mut self, index: usize) -> Result<(), String> {
        let process = &mut self.processes[index];
        let id = process.id();
        let log = log(&mut process.trouble).expect("whoever is to be killed has a log");
        let name = PathBuf::from(Folder::log_name(id.get()));
        let reader = Reader::new(Cursor::new(log.as_slice()), &name);
        let recovered = recover_from(reader).map_err(|error| error.to_string())?;
        log.truncate(recovered.as_ref().map_or(0, |recovered| recovered.length as usize));
        let mould = Mould::of(&self.plan.manifest);
        process.draws = mould.draws(id);
        match recovered {
            None => process.endpoint = mould.endpoint(id),
            Some(recovered) => self.resume(index, recovered),
        }
        Ok(())
    }

    fn resume(&mut self, index: usize, recovered: Recovered) {
        let process = &mut self.processes[index];
        let start = self.plan.start(process.id()).resumed(&recovered);
        let trouble = process.trouble();
        trouble.incarnations = start.incarnation;
        trouble.resumes = Some(Box::new(start));
        trouble.run_began = Some(recovered.first_start.time);
        process.endpoint = recovered.endpoint;
    }

    /// The next slot of a process, or the end of its run if that is earlier.
    pub(super) fn schedule_slot(&mut self, index: usize) {
        let process = &self.processes[index];
        let pace = process.pace.as_ref().expect("a ticking process has a pace");
        self.agenda.set_slot(index, pace.next().max(self.now));
    }

    /// Whoever waits for others waits in vain.
    pub(super) fn give_up_waiting(&mut self) {
        for index in 0..self.processes.len() {
            self.processes.tidy();
            if self.processes[index].stage == Stage::Waiting {
                let id = id_of(index);
                self.tally.refusals.push(format!("machine {id} never met all of its neighbours"));
                self.processes[index].stage = Stage::Ended;
                self.links.out_of(index).for_each(|link| self.close_out(link));
            }
        }
    }

    /// The sender's end of a link closes its connection.
    pub(super) fn close_out(&mut self, link: usize) {
        let sender = &mut self.links[link].sender;
        let was_open = sender.state != State::Idle;
        sender.state = State::Idle;
        if was_open {
            self.send(link, Frame::Closed);
        }
    }

    /// The receiver's end of a link closes its connection.
    pub(super) fn reset_in(&mut self, link: usize) {
        self.read_acknowledgement(link);
        if let Some(connection) = self.links[link].receiver.connection.take() {
            self.answer(link, connection.get(), Frame::Reset);
        }
    }
}
