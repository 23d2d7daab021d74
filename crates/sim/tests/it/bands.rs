//! The bands of an independent Monte Carlo (1000 seeds, random phases), which are
//! those of the design, section 7. Of 1000 seeds here the median lies in the band
//! and within 3 % of its middle.

use report::Statistics;
use sim::{Plan, Simulation};

use crate::run::plan;

const SEEDS: u64 = 1000;

/// The figures of a machine, a value a seed.
#[derive(Default)]
struct Figures {
    clock: Vec<f64>,
    queue: Vec<f64>,
    mean_jump: Vec<f64>,
}

/// The figures of the first and of the last machine over all seeds.
fn figures(of: impl Fn(u64) -> Plan) -> [Figures; 2] {
    let mut all = [Figures::default(), Figures::default()];
    for seed in 1..=SEEDS {
        let plan = of(seed);
        let mut machines = vec![Statistics::new(); plan.manifest.machines as usize];
        let mut keep = |machine: machine::MachineId, record| {
            machines[machine.get() as usize - 1].push(&record);
        };
        Simulation::new(plan).unwrap().run(&mut keep);
        let ends = [&machines[0], machines.last().unwrap()];
        for (figures, machine) in all.iter_mut().zip(ends) {
            figures.clock.push(machine.clock as f64);
            figures.queue.push(machine.queue as f64);
            figures.mean_jump.push(machine.mean_jump().unwrap());
        }
    }
    all
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[track_caller]
fn check(what: &str, values: &[f64], (low, middle, high): (f64, f64, f64)) {
    let median = median(values);
    assert!((low..=high).contains(&median), "{what}: {median} not in {low}..{high}");
    assert!((median / middle - 1.0).abs() <= 0.03, "{what}: {median}, not {middle}");
}

#[test]
fn at_1_3_and_6_ticks_a_second_the_slow_machine_drowns() {
    let [slow, fast] = figures(|seed| plan(&[1.0, 3.0, 6.0], 60.0, seed));
    check("queue", &slow.queue, (16.0, 31.0, 46.0));
    check("slow clock", &slow.clock, (191.0, 235.0, 289.0));
    check("fast clock", &fast.clock, (360.0, 360.0, 360.0));
    check("mean jump", &slow.mean_jump, (3.18, 3.92, 4.82));
}

#[test]
fn at_1_5_and_5_too() {
    let [slow, _] = figures(|seed| plan(&[1.0, 5.0, 5.0], 60.0, seed));
    check("queue", &slow.queue, (24.0, 40.0, 57.0));
    check("slow clock", &slow.clock, (156.0, 191.0, 235.0));
}

#[test]
fn with_fewer_internal_events_more() {
    let [slow, _] = figures(|seed| {
        let mut plan = plan(&[1.0, 3.0, 4.0], 60.0, seed);
        plan.manifest.draw_max = 5;
        plan
    });
    check("queue", &slow.queue, (45.0, 60.0, 77.0));
    check("slow clock", &slow.clock, (102.0, 122.0, 148.0));
}

#[test]
fn at_equal_rates_phases_make_jumps() {
    let [machine, _] = figures(|seed| plan(&[5.0, 5.0, 5.0], 59.3, seed));
    let jump = median(&machine.mean_jump);
    assert!((1.10..=1.14).contains(&jump), "jumps are about 1.12: {jump}");
    let [machine, _] = figures(|seed| plan(&[6.0, 6.0, 6.0], 60.0, seed));
    check("clock", &machine.clock, (390.0, 405.0, 420.0));
}
