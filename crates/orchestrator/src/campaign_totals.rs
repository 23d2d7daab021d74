//! What the runs of a campaign came to, added up.

use std::collections::BTreeMap;

use check::{Rule, Tallies};
use sim::{Effect, Fault, Tally};
use stream::Simulated;

use crate::campaign::Failure;

/// Sums and distributions over many runs. Adding runs in any order gives the same.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) runs: u64,
    pub(crate) events: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    /// Runs in which some machine stopped with messages in flight.
    pub(crate) in_flight: u64,
    /// How often each rule was put to the test.
    pub(crate) exercised: BTreeMap<&'static str, u64>,
    /// How often each rule was violated.
    pub(crate) violations: BTreeMap<&'static str, u64>,
    /// Each kind of fault.
    pub(crate) faults: BTreeMap<&'static str, FaultTotals>,
    pub(crate) network: NetworkTotals,
    /// The runs that do not hold, by seed.
    pub(crate) failures: BTreeMap<u64, Failure>,
    /// The figures of each machine, by its number, a value a run.
    pub(crate) machines: BTreeMap<u32, Figures>,
}

/// What the faults of one kind did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct FaultTotals {
    /// How many there were.
    pub(crate) struck: u64,
    /// How many of them touched nothing.
    pub(crate) in_vain: u64,
    /// What they did, in the unit of the kind: messages held back, machines
    /// killed, records torn, ticks missed.
    pub(crate) effect: u64,
}

/// What the network did.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct NetworkTotals {
    pub(crate) lost: u64,
    pub(crate) duplicated: u64,
    pub(crate) repeated: u64,
    pub(crate) resent: u64,
    pub(crate) connections: u64,
    pub(crate) gaps: u64,
}

/// The figures of one machine over all runs.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) ticks: Vec<f64>,
    pub(crate) clock: Vec<f64>,
    pub(crate) behind: Vec<f64>,
    pub(crate) mean_jump: Vec<f64>,
    pub(crate) queue: Vec<f64>,
}

impl Totals {
    /// Adds a run.
    pub(crate) fn add(&mut self, seed: u64, run: &Simulated, failure: Option<Failure>) {
        let Tallies { events, sent, received, .. } = run.verdict.tallies;
        self.runs += 1;
        self.events += events;
        self.sent += sent;
        self.received += received;
        self.in_flight += u64::from(run.has_messages_in_flight());
        for finding in &run.verdict.rules {
            *self.exercised.entry(finding.rule.id()).or_default() += finding.exercised;
            *self.violations.entry(finding.rule.id()).or_default() += finding.violations;
        }
        self.add_tally(&run.tally);
        self.failures.extend(failure.map(|failure| (seed, failure)));
        for machine in &run.summary.machines {
            let figures = self.machines.entry(machine.machine).or_default();
            figures.ticks.push(machine.statistics.ticks as f64);
            figures.clock.push(machine.statistics.clock as f64);
            figures.behind.push(machine.behind as f64);
            figures.mean_jump.extend(machine.jump_mean);
            figures.queue.push(machine.statistics.queue as f64);
        }
    }

    fn add_tally(&mut self, tally: &Tally) {
        for (fault, effect) in &tally.faults {
            let (kind, did) = match (fault, effect) {
                (Fault::Crash(crash), Effect::Crash { forgotten, .. }) if crash.torn => {
                    ("torn crash", *forgotten)
                }
                (_, Effect::Crash { killed, .. }) => ("crash", *killed),
                (_, Effect::Cut { held_back, .. }) => ("cut", *held_back),
                (_, Effect::Pause { missed, .. }) => ("pause", *missed),
            };
            let totals = self.faults.entry(kind).or_default();
            totals.struck += 1;
            totals.in_vain += u64::from(effect.is_nothing());
            totals.effect += did;
        }
        let network = &mut self.network;
        network.lost += tally.lost;
        network.duplicated += tally.duplicated;
        network.repeated += tally.repeated;
        network.resent += tally.resent;
        network.connections += tally.connections;
        network.gaps += tally.gaps;
    }

    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.runs += other.runs;
        self.events += other.events;
        self.sent += other.sent;
        self.received += other.received;
        self.in_flight += other.in_flight;
        add_up(&mut self.exercised, other.exercised);
        add_up(&mut self.violations, other.violations);
        for (kind, more) in other.faults {
            let totals = self.faults.entry(kind).or_default();
            totals.struck += more.struck;
            totals.in_vain += more.in_vain;
            totals.effect += more.effect;
        }
        self.network = self.network.and(other.network);
        self.failures.extend(other.failures);
        for (machine, more) in other.machines {
            self.machines.entry(machine).or_default().extend(more);
        }
        self
    }

    /// The rules that were never put to the test.
    pub(crate) fn unexercised(&self) -> Vec<&'static str> {
        let is_idle = |id: &&'static str| self.exercised.get(id).copied().unwrap_or(0) == 0;
        Rule::ALL.iter().map(|rule| rule.id()).filter(is_idle).collect()
    }
}

fn add_up(sums: &mut BTreeMap<&'static str, u64>, more: BTreeMap<&'static str, u64>) {
    for (key, count) in more {
        *sums.entry(key).or_default() += count;
    }
}

impl NetworkTotals {
    fn and(self, other: Self) -> Self {
        Self {
            lost: self.lost + other.lost,
            duplicated: self.duplicated + other.duplicated,
            repeated: self.repeated + other.repeated,
            resent: self.resent + other.resent,
            connections: self.connections + other.connections,
            gaps: self.gaps + other.gaps,
        }
    }
}

impl Figures {
    fn extend(&mut self, other: Self) {
        self.ticks.extend(other.ticks);
        self.clock.extend(other.clock);
        self.behind.extend(other.behind);
        self.mean_jump.extend(other.mean_jump);
        self.queue.extend(other.queue);
    }
}

/// The value below which a share of all lies: the nearest rank.
pub(crate) fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.max(1) - 1).copied().unwrap_or(0.0)
}
