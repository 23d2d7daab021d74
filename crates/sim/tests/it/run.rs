//! Runs to be simulated, and what came of them.

use check::{Judge, Records, Verdict};
use journal::{Manifest, Pacing, Phase, Rate, Record, StampRule, Timespan, Topology};
use sim::{Fault, Network, Plan, Simulation, Tally};

/// The classic experiment: three machines at 1, 3 and 6 ticks a second, a minute
/// long, in a perfect network.
pub(crate) fn classic(seed: u64) -> Plan {
    let manifest = Manifest {
        run: "test".to_owned(),
        machines: 3,
        rates: [1.0, 3.0, 6.0].map(Rate::PerSecond).to_vec(),
        draw_max: 10,
        topology: Topology::Full,
        pacing: Pacing::Even,
        phase: Phase::Random,
        stamp: StampRule::After,
        seed,
        duration: Some("60s".parse::<Timespan>().unwrap()),
    };
    Plan { manifest, network: Network::default(), faults: Vec::new() }
}

/// The classic experiment with faults, as the command line has them.
pub(crate) fn with(words: &str) -> Plan {
    let mut plan = classic(7);
    for word in words.split_whitespace() {
        let (option, value) = word.split_once(':').unwrap();
        match option {
            "latency" => plan.network.latency.push(value.parse().unwrap()),
            "loss" => plan.network.loss.push(value.parse().unwrap()),
            "duplicate" => plan.network.duplicate.push(value.parse().unwrap()),
            "cut" => plan.faults.push(Fault::Cut(value.parse().unwrap())),
            "crash" => plan.faults.push(Fault::Crash(value.parse().unwrap())),
            "torn" => {
                let crash = sim::Crash { torn: true, ..value.parse().unwrap() };
                plan.faults.push(Fault::Crash(crash));
            }
            "pause" => plan.faults.push(Fault::Pause(value.parse().unwrap())),
            _ => panic!("{word}"),
        }
    }
    plan
}

/// What a run came to.
pub(crate) struct Outcome {
    pub(crate) logs: Vec<Vec<Record>>,
    pub(crate) tally: Tally,
    pub(crate) verdict: Verdict,
}

pub(crate) fn simulate(plan: Plan) -> Outcome {
    let mut logs = vec![Vec::new(); plan.manifest.machines as usize];
    let manifest = plan.manifest.clone();
    let tally = Simulation::new(plan).unwrap().run(&mut |machine: machine::MachineId, record| {
        logs[machine.get() as usize - 1].push(record);
    });
    let mut judge = Judge::new("", Some(manifest));
    for (log, machine) in logs.iter().zip(1..) {
        judge.add(machine, Ok(Records::new(log.clone())));
    }
    let verdict = judge.verdict();
    Outcome { logs, tally, verdict }
}
