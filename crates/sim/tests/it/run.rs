//! Runs to be simulated, and what came of them.

use std::collections::BTreeMap;
use std::time::Duration;

use check::{Judge, Records, Verdict};
use journal::{Manifest, Pacing, Phase, Rate, Record, StampRule, Time, Timespan, Topology};
use machine::MachineId;
use sim::{Effect, Fault, Network, Plan, Simulation, Tally};

/// Machines at these rates for so many seconds, in a perfect network.
pub(crate) fn plan(rates: &[f64], seconds: f64, seed: u64) -> Plan {
    let manifest = Manifest {
        run: "test".to_owned(),
        machines: rates.len() as u32,
        rates: rates.iter().copied().map(Rate::PerSecond).collect(),
        draw_max: 10,
        topology: Topology::Full,
        pacing: Pacing::Even,
        phase: Phase::Random,
        stamp: StampRule::After,
        seed,
        duration: Some(Timespan(Duration::from_secs_f64(seconds))),
    };
    Plan { manifest, network: Network::default(), faults: Vec::new() }
}

/// The classic experiment: three machines at 1, 3 and 6 ticks a second, a minute
/// long.
pub(crate) fn classic(seed: u64) -> Plan {
    plan(&[1.0, 3.0, 6.0], 60.0, seed)
}

/// The classic experiment with a network and faults, as the command line has them:
/// `"loss 0.1, cut 2-3@10s..20s"`.
pub(crate) fn with(words: &str) -> Plan {
    let mut plan = classic(7);
    for word in words.split(", ").filter(|word| !word.is_empty()) {
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

/// What a run came to.
pub(crate) struct Outcome {
    pub(crate) logs: Vec<Vec<Record>>,
    pub(crate) tally: Tally,
    pub(crate) verdict: Verdict,
}

/// The logs of a run, and what network and faults did.
pub(crate) fn logs(plan: Plan) -> (Vec<Vec<Record>>, Tally) {
    let mut logs = vec![Vec::new(); plan.manifest.machines as usize];
    let mut keep = |machine: MachineId, record| logs[machine.get() as usize - 1].push(record);
    let tally = Simulation::new(plan).unwrap().run(&mut keep);
    (logs, tally)
}

pub(crate) fn simulate(plan: Plan) -> Outcome {
    let manifest = plan.manifest.clone();
    let (logs, tally) = logs(plan);
    let mut judge = Judge::new("", Some(manifest));
    for (log, machine) in logs.iter().zip(1..) {
        judge.add(machine, Ok(Records::new(log.clone())));
    }
    let verdict = judge.verdict();
    Outcome { logs, tally, verdict }
}

/// When each message was sent, by sender, receiver and number.
pub(crate) fn sends(logs: &[Vec<Record>]) -> BTreeMap<(u32, u32, u64), Time> {
    let mut sends = BTreeMap::new();
    for (log, from) in logs.iter().zip(1..) {
        for record in log {
            if let Record::Send(send) = record {
                let messages = send.to.iter().zip(&send.seq);
                sends.extend(messages.map(|(&to, &seq)| ((from, to, seq), send.time)));
            }
        }
    }
    sends
}

/// As [`simulate`], for a run that must hold.
pub(crate) fn holds(words: &str) -> Outcome {
    let outcome = simulate(with(words));
    let Outcome { verdict, tally, .. } = &outcome;
    assert_eq!(verdict.outcome, check::Outcome::Holds, "{words}: {verdict}");
    assert_eq!(tally.refusals, Vec::<String>::new(), "{words}");
    outcome
}

impl Outcome {
    /// What the first fault did.
    pub(crate) fn effect(&self) -> &Effect {
        &self.tally.faults[0].1
    }

    /// How many ticks a machine made.
    pub(crate) fn ticks(&self, machine: usize) -> u64 {
        self.logs[machine - 1].iter().filter_map(Record::tick).max().unwrap_or(0)
    }

    /// How many slots a machine missed.
    pub(crate) fn missed(&self, machine: usize) -> u64 {
        let stops = self.logs[machine - 1].iter().filter_map(|record| match record {
            Record::Stop(stop) => Some(stop.missed),
            _ => None,
        });
        stops.sum()
    }

    /// The seconds after the epoch at which a machine received from another.
    pub(crate) fn receipts(&self, machine: usize, from: u32) -> Vec<f64> {
        let epoch = sim::Moment::EPOCH.time();
        let receipt = |record: &Record| match record {
            Record::Receive(receive) if receive.from == from => {
                Some(receive.time.seconds_since(epoch))
            }
            _ => None,
        };
        self.logs[machine - 1].iter().filter_map(receipt).collect()
    }
}
