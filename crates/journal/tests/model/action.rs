//! What can happen, as stateright asks for it: every event that the bounds allow
//! in a state, and the state after it. It knows nothing of what must hold.

use stateright::{Model, Property};

use crate::link::Hearing;
use crate::plan::{Network, Plan};
use crate::world::{World, index};
use crate::{laws, overtaking};

/// The draws that tell classes of ticks apart: to the first neighbour, to the
/// second, to all, to none.
const DRAWS: [u64; 4] = [1, 2, 3, INTERNAL];

/// A draw that sends nothing.
pub(crate) const INTERNAL: u64 = 4;

/// An event. Machines and links are named by where they stand in the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// One instruction.
    Tick { machine: usize, draw: u64 },
    /// All steps so far are written, and the endpoint is told so.
    Write { machine: usize },
    /// The process dies; of its unwritten records, the first `written` had just
    /// reached the log. It starts again at once.
    Crash { machine: usize, written: usize },
    /// The sender opens a connection and says Hello.
    Dial { link: usize },
    /// The sender loses or abandons its connection.
    Lose { link: usize },
    /// A new connection, up to its Welcome.
    Connect { link: usize },
    /// The sender hands a message to its connection.
    Transmit { link: usize },
    /// The receiver reads the next frame of a connection.
    Deliver { link: usize, connection: usize },
    /// The receiver writes an acknowledgement.
    Acknowledge { link: usize },
    /// The sender reads the next frame of its connection.
    Hear { link: usize },
}

impl Model for Plan {
    type State = World;
    type Action = Action;

    fn init_states(&self) -> Vec<World> {
        vec![World::new(self)]
    }

    fn actions(&self, world: &World, actions: &mut Vec<Action>) {
        (0..world.processes.len()).for_each(|machine| self.of_machine(world, machine, actions));
        for link in 0..world.links.len() {
            self.of_receiver(world, link, actions);
            match self.network {
                Network::Prompt => self.of_prompt_sender(world, link, actions),
                Network::ByFrame => self.of_sender(world, link, actions),
            }
        }
    }

    fn next_state(&self, world: &World, action: Action) -> Option<World> {
        let mut next = world.clone();
        next.seen = Default::default();
        next.apply(self, action).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        let mut properties = laws::properties();
        properties.extend(overtaking::properties(self));
        properties.extend(self.sights.iter().map(|sight| sight.property()));
        properties
    }
}

impl Plan {
    fn of_machine(&self, world: &World, machine: usize, actions: &mut Vec<Action>) {
        let process = &world.processes[machine];
        let unwritten = process.unwritten.len();
        if unwritten < self.unwritten_max.max(1) {
            let draws = self.draws(world, machine);
            actions.extend(draws.map(|draw| Action::Tick { machine, draw }));
        }
        if unwritten > 0 {
            actions.push(Action::Write { machine });
        }
        if world.spent.crashes < self.crashes_max {
            let crash = |written| Action::Crash { machine, written };
            actions.extend((0..=unwritten).map(crash));
        }
    }

    /// The draws that make a difference to the machine's next tick.
    fn draws(&self, world: &World, machine: usize) -> impl Iterator<Item = u64> {
        let inner = world.processes[machine].endpoint.machine();
        let has_ticks = inner.ticks() < self.ticks_max;
        let receives = inner.queue() > 0;
        let sends_left = self.sends_max - world.messages_sent();
        let others = self.machines as usize - 1;
        DRAWS.into_iter().filter(move |&draw| {
            let sends = match draw {
                INTERNAL => return has_ticks,
                3 => others,
                _ => 1,
            };
            let is_distinct = draw == 1 || others > 1;
            has_ticks && !receives && is_distinct && sends <= sends_left
        })
    }

    fn of_receiver(&self, world: &World, link: usize, actions: &mut Vec<Action>) {
        for (connection, each) in world.links[link].connections.iter().enumerate() {
            if !each.forward.is_empty() {
                actions.push(Action::Deliver { link, connection });
            }
        }
        if world.spent.acknowledgements < self.acknowledgements_max {
            actions.push(Action::Acknowledge { link });
        }
    }

    /// A link that carries nothing is left as it is: a connection that is up, lost
    /// or missing shows only when there is something to carry.
    fn of_prompt_sender(&self, world: &World, link: usize, actions: &mut Vec<Action>) {
        let pipe = &world.links[link];
        let carries = world.processes[index(pipe.from)].carries(pipe.to);
        if carries && self.may_lose(world, link) {
            actions.push(Action::Connect { link });
        }
    }

    fn of_sender(&self, world: &World, link: usize, actions: &mut Vec<Action>) {
        let Some(held) = world.links[link].held() else {
            return actions.push(Action::Dial { link });
        };
        actions.push(Action::Transmit { link });
        if !held.back.is_empty() {
            actions.push(Action::Hear { link });
        }
        if self.may_lose(world, link) {
            actions.push(Action::Lose { link });
        }
    }

    /// Whether the sender may let go of its connection, if it has one. Where the
    /// receiver's end is gone, that is no loss of its own.
    fn may_lose(&self, world: &World, link: usize) -> bool {
        let is_loss = is_loss(world, link);
        !is_loss || world.spent.losses < self.losses_max
    }
}

fn is_loss(world: &World, link: usize) -> bool {
    world.links[link].held().is_some_and(|held| held.hearing != Hearing::Closed)
}

impl World {
    /// False if nothing happens.
    fn apply(&mut self, plan: &Plan, action: Action) -> bool {
        match action {
            Action::Tick { machine, draw } => self.tick(plan, machine, draw),
            Action::Write { machine } => self.write(plan, machine),
            Action::Crash { machine, written } => {
                self.spent.crashes += 1;
                self.crash(plan, machine, written);
            }
            Action::Dial { link } => self.dial(link),
            Action::Lose { link } => {
                self.spent.losses += u8::from(is_loss(self, link));
                self.lose(link);
            }
            Action::Connect { link } => {
                self.spent.losses += u8::from(is_loss(self, link));
                self.connect(plan, link);
            }
            Action::Transmit { link } => return self.transmit(link),
            Action::Deliver { link, connection } => self.deliver(plan, link, connection),
            Action::Acknowledge { link } => {
                self.spent.acknowledgements += 1;
                return self.acknowledge(plan, link);
            }
            Action::Hear { link } => self.hear(plan, link),
        }
        true
    }

    fn messages_sent(&self) -> usize {
        self.processes.iter().map(|process| process.messages_sent()).sum()
    }
}
