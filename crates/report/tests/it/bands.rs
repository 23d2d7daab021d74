//! The figures against the published bands: medians of many runs, DESIGN 7.

use report::{Statistics, Summary};

use crate::simulator::Simulator;

const SEEDS: u64 = 301;

/// The medians of a figure of the slow machine, machine 1, over many seeds.
fn medians<const FIGURES: usize>(
    simulator: &Simulator,
    figures: impl Fn(&Summary) -> [f64; FIGURES],
) -> [f64; FIGURES] {
    let runs: Vec<_> = (0..SEEDS)
        .map(|seed| figures(&Simulator { seed, ..simulator.clone() }.summary()))
        .collect();
    std::array::from_fn(|figure| {
        let mut values: Vec<_> = runs.iter().map(|run| run[figure]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    })
}

fn near(measured: f64, published: f64) {
    assert!((measured / published - 1.0).abs() < 0.05, "{measured}, published {published}");
}

fn slow(summary: &Summary) -> &Statistics {
    &summary.machines[0].statistics
}

#[test]
fn of_the_published_runs() {
    for (rates, draw_max, queue, clock) in [
        ([1.0, 3.0, 6.0], 10, 31.0, 235.0),
        ([1.0, 5.0, 5.0], 10, 40.0, 191.0),
        ([1.0, 3.0, 4.0], 5, 60.0, 122.0),
    ] {
        let simulator = Simulator::new(&rates, draw_max, 60.0);
        let [queues, clocks, jumps] = medians(&simulator, |summary| {
            let slow = slow(summary);
            [slow.queue as f64, slow.clock as f64, slow.mean_jump().unwrap_or(0.0)]
        });
        near(queues, queue);
        near(clocks, clock);
        near(jumps, clock / 60.0);
    }
}

#[test]
fn of_equal_rates() {
    let [clocks] = medians(&Simulator::new(&[6.0; 3], 10, 60.0), |run| [run.clock_max as f64]);
    near(clocks, 405.0);
    let aligned = Simulator { aligned: true, ..Simulator::new(&[5.0; 3], 10, 59.3) };
    let summary = aligned.summary();
    assert!(summary.machines.iter().all(|machine| machine.statistics.clock == 297));
}
