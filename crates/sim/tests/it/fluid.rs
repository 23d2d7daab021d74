//! Over a long time a run follows the fluid limit: the inbox of j grows if and
//! only if λ_j > r_j, by λ_j - r_j a second (DESIGN 7).

use report::{Prediction, Statistics, Summary};
use sim::Simulation;

use crate::run::plan;

/// Ten sets of rates, from 0.5 to 6.4 ticks a second, without a pattern.
fn rate_sets() -> impl Iterator<Item = [f64; 3]> {
    (0..10_u32)
        .map(|set| [7, 13, 29].map(|factor| 0.5 + f64::from((set * 31 + 17) * factor % 60) / 10.0))
}

/// Virtual hours whose mean is taken: in a single one the messages of a slow
/// machine, some thousands, vary by more than 1 %.
const HOURS: u64 = 4;

/// What a machine got, and by how much its queue grew, a second.
#[derive(Clone, Copy, Default)]
struct Flow {
    arrived: f64,
    grown: f64,
}

/// The mean flows through the machines, and what the fluid limit says of them.
fn flows(rates: &[f64]) -> ([Flow; 3], Prediction) {
    let mut means = [Flow::default(); 3];
    let mut prediction = None;
    for seed in 1..=HOURS {
        let mut machines = vec![Statistics::new(); 3];
        let mut keep = |machine: machine::MachineId, record| {
            machines[machine.get() as usize - 1].push(&record);
        };
        Simulation::new(plan(rates, 3600.0, seed)).unwrap().run(&mut keep);
        let summary = Summary::of((1..).zip(machines));
        for (mean, machine) in means.iter_mut().zip(&summary.machines) {
            let seconds = 3600.0 * HOURS as f64;
            mean.arrived += machine.statistics.arrived() as f64 / seconds;
            mean.grown += machine.statistics.queue as f64 / seconds;
        }
        prediction = summary.prediction;
    }
    (means, prediction.unwrap())
}

#[test]
fn a_long_run_follows_the_fluid_limit() {
    let mut drowning = 0;
    for rates in rate_sets() {
        let (flows, prediction) = flows(&rates);
        for (flow, predicted) in flows.iter().zip(&prediction.machines) {
            let what = format!("{rates:?}, machine {}: {predicted:?}", predicted.machine);
            let near = |measured: f64, expected: f64| {
                (measured - expected).abs() <= 0.02 * predicted.arrivals_per_second
            };
            assert!(near(flow.arrived, predicted.arrivals_per_second), "{what}: {}", flow.arrived);
            assert!(near(flow.grown, predicted.queue_growth_per_second), "{what}: {}", flow.grown);
            drowning += usize::from(predicted.queue_growth_per_second > 0.0);
        }
    }
    assert!(drowning > 0, "some inboxes grow");
}
