//! Ticks, and what follows from them: first the log, then the links.

use std::time::Duration;

use journal::Record;
use machine::draw::Draws;
use machine::{Endpoint, INBOX_MESSAGES_MAX, Next, Step, Touched};

use crate::agenda::{Agenda, Wait};
use crate::moment::Moment;
use crate::observer::Observer;
use crate::process::{Process, Stage, id_of, line, log};
use crate::simulation::Simulation;
use crate::tally::Effect;

/// How often a machine that cannot tick looks whether it can.
const RETRY_EVERY: Duration = Duration::from_millis(100);

impl Simulation {
    /// A slot is due, or the run is over. A process that is paused looks when it
    /// [goes on](Self::go_on).
    #[inline]
    pub(super) fn reach_slot(&mut self, index: usize, observer: &mut impl Observer) {
        let Self { processes, agenda, now, .. } = self;
        if let Some(next) = agenda.next_process() {
            processes.recall(next);
            observer.recall(id_of(next));
        }
        let process = &mut processes[index];
        match process.stage {
            Stage::Ticking => {}
            Stage::Arriving => return self.reach_deadline(index, Wait::Arrival),
            Stage::Closing => return self.reach_deadline(index, Wait::Closing),
            Stage::Dead | Stage::Waiting | Stage::Ended => return,
        }
        let is_troubled = process.trouble.is_some();
        if is_troubled && process.is_paused() {
            process.trouble().slept_through_slot = true;
            return;
        }
        let is_downed = is_troubled && !process.downed_by().is_empty();
        let is_free = !is_downed && !process.endpoint.is_saturated();
        let pace = process.pace.as_mut().expect("a ticking process has a pace");
        match pace.slots.next(now.nanos_since(pace.began)) {
            Next::End => self.end_ticking(index, observer),
            Next::Wait(_) => self.schedule_slot(index),
            Next::Tick if is_free => {
                let touched = tick(index, process, agenda, *now, observer);
                self.follow_up(index, touched);
                if is_troubled {
                    self.read_on(index);
                }
            }
            Next::Tick => self.tick_unless_kept_from_it(index, observer),
        }
    }

    /// A slot is due to a process that may have too many messages that are not logged, or
    /// that is to be killed in its next write.
    #[cold]
    fn tick_unless_kept_from_it(&mut self, index: usize, observer: &mut impl Observer) {
        if self.stays_saturated(index) {
            self.agenda.set_slot(index, self.now.after(RETRY_EVERY));
        } else if let Some(&fault) = self.processes[index].downed_by().first() {
            self.die_writing(index, fault, observer);
        } else {
            let Self { processes, agenda, now, .. } = self;
            let touched = tick(index, &mut processes[index], agenda, *now, observer);
            self.follow_up(index, touched);
            self.read_on(index);
        }
    }

    /// Whether too many messages are not logged, as far as can be known by now.
    fn stays_saturated(&mut self, index: usize) -> bool {
        self.links.out_of(index).for_each(|link| self.read_acknowledgement(link));
        self.processes[index].endpoint.is_saturated()
    }

    /// What follows from a tick leaves the machine.
    #[inline]
    fn follow_up(&mut self, index: usize, Touched { sent, received }: Touched) {
        sent.for_each(|place| self.transmit(index, place));
        if !self.are_all_read_when_it_matters() {
            received.for_each(|place| {
                let link = self.links.reverse(self.links.at(index, place));
                self.acknowledge(link);
            });
        }
    }

    /// The machine has taken a message off its inbox: there may be room again.
    fn read_on(&mut self, index: usize) {
        let process = &self.processes[index];
        if process.has_unread() {
            let queue = process.endpoint.machine().queue();
            self.release(index, INBOX_MESSAGES_MAX.saturating_sub(queue));
        }
    }

    /// The process is killed in the write of its next record: a part of it, all
    /// of it or nothing is in the log, and nothing that follows from it has left.
    #[cold]
    fn die_writing(&mut self, index: usize, fault: usize, observer: &mut impl Observer) {
        let cut = self.dice.below(1 << 32);
        let Process { endpoint, draws, trouble, .. } = &mut self.processes[index];
        let id = endpoint.id();
        let (step, time) = (step(endpoint, draws), self.now.time());
        let line = line(&Record::of_step(&step, time));
        let length = cut as usize % (line.len() + 1);
        let log = log(trouble).expect("whoever is to be killed has a log");
        log.extend_from_slice(&line[..length]);
        if length == line.len() {
            observer.stepped(id, time, &step);
        } else if let (_, Effect::Crash { torn, forgotten, .. }) = &mut self.tally.faults[fault] {
            *torn += length as u64;
            *forgotten += 1;
        }
        self.kill(index, fault);
    }
}

/// A process whose slot is due `now` ticks.
#[inline(always)]
fn tick(
    index: usize,
    process: &mut Process,
    agenda: &mut Agenda,
    now: Moment,
    observer: &mut impl Observer,
) -> Touched {
    let Process { pace, endpoint, draws, trouble, .. } = process;
    let pace = pace.as_mut().expect("a ticking process has a pace");
    agenda.set_slot(index, pace.tick(now));
    let (id, time) = (endpoint.id(), now.time());
    let step = step(endpoint, draws);
    if let Some(log) = log(trouble) {
        log.extend_from_slice(&line(&Record::of_step(&step, time)));
    }
    observer.stepped(id, time, &step);
    endpoint.commit()
}

/// The next step of a machine.
#[inline(always)]
fn step<'a>(endpoint: &'a mut Endpoint, draws: &mut Draws) -> Step<'a> {
    let draw = draws.of_tick(endpoint.machine().ticks() + 1);
    endpoint.tick(draw).expect("no honest clock reaches its end")
}
