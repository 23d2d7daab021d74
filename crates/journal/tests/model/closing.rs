//! That nothing is lost: when faults stop, everything that was sent is received.

use crate::action::INTERNAL;
use crate::history::{receives, sends};
use crate::laws::OF_LOGS;
use crate::plan::Plan;
use crate::world::{World, index};

pub(crate) const LAW: &str = "when faults stop, everything that was sent is received";

/// From here on nothing is lost and nobody crashes: every record is written, every
/// link that keeps messages gets a connection that lasts, and machines tick until
/// their inboxes are empty. There is no fault in that, whatever was before.
pub(crate) fn holds(plan: &Plan, world: &World) -> bool {
    let mut world = World { fault: None, ..world.clone() };
    let machines = 0..world.processes.len();
    machines.clone().for_each(|machine| world.write(plan, machine));
    let links = world.links_that_carry();
    links.iter().for_each(|&link| world.bring(plan, link));
    machines.for_each(|machine| world.drain(plan, machine));
    links.iter().for_each(|&link| world.settle(plan, link));
    world.is_closed() && OF_LOGS.iter().all(|(_, law)| law(plan, &world))
}

impl World {
    /// Where a sender keeps messages of which it does not know that they are logged.
    fn links_that_carry(&self) -> Vec<usize> {
        let carries = |link: &usize| {
            let pipe = &self.links[*link];
            self.processes[index(pipe.from)].carries(pipe.to)
        };
        (0..self.links.len()).filter(carries).collect()
    }

    /// A new connection carries all that the link holds.
    fn bring(&mut self, plan: &Plan, link: usize) {
        self.lose(link);
        self.link(link).connections.clear();
        self.connect(plan, link);
        while self.links[link].connections.iter().any(|connection| !connection.forward.is_empty()) {
            self.deliver(plan, link, 0);
        }
    }

    fn drain(&mut self, plan: &Plan, machine: usize) {
        while self.processes[machine].endpoint.machine().queue() > 0 {
            self.tick(plan, machine, INTERNAL);
            self.write(plan, machine);
        }
    }

    /// The sender hears how far the receiver has come.
    fn settle(&mut self, plan: &Plan, link: usize) {
        self.acknowledge(plan, link);
        self.hear(plan, link);
    }

    fn is_closed(&self) -> bool {
        let mut links = self.links.iter();
        links.all(|link| {
            let (from, to) = (&self.processes[index(link.from)], &self.processes[index(link.to)]);
            let sent = sends(from, link.to).count();
            let received = receives(to, link.from).count();
            received == sent && from.forgotten(link.to) == sent as u64
        }) && self.fault.is_none()
    }
}
