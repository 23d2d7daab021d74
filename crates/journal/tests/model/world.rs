//! The state of the model: processes and the links between them. What changes it
//! is production code alone; what is here carries inputs to it and its effects
//! away. It knows no bounds and no properties.

use std::sync::Arc;

use machine::{Incoming, MachineId, Outgoing};

use crate::link::{Back, Link};
use crate::plan::{Flaw, Network, Plan};
use crate::process::Process;
use crate::sight::{Seen, Sight};

/// States share the parts in which they do not differ.
#[derive(Clone, Debug, PartialEq, Hash)]
pub(crate) struct World {
    pub(crate) processes: Vec<Arc<Process>>,
    pub(crate) links: Vec<Arc<Link>>,
    pub(crate) spent: Spent,
    /// What the last event was.
    pub(crate) seen: Seen,
    /// The first fault that production code reported.
    pub(crate) fault: Option<String>,
}

/// How much of the bounds has been used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Spent {
    pub(crate) acknowledgements: u8,
    pub(crate) crashes: u8,
    pub(crate) losses: u8,
}

impl World {
    /// All links are up: a machine does not tick before.
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut world = Self {
            processes: plan.ids().map(|id| Arc::new(Process::new(id, plan))).collect(),
            links: plan.links().map(|link| Arc::new(Link::new(link))).collect(),
            spent: Spent::default(),
            seen: Seen::default(),
            fault: None,
        };
        (0..world.links.len()).for_each(|link| world.connect(plan, link));
        world.seen = Seen::default();
        world
    }

    pub(crate) fn tick(&mut self, plan: &Plan, machine: usize, draw: u64) {
        self.process(machine).tick(draw);
        if plan.has(Flaw::CommitsBeforeWriting) {
            self.commit(plan, machine);
        } else if plan.unwritten_max == 0 {
            self.write(plan, machine);
        }
    }

    /// The records reach the log, and the endpoint is told so.
    pub(crate) fn write(&mut self, plan: &Plan, machine: usize) {
        let process = self.process(machine);
        process.write(process.unwritten.len());
        self.commit(plan, machine);
    }

    fn commit(&mut self, plan: &Plan, machine: usize) {
        self.process(machine).endpoint.commit();
        if plan.network == Network::Prompt {
            self.each_link_from(machine, Self::transmit_all);
        }
    }

    /// The process dies and starts again from its log. The first `written` of the
    /// unwritten records had just reached it.
    pub(crate) fn crash(&mut self, plan: &Plan, machine: usize, written: usize) {
        self.note_crash(machine, written);
        let process = self.process(machine);
        process.write(written);
        if plan.has(Flaw::LosesTheLastRecord) {
            process.lose_last_record();
        }
        let restarted = process.restart();
        if self.fault(restarted).is_some() {
            self.each_link_from(machine, Self::let_go);
            self.each_link_to(machine, Self::orphan);
        }
    }

    fn note_crash(&mut self, machine: usize, written: usize) {
        let process = &self.processes[machine];
        let lost = process.unwritten.len() - written;
        let queue = process.endpoint.machine().queue();
        self.seen.note(Sight::InboxLost, queue > 0);
        self.seen.note(Sight::RecordLost, lost > 0);
        self.seen.note(Sight::WrittenUnsent, written > 0);
    }

    /// The receiver's process is gone. What it wrote may still be read.
    fn orphan(&mut self, link: usize) {
        let link = self.link(link);
        link.connections.iter_mut().for_each(|connection| connection.close());
        link.forget_dead_connections();
    }

    /// The sender has this connection no more; what is in it may still arrive.
    pub(crate) fn let_go(&mut self, link: usize) {
        let Some(connection) = self.link(link).held_mut() else { return };
        connection.is_held = false;
        let is_acknowledged = |back: &_| matches!(back, Back::Acknowledgement(_));
        let loses_ack = connection.back.iter().any(is_acknowledged);
        self.link(link).forget_dead_connections();
        self.seen.note(Sight::AckLost, loses_ack);
    }

    /// Remembers the first fault.
    pub(crate) fn fault<T, E: ToString>(&mut self, result: Result<T, E>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(fault) => {
                self.fault.get_or_insert(fault.to_string());
                None
            }
        }
    }

    pub(crate) fn process(&mut self, machine: usize) -> &mut Process {
        Arc::make_mut(&mut self.processes[machine])
    }

    pub(crate) fn link(&mut self, link: usize) -> &mut Link {
        Arc::make_mut(&mut self.links[link])
    }

    /// The sender's end of a link.
    pub(crate) fn outgoing(&mut self, link: usize) -> &mut Outgoing {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let sender = self.process(index(from));
        sender.endpoint.outgoing(to).expect("all machines are neighbours")
    }

    /// The receiver's end of a link.
    pub(crate) fn incoming(&mut self, link: usize) -> &mut Incoming {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let receiver = self.process(index(to));
        receiver.endpoint.incoming(from).expect("all machines are neighbours")
    }

    fn each_link_from(&mut self, machine: usize, act: fn(&mut Self, usize)) {
        for link in 0..self.links.len() {
            if index(self.links[link].from) == machine {
                act(self, link);
            }
        }
    }

    fn each_link_to(&mut self, machine: usize, act: fn(&mut Self, usize)) {
        for link in 0..self.links.len() {
            if index(self.links[link].to) == machine {
                act(self, link);
            }
        }
    }
}

/// Where a machine stands in [`World::processes`].
pub(crate) fn index(id: MachineId) -> usize {
    id.get() as usize - 1
}
