//! The fluid limit against hand calculation, against simulation, and against
//! its own equations written out.

use journal::Topology;
use proptest::prelude::*;
use report::{Network, Prediction};

use crate::simulator::{Chance, Simulator, neighbours, recipients};

/// How near the simulation must come, as a share of what flows.
const NEAR: f64 = 0.02;

fn full(rates: &[f64], draw_max: u64) -> Network {
    Network { rates: rates.to_vec(), topology: Topology::Full, draw_max }
}

fn predict(network: &Network) -> Prediction {
    network.predict().expect("this network has one fluid limit")
}

/// P, the mean number of messages from each machine to each per idle tick,
/// written out from the draws.
fn messages_per_idle_tick(network: &Network) -> Vec<Vec<f64>> {
    let machines = network.rates.len();
    let mut messages = vec![vec![0.0; machines]; machines];
    for (from, row) in messages.iter_mut().enumerate() {
        let neighbours = neighbours(network, from);
        for draw in 1..=network.draw_max.min(3) {
            for to in recipients(&neighbours, draw) {
                row[to] += 1.0 / network.draw_max as f64;
            }
        }
    }
    messages
}

#[test]
fn three_machines_by_hand() {
    // x1 = 0; x2 = 3 - x3 / 5; x3 = 6 - x2 / 5; lambda1 = (x2 + x3) / 5.
    let prediction = predict(&full(&[1.0, 3.0, 6.0], 10));
    let near = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-6, "{value}");
    near(prediction.clock_per_second_min, 6.0);
    let [one, two, three] = prediction.machines[..] else { panic!("three machines") };
    near(one.idle_share, 0.0);
    near(one.arrivals_per_second, 1.5);
    near(one.queue_growth_per_second, 0.5);
    near(one.age_share, 1.0 / 3.0);
    near(two.idle_share, 1.875 / 3.0);
    near(two.queue_growth_per_second, 0.0);
    near(two.age_share, 0.0);
    near(three.idle_share, 5.625 / 6.0);
}

#[test]
fn the_published_runs() {
    for (rates, draw_max, queue) in
        [([1.0, 3.0, 6.0], 10, 31.0), ([1.0, 5.0, 5.0], 10, 40.0), ([1.0, 3.0, 4.0], 5, 60.0)]
    {
        let slow = predict(&full(&rates, draw_max)).machines[0];
        let predicted = 60.0 * slow.queue_growth_per_second;
        assert!((predicted - queue).abs() < 2.0, "{rates:?}: {predicted}, not {queue}");
    }
}

#[test]
fn simulations_agree() {
    let mut chance = Chance(2026);
    let shapes = [
        (3, Topology::Full, 10),
        (3, Topology::Full, 10),
        (3, Topology::Full, 5),
        (3, Topology::Full, 3),
        (3, Topology::Full, 2),
        (3, Topology::Full, 1),
        (2, Topology::Full, 10),
        (5, Topology::Ring, 8),
        (5, Topology::Full, 10),
        (7, Topology::Full, 4),
    ];
    for (seed, (machines, topology, draw_max)) in (0..).zip(shapes) {
        let rates = (0..machines).map(|_| 1.0 + 5.0 * chance.unit()).collect();
        let network = Network { rates, topology, draw_max };
        simulation_agrees(Simulator { network, duration: 30_000.0, aligned: false, seed });
    }
}

fn simulation_agrees(simulator: Simulator) {
    let prediction = predict(&simulator.network);
    for (flow, statistics) in prediction.machines.iter().zip(simulator.statistics()) {
        let arrivals = statistics.arrived() as f64 / simulator.duration;
        let growth = statistics.queue as f64 / simulator.duration;
        let idle = 1.0 - statistics.receives as f64 / statistics.ticks as f64;
        let near = NEAR * flow.arrivals_per_second.max(0.5);
        let what = format!("{flow:?} of {:?}: {arrivals} {growth} {idle}", simulator.network);
        assert!((arrivals - flow.arrivals_per_second).abs() < near, "{what}");
        assert!((growth - flow.queue_growth_per_second).abs() < near, "{what}");
        assert!((idle - flow.idle_share).abs() < NEAR, "{what}");
    }
}

/// A queue that grows is read at an age that is a share of the time: measured in
/// a long simulation by when the message read last was sent.
#[test]
fn messages_of_a_growing_queue_have_the_predicted_age() {
    let simulator = Simulator::new(&[1.0, 3.0, 6.0], 10, 20_000.0);
    let predicted = predict(&simulator.network).machines[0].age_share;
    let logs = simulator.logs();
    let journal::Record::Receive(read) = &logs[0][logs[0].len() - 2] else { panic!("a receive") };
    let sent = logs[read.from as usize - 1].iter().find(|record| record.clock() == read.stamp);
    let age = read.time.seconds_since(sent.expect("its send").time()) / simulator.duration;
    assert!((age - predicted).abs() < NEAR, "{age}, not {predicted}");
}

#[test]
fn nothing_is_said_where_chance_decides() {
    let network =
        |machines, topology, draw_max| Network { rates: vec![4.0; machines], topology, draw_max };
    assert_eq!(network(4, Topology::Ring, 3).predict(), None);
    assert_eq!(network(1, Topology::Full, 10).predict(), None);
    assert!(network(4, Topology::Ring, 5).predict().is_some());
    assert!(network(3, Topology::Ring, 3).predict().is_some());
}

/// Two machines that send at every idle tick: the faster floods the slower.
#[test]
fn always_sending_pairs() {
    let slow = predict(&full(&[2.0, 5.0], 3)).machines[0];
    assert!((slow.queue_growth_per_second - 3.0).abs() < 1e-6);
    let equal = predict(&full(&[4.0, 4.0], 3));
    assert!(equal.machines.iter().all(|flow| flow.queue_growth_per_second == 0.0));
}

#[test]
fn a_thousand_machines() {
    let rates: Vec<_> = (0..1000).map(|index| 1.0 + f64::from(index % 6)).collect();
    let prediction = predict(&full(&rates, 10));
    assert_eq!(prediction.machines.len(), 1000);
    assert!(prediction.machines[0].queue_growth_per_second > 0.0);
}

prop_compose! {
    fn networks()(
        rates in prop::collection::vec(0.05_f64..20.0, 2..12),
        ring in any::<bool>(),
        draw_max in 1_u64..20,
    ) -> Network {
        let topology = if ring { Topology::Ring } else { Topology::Full };
        Network { rates, topology, draw_max }
    }
}

proptest! {
    /// The prediction solves the equations, with every sum written out.
    #[test]
    fn solves_its_equations(network in networks()) {
        let Some(prediction) = network.predict() else { return Ok(()) };
        let messages = messages_per_idle_tick(&network);
        let scale = network.rates.iter().sum::<f64>();
        for (index, flow) in prediction.machines.iter().enumerate() {
            let arrivals: f64 = prediction
                .machines
                .iter()
                .enumerate()
                .map(|(from, other)| network.rates[from] * other.idle_share * messages[from][index])
                .sum();
            let rate = network.rates[index];
            prop_assert!((flow.arrivals_per_second - arrivals).abs() < 1e-6 * scale);
            prop_assert!((flow.idle_share - (1.0 - arrivals / rate).max(0.0)).abs() < 1e-4);
            let growth = (arrivals - rate).max(0.0);
            prop_assert!((flow.queue_growth_per_second - growth).abs() < 1e-5 * scale);
            prop_assert!((0.0..1.0).contains(&flow.age_share));
        }
    }

    /// There is a prediction for every network in which an idle tick does not
    /// send at each draw.
    #[test]
    fn seldom_silent(network in networks()) {
        if network.draw_max > 4 {
            prop_assert!(network.predict().is_some());
        }
    }

    /// Only ratios of rates matter; time is what the rates make it.
    #[test]
    fn scales_with_the_rates(network in networks(), factor in 0.1_f64..10.0) {
        prop_assume!(network.draw_max > 4);
        let mut scaled = network.clone();
        scaled.rates.iter_mut().for_each(|rate| *rate *= factor);
        for (flow, faster) in predict(&network).machines.iter().zip(predict(&scaled).machines) {
            let same = |a: f64, b: f64| (a - b).abs() < 1e-5 * (1.0 + b.abs());
            prop_assert!(same(flow.idle_share, faster.idle_share));
            prop_assert!(same(flow.arrivals_per_second * factor, faster.arrivals_per_second));
        }
    }
}
