//! The world: all machines, all links, and what is to happen.
//!
//! One thing happens at a time, and the agenda says which is next. What happens
//! is told to the production code of machines and links, and what follows from it
//! goes onto the agenda. This module and its submodules decide nothing about
//! clocks, queues or links: they are a driver, as the daemon is one.

mod carrying;
mod ending;
mod hearing;
mod lives;
mod striking;
mod talking;
mod ticking;

use std::time::Duration;

use machine::MachineId;

use crate::agenda::{Agenda, Entry, Frame, What};
use crate::dice::Dice;
use crate::link::Links;
use crate::moment::Moment;
use crate::observer::Observer;
use crate::passage::Passages;
use crate::plan::{Plan, PlanError};
use crate::process::{Mould, Process, Processes, Stage, id_of, index_of};
use crate::tally::{Effect, Tally};

/// How long a sender waits for an answer, and ten times the mean latency longer,
/// until it gives up the connection. A live connection has TCP below it and is
/// given up later; here nothing is sent twice on one connection.
const PATIENCE: Duration = Duration::from_secs(1);

/// Mean latencies that nobody is impatient in.
const PATIENCE_LATENCIES: u32 = 10;

/// How long after the last fault and the length of the run those who wait to
/// begin wait in vain.
const HORIZON: Duration = Duration::from_secs(3600);

/// How many times their patience may be tried in it.
const HORIZON_PATIENCES: u32 = 100;

/// The most processes that are kept as they are, and whatever belongs to each of them: half
/// a kilobyte of each is no matter yet, and packing takes time.
pub const OPEN_MAX: usize = 250_000;

/// A run in virtual time, as far as it has got.
#[derive(Debug)]
pub struct Simulation {
    plan: Plan,
    now: Moment,
    agenda: Agenda,
    processes: Processes,
    links: Links,
    passages: Passages,
    patience: Duration,
    /// Whether a connection may be lost without its ends being told.
    may_lose_connections: bool,
    /// Whether whatever is sent is heard in the same instant, on all links, and no
    /// connection can be lost.
    is_instant: bool,
    /// Whether some process has ceased to tick.
    has_ended_ticking: bool,
    tally: Tally,
    /// Where writes are torn.
    dice: Dice,
}

impl Simulation {
    /// The run of `plan` before anything has happened.
    ///
    /// # Errors
    /// [`PlanError`] if it cannot be simulated.
    pub fn new(plan: Plan) -> Result<Self, PlanError> {
        Self::with_open(plan, OPEN_MAX)
    }

    /// One whose processes are never packed if they are at most so many.
    fn with_open(plan: Plan, open_max: usize) -> Result<Self, PlanError> {
        plan.check()?;
        let mould = Mould::of(&plan.manifest);
        let process = |index| Process::new(&mould, &plan, id_of(index));
        let processes = (0..plan.manifest.machines as usize).map(process);
        let processes = Processes::new(mould, processes, open_max);
        let links = Links::new(plan.manifest.topology.into(), plan.manifest.machines);
        let passages = Passages::new(&plan, &links);
        let rate = plan.manifest.rates.iter().filter_map(|rate| rate.per_second()).sum();
        let mut simulation = Self {
            now: Moment::EPOCH,
            agenda: Agenda::new(processes.len(), rate, links.degree()),
            is_instant: passages.is_none(),
            has_ended_ticking: false,
            links,
            passages,
            processes,
            patience: PATIENCE + plan.network.latency_mean_max() * PATIENCE_LATENCIES,
            may_lose_connections: plan.may_lose_connections(),
            tally: Tally::default(),
            dice: Dice::of_tears(plan.manifest.seed),
            plan,
        };
        simulation.fill_agenda();
        Ok(simulation)
    }

    fn fill_agenda(&mut self) {
        let mut last = Moment::EPOCH;
        for (fault, &what) in self.plan.faults.iter().enumerate() {
            let window = what.window();
            self.tally.faults.push((what, Effect::none(what)));
            self.agenda.push(window.begins(), What::FaultBegins { fault });
            if let Some(ends) = window.ends() {
                self.agenda.push(ends, What::FaultEnds { fault });
                last = last.max(ends);
            }
        }
        self.agenda.push(Moment::EPOCH, What::Boots);
        let horizon = last.after(self.plan.duration()).after(HORIZON);
        self.agenda.push(horizon.after(self.patience * HORIZON_PATIENCES), What::Horizon);
    }

    /// Lets the next thing happen. False if nothing is left: the run is over.
    pub fn advance(&mut self, observer: &mut impl Observer) -> bool {
        self.processes.tidy();
        if let Some((at, process)) = self.agenda.pop_slot() {
            self.now = at;
            self.reach_slot(process, observer);
            return true;
        }
        let Some(entry) = self.agenda.pop_other() else {
            return false;
        };
        self.now = entry.at;
        match self.holder(&entry) {
            Some(process) => self.hold_up(process, entry),
            None => self.happens(entry, observer),
        }
        true
    }

    /// Lets everything happen, and says what network and faults did.
    pub fn run(mut self, observer: &mut impl Observer) -> Tally {
        while self.advance(observer) {}
        self.into_tally()
    }

    /// What network and faults did.
    #[must_use]
    pub fn into_tally(mut self) -> Tally {
        self.close_open_faults();
        self.tally
    }

    fn happens(&mut self, entry: Entry, observer: &mut impl Observer) {
        match entry.what {
            What::FaultBegins { fault } => self.fault_begins(fault),
            What::FaultEnds { fault } => self.fault_ends(fault, observer),
            What::Boots => self.boot_all(observer),
            What::Frame { link, connection, frame } if frame.is_forward() => {
                self.hear_sender(link as usize, connection, frame, observer);
            }
            What::Frame { link, connection, frame } => {
                self.hear_receiver(link as usize, connection, frame, observer);
            }
            What::Redial { link, connection } => self.redial(link as usize, connection),
            What::Patience { link, connection } => self.lose_patience(link as usize, connection),
            What::Deadline { process, of } => self.deadline(process as usize, of, observer),
            What::Horizon => self.give_up_waiting(),
        }
    }

    /// The process that what happens must wait for, because it looks at nothing
    /// now.
    fn holder(&self, entry: &Entry) -> Option<usize> {
        let process = match entry.what {
            What::Deadline { process, .. } => process as usize,
            What::Redial { link, .. } | What::Patience { link, .. } => {
                self.links.sender(link as usize)
            }
            What::Frame { link, frame, .. } if frame.is_forward() => {
                self.links.receiver(link as usize)
            }
            What::Frame { link, .. } => self.links.sender(link as usize),
            _ => return None,
        };
        (self.processes[process].is_paused() || self.is_choked(process, entry)).then_some(process)
    }

    /// Whether the inbox of the process has no room for a message, or it still
    /// has earlier ones to look at.
    fn is_choked(&self, process: usize, entry: &Entry) -> bool {
        let process = &self.processes[process];
        match entry.what {
            What::Frame { frame: Frame::Message { .. }, .. } => {
                process.endpoint.inbox_is_full() || process.has_unread()
            }
            What::Frame { frame: Frame::Closed, .. } => process.has_unread(),
            _ => false,
        }
    }

    fn hold_up(&mut self, process: usize, entry: Entry) {
        let trouble = self.processes[process].trouble();
        if matches!(entry.what, What::Frame { .. }) {
            for &fault in &trouble.paused_by {
                if let (_, Effect::Pause { frames, .. }) = &mut self.tally.faults[fault] {
                    *frames += 1;
                }
            }
        }
        trouble.unread.push_back(entry);
    }

    /// Lets a process look at the first `count` of what was held up.
    fn release(&mut self, process: usize, count: usize) {
        let unread = &mut self.processes[process].trouble().unread;
        for entry in unread.drain(..count.min(unread.len())) {
            self.agenda.push_held(self.now, entry);
        }
    }

    /// Whether nothing more can come of a machine: its run is over, or it is dead
    /// and will not come back.
    #[must_use]
    pub fn has_ended(&mut self, machine: MachineId) -> bool {
        self.processes.tidy();
        let process = &self.processes[index_of(machine)];
        let is_for_ever = |fault: &usize| self.plan.faults[*fault].window().to.is_none();
        match process.stage {
            Stage::Ended => true,
            Stage::Dead => process.has_lived && process.downed_by().iter().any(is_for_ever),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
