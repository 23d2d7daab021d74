//! Networks and faults drawn from a seed, for campaigns.
//!
//! Every fault ends before the run does: whatever was drawn, the verdict must be
//! that the run holds. What a machine sent that came back late may be in flight
//! at the end, if the others have gone by then.

use std::time::Duration;

use machine::MachineId;

use crate::dice::Dice;
use crate::fault::{Crash, Cut, Fault, Pause};
use crate::latency::Latency;
use crate::network::{Network, On, Probability};
use crate::place::{Links, Machines};
use crate::plan::Plan;
use crate::window::Window;

/// Most faults of a kind that are drawn.
const EACH_MAX: u64 = 2;

/// Latencies are drawn up to this.
const LATENCY_MAX: Duration = Duration::from_millis(50);

/// Probabilities of loss and of duplicates are drawn up to this.
const CHANCE_MAX: f64 = 0.1;

impl Plan {
    /// The plan with a network and faults that its seed draws, beside those that
    /// it has.
    #[must_use]
    pub fn with_random_faults(mut self) -> Self {
        let mut dice = Dice::of_faults(self.manifest.seed);
        let drawn = network(&mut dice);
        self.network.latency.splice(0..0, drawn.latency);
        self.network.loss.splice(0..0, drawn.loss);
        self.network.duplicate.splice(0..0, drawn.duplicate);
        let faults = [cut, crash, pause].map(|kind| {
            let count = dice.below(EACH_MAX + 1);
            (0..count).map(|_| kind(&mut dice, &self)).collect::<Vec<_>>()
        });
        self.faults.extend(faults.into_iter().flatten());
        // As a file has them, so that it repeats the run.
        self.faults.sort_by_key(|fault| match fault {
            Fault::Cut(_) => 0,
            Fault::Crash(_) => 1,
            Fault::Pause(_) => 2,
        });
        self
    }
}

fn network(dice: &mut Dice) -> Network {
    Network {
        latency: vec![on_all(latency(dice))],
        loss: vec![on_all(chance(dice))],
        duplicate: vec![on_all(chance(dice))],
    }
}

fn on_all<T>(what: T) -> On<T> {
    On { links: Links::All, what }
}

fn latency(dice: &mut Dice) -> Latency {
    let (one, other) = (up_to(dice, LATENCY_MAX), up_to(dice, LATENCY_MAX));
    match dice.below(4) {
        0 => Latency::default(),
        1 => Latency::Constant(one),
        2 => Latency::Uniform { from: one.min(other), to: one.max(other) },
        _ => Latency::Exponential { mean: one },
    }
}

/// None in half of all runs.
fn chance(dice: &mut Dice) -> Probability {
    let chance = dice.unit() * CHANCE_MAX;
    let some = dice.below(2) as f64;
    Probability::new(chance * some).unwrap_or_default()
}

fn cut(dice: &mut Dice, plan: &Plan) -> Fault {
    let (one, other) = neighbours(dice, plan);
    let links = match dice.below(4) {
        0 => Links::All,
        1 => Links::Of(one),
        2 => Links::Between(one, other),
        _ => Links::OneWay(one, other),
    };
    Fault::Cut(Cut { links, window: window(dice, plan) })
}

fn crash(dice: &mut Dice, plan: &Plan) -> Fault {
    let machines = machines(dice, plan);
    let torn = dice.below(2) == 1;
    // A machine killed before it ever ticked may find the others gone when it is back.
    Fault::Crash(Crash { machines, window: late_window(dice, plan), torn })
}

fn pause(dice: &mut Dice, plan: &Plan) -> Fault {
    Fault::Pause(Pause { machines: machines(dice, plan), window: window(dice, plan) })
}

/// All machines in one of eight cases.
fn machines(dice: &mut Dice, plan: &Plan) -> Machines {
    let (one, _) = neighbours(dice, plan);
    match dice.below(8) {
        0 => Machines::All,
        _ => Machines::One(one),
    }
}

fn neighbours(dice: &mut Dice, plan: &Plan) -> (MachineId, MachineId) {
    let machines = plan.manifest.machines;
    let one = MachineId::new(1 + dice.below(machines.into()) as u32);
    let mut all = machine::Topology::from(plan.manifest.topology).neighbours(one, machines);
    let place = dice.below(all.len() as u64) as usize;
    (one, all.nth(place).expect("a neighbour below their number"))
}

/// As [`late_window`]; one in eight from the very beginning.
fn window(dice: &mut Dice, plan: &Plan) -> Window {
    let Window { from, to } = late_window(dice, plan);
    match dice.below(8) {
        0 => Window { from: Duration::ZERO, to: to.map(|to| to - from) },
        _ => Window { from, to },
    }
}

/// Up to a fifth of the run long, from a tenth of it on, and over by nine tenths.
fn late_window(dice: &mut Dice, plan: &Plan) -> Window {
    let run = plan.duration();
    let length = up_to(dice, run / 5) + Duration::from_millis(1);
    let from = run / 10 + up_to(dice, run * 8 / 10 - run / 5);
    Window { from, to: Some(from + length) }
}

/// A time up to `longest`, in whole microseconds.
fn up_to(dice: &mut Dice, longest: Duration) -> Duration {
    Duration::from_micros(dice.below(longest.as_micros() as u64 + 1))
}
