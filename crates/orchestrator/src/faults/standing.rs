//! Which machines are alive, down or stopped, and by which faults. No process is
//! touched here: what is to be done to one is returned.

use std::collections::BTreeSet;

/// What is to be done to the process of a machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// Kill it, as `kill -9` does.
    Kill,
    /// Start it again.
    Start,
    /// Have it stand still.
    Stop,
    /// Have it go on.
    Continue,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Life {
    Alive,
    /// Killed by a fault; its process is not gone yet.
    Dying,
    Dead,
    /// It ended by itself.
    Ended,
}

/// How one machine stands.
#[derive(Debug)]
pub(crate) struct Standing {
    life: Life,
    downed_by: BTreeSet<usize>,
    paused_by: BTreeSet<usize>,
}

impl Standing {
    /// Alive and well.
    pub(crate) fn new() -> Self {
        Self { life: Life::Alive, downed_by: BTreeSet::new(), paused_by: BTreeSet::new() }
    }

    pub(crate) fn crash_begins(&mut self, fault: usize) -> Option<Order> {
        self.downed_by.insert(fault);
        (self.life == Life::Alive).then(|| {
            self.life = Life::Dying;
            self.paused_by.clear();
            Order::Kill
        })
    }

    pub(crate) fn crash_ends(&mut self, fault: usize) -> Option<Order> {
        self.downed_by.remove(&fault);
        self.start_if_due()
    }

    /// Its process was killed, as a fault wanted it.
    pub(crate) fn died(&mut self) -> Option<Order> {
        self.life = Life::Dead;
        self.start_if_due()
    }

    /// Its process ended by itself.
    pub(crate) fn ended(&mut self) {
        self.life = Life::Ended;
        self.paused_by.clear();
    }

    /// Only a process that lives can be stopped.
    pub(crate) fn pause_begins(&mut self, fault: usize) -> Option<Order> {
        let was_running = self.paused_by.is_empty();
        (self.life == Life::Alive).then(|| self.paused_by.insert(fault));
        (was_running && !self.paused_by.is_empty()).then_some(Order::Stop)
    }

    pub(crate) fn pause_ends(&mut self, fault: usize) -> Option<Order> {
        let was_there = self.paused_by.remove(&fault);
        (was_there && self.paused_by.is_empty()).then_some(Order::Continue)
    }

    fn start_if_due(&mut self) -> Option<Order> {
        (self.life == Life::Dead && self.downed_by.is_empty()).then(|| {
            self.life = Life::Alive;
            Order::Start
        })
    }

    /// Whether a fault holds it still.
    pub(crate) fn is_paused_by(&self, fault: usize) -> bool {
        self.paused_by.contains(&fault)
    }

    /// Whether a fault is killing it just now.
    pub(crate) fn is_dying(&self) -> bool {
        self.life == Life::Dying
    }

    /// Whether a fault has killed it, and it is not back.
    pub(crate) fn is_down(&self) -> bool {
        matches!(self.life, Life::Dying | Life::Dead)
    }

    /// The faults that keep it down; none if it is not down.
    pub(crate) fn held_down_by(&self) -> Option<&BTreeSet<usize>> {
        (self.life == Life::Dead).then_some(&self.downed_by)
    }

    /// What there is to say of it in the live view.
    pub(crate) fn remark(&self) -> Option<&'static str> {
        match self.life {
            _ if self.is_down() => Some("is down"),
            Life::Alive if !self.paused_by.is_empty() => Some("stands still"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Order, Standing};

    #[test]
    fn a_killed_machine_is_started_when_it_is_gone_and_nothing_holds_it() {
        let mut machine = Standing::new();
        assert_eq!(machine.crash_begins(0), Some(Order::Kill));
        assert_eq!(machine.crash_begins(1), None, "it is dying");
        assert_eq!(machine.died(), None);
        assert_eq!(machine.remark(), Some("is down"));
        assert_eq!(machine.crash_ends(0), None, "the other still holds it");
        assert_eq!(machine.crash_ends(1), Some(Order::Start));
        assert_eq!(machine.remark(), None);
    }

    #[test]
    fn a_crash_may_be_over_before_the_process_is_gone() {
        let mut machine = Standing::new();
        assert_eq!(machine.crash_begins(0), Some(Order::Kill));
        assert_eq!(machine.crash_ends(0), None, "it still holds its log");
        assert_eq!(machine.died(), Some(Order::Start));
    }

    #[test]
    fn pauses_may_overlap() {
        let mut machine = Standing::new();
        assert_eq!(machine.pause_begins(0), Some(Order::Stop));
        assert_eq!(machine.pause_begins(1), None);
        assert_eq!(machine.pause_ends(0), None);
        assert_eq!(machine.remark(), Some("stands still"));
        assert_eq!(machine.pause_ends(1), Some(Order::Continue));
    }

    #[test]
    fn a_machine_that_is_killed_while_it_stands_still_comes_back_running() {
        let mut machine = Standing::new();
        machine.pause_begins(0);
        assert_eq!(machine.crash_begins(1), Some(Order::Kill));
        assert_eq!(machine.pause_begins(2), None, "the dead cannot be stopped");
        machine.died();
        assert_eq!(machine.crash_ends(1), Some(Order::Start));
        assert_eq!(machine.pause_ends(0), None);
    }

    #[test]
    fn nothing_befalls_a_machine_that_has_ended() {
        let mut machine = Standing::new();
        machine.ended();
        assert_eq!(machine.crash_begins(0), None);
        assert_eq!(machine.crash_ends(0), None);
        assert_eq!(machine.pause_begins(1), None);
    }
}
