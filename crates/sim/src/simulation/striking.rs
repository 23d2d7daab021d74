//! Faults begin, end, and what they did is counted.

use crate::fault::{Crash, Cut, Fault, Pause};
use crate::observer::Observer;
use crate::process::{Stage, id_of};
use crate::simulation::Simulation;
use crate::tally::Effect;

impl Simulation {
    pub(super) fn fault_begins(&mut self, fault: usize) {
        match self.plan.faults[fault] {
            Fault::Cut(cut) => self.each_direction(cut, |cuts| cuts.push(fault)),
            Fault::Crash(crash) => self.crash_begins(fault, crash),
            Fault::Pause(pause) => self.pause_begins(fault, pause),
        }
    }

    pub(super) fn fault_ends(&mut self, fault: usize, observer: &mut impl Observer) {
        match self.plan.faults[fault] {
            Fault::Cut(cut) => self.cut_ends(fault, cut),
            Fault::Crash(crash) => {
                for index in self.covered(|id| crash.machines.cover(id)) {
                    self.crash_ends(fault, index, observer);
                }
            }
            Fault::Pause(pause) => {
                for index in self.covered(|id| pause.machines.cover(id)) {
                    self.go_on(fault, index);
                }
            }
        }
    }

    /// Faults without an end have one when nothing is left to happen.
    pub(super) fn close_open_faults(&mut self) {
        for fault in 0..self.plan.faults.len() {
            if let Fault::Cut(cut) = self.plan.faults[fault]
                && cut.window.to.is_none()
            {
                self.cut_ends(fault, cut);
            }
        }
    }

    fn each_direction(&mut self, cut: Cut, mut change: impl FnMut(&mut Vec<usize>)) {
        for link in 0..self.links.len() {
            let (from, to) = self.links.ends(link);
            if cut.links.cover(id_of(from), id_of(to))
                && let Some(passage) = self.passages.get(link)
            {
                change(&mut passage.cuts);
            }
        }
    }

    fn cut_ends(&mut self, fault: usize, cut: Cut) {
        self.each_direction(cut, |cuts| cuts.retain(|active| *active != fault));
        let mut held = 0;
        for link in 0..self.links.len() {
            self.processes.tidy();
            held += self.held_back(link, cut);
        }
        if let (_, Effect::Cut { held_back, .. }) = &mut self.tally.faults[fault] {
            *held_back += held;
        }
    }

    /// The messages of a link that were sent and have not arrived, if a cut of
    /// either direction is in their way.
    fn held_back(&mut self, link: usize, cut: Cut) -> u64 {
        let (from, to) = self.links.ends(link);
        let (sender, receiver) = (id_of(from), id_of(to));
        if !cut.links.cover(sender, receiver) && !cut.links.cover(receiver, sender) {
            return 0;
        }
        let arrived = self.processes[to].endpoint.incoming(sender).map(|link| link.progress());
        let sent = self.processes[from].endpoint.outgoing(receiver).map(|link| link.last());
        sent.unwrap_or_default().saturating_sub(arrived.unwrap_or_default().arrived)
    }

    fn crash_begins(&mut self, fault: usize, crash: Crash) {
        for index in self.covered(|id| crash.machines.cover(id)) {
            let process = &mut self.processes[index];
            process.trouble().downed_by.push(fault);
            match process.stage {
                Stage::Dead => self.keep_down(fault),
                Stage::Ended => {}
                Stage::Ticking if crash.torn => {}
                _ => self.kill(index, fault),
            }
        }
    }

    fn crash_ends(&mut self, fault: usize, index: usize, observer: &mut impl Observer) {
        let process = &mut self.processes[index];
        process.trouble().downed_by.retain(|active| *active != fault);
        if process.stage == Stage::Dead && process.downed_by().is_empty() {
            self.restart(index, observer);
        }
        self.processes[index].trouble().crash_is_over();
    }

    /// The crash finds a process that is dead already, and will not let it come back
    /// before its own time.
    fn keep_down(&mut self, fault: usize) {
        if let (_, Effect::Crash { kept_down, .. }) = &mut self.tally.faults[fault] {
            *kept_down += 1;
        }
    }

    fn pause_begins(&mut self, fault: usize, pause: Pause) {
        for index in self.covered(|id| pause.machines.cover(id)) {
            let process = &mut self.processes[index];
            if process.is_alive() {
                process.trouble().paused_by.push(fault);
                if let (_, Effect::Pause { stopped, .. }) = &mut self.tally.faults[fault] {
                    *stopped += 1;
                }
            }
        }
    }

    /// A paused process goes on, unless another pause holds it.
    pub(super) fn go_on(&mut self, fault: usize, index: usize) {
        let process = &mut self.processes[index];
        let Some(trouble) = process.trouble.as_mut().filter(|it| it.paused_by.contains(&fault))
        else {
            return;
        };
        let mut paused_by = std::mem::take(&mut trouble.paused_by);
        if let Some(pace) = &mut process.pace {
            let before = pace.slots.missed();
            pace.slots.next(self.now.nanos_since(pace.began));
            let more = pace.slots.missed() - before;
            for &pause in &paused_by {
                if let (_, Effect::Pause { missed, .. }) = &mut self.tally.faults[pause] {
                    *missed += more;
                }
            }
        }
        paused_by.retain(|active| *active != fault);
        let trouble = process.trouble();
        trouble.paused_by = paused_by;
        if !trouble.paused_by.is_empty() {
            return;
        }
        if std::mem::take(&mut trouble.slept_through_slot) {
            self.schedule_slot(index);
        }
        self.release(index, usize::MAX);
    }

    /// The processes whose machines are meant.
    fn covered(&self, is_meant: impl Fn(machine::MachineId) -> bool) -> Vec<usize> {
        (0..self.processes.len()).filter(|&index| is_meant(id_of(index))).collect()
    }
}
