//! The runs that are looked at.

use std::time::Duration;

use journal::{Manifest, Pacing, Phase, Rate, StampRule, Timespan, Topology};
use sim::{Fault, Network, Plan};

/// Seeds for each number of machines, without faults and with random ones.
const SEEDS: u64 = 20;

/// What goes wrong in the classic experiment, and is over long before its end:
/// whatever is sent must have arrived by then.
const HEALING: [&str; 8] = [
    "cut 2-3@10s..20s",
    "latency 10ms, loss 0.05, duplicate 0.1",
    "crash 1@15s..18s",
    "crash 3@15s..18s, cut 2-3@14s..22s",
    "crash all@15s..18s, latency 10ms",
    "crash torn:all@15s..18s, crash torn:2@25s..26s, crash 2@30s..31s",
    "pause 1@10s..10100ms",
    "pause 3@10s..17s, crash 2@12s..14s",
];

/// Runs in a perfect network, from two to five machines.
pub(crate) fn perfect() -> impl Iterator<Item = Plan> {
    (0..SEEDS).flat_map(|seed| (2..=5).map(move |machines| plan(machines, seed)))
}

/// The same with random networks and faults.
pub(crate) fn faulty() -> impl Iterator<Item = Plan> {
    perfect().map(Plan::with_random_faults)
}

/// Runs that heal: by the end nothing may be under way.
pub(crate) fn healing() -> impl Iterator<Item = Plan> {
    HEALING.into_iter().flat_map(|words| (0..3).map(move |seed| with(words, seed)))
}

/// Runs of one kind each that the others are not.
pub(crate) fn special() -> Vec<Plan> {
    let of = |change: fn(&mut Manifest)| {
        let mut plan = plan(5, 1);
        change(&mut plan.manifest);
        plan
    };
    vec![
        of(|run| run.topology = Topology::Ring),
        of(|run| run.pacing = Pacing::Burst),
        of(|run| run.phase = Phase::Aligned),
        with("pause all@55s..62s", 0),
    ]
}

fn plan(machines: u64, seed: u64) -> Plan {
    let rate = |machine| Rate::PerSecond(1.0 + ((seed + machine) % 6) as f64);
    classic((0..machines).map(rate).collect(), seed)
}

fn classic(rates: Vec<Rate>, seed: u64) -> Plan {
    let manifest = Manifest {
        run: "mutants".to_owned(),
        machines: rates.len() as u32,
        rates,
        draw_max: 10,
        topology: Topology::Full,
        pacing: Pacing::Even,
        phase: Phase::Random,
        stamp: StampRule::After,
        seed,
        duration: Some(Timespan(Duration::from_secs(60))),
    };
    Plan { manifest, network: Network::default(), faults: Vec::new() }
}

/// Machines at 1, 3 and 6 ticks a second, with what the options of the command line
/// say of network and faults.
fn with(words: &str, seed: u64) -> Plan {
    let mut plan = classic([1.0, 3.0, 6.0].map(Rate::PerSecond).to_vec(), seed);
    for word in words.split(", ") {
        let (option, value) = word.split_once(' ').unwrap();
        match option {
            "latency" => plan.network.latency.push(value.parse().unwrap()),
            "loss" => plan.network.loss.push(value.parse().unwrap()),
            "duplicate" => plan.network.duplicate.push(value.parse().unwrap()),
            "cut" => plan.faults.push(Fault::Cut(value.parse().unwrap())),
            "crash" => plan.faults.push(Fault::Crash(value.parse().unwrap())),
            "pause" => plan.faults.push(Fault::Pause(value.parse().unwrap())),
            _ => panic!("{word}"),
        }
    }
    plan
}
