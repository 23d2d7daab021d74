//! A tiny simulation of the experiment, independent of the real one: no links,
//! no latency, its own generator. Its records are what the tests feed on.

use std::collections::VecDeque;
use std::time::Duration;

use journal::{
    FORMAT, Internal, Pacing, Rate, Receive, Record, Send, StampRule, Start, Stop, StopReason,
    Time, Topology,
};
use report::{Network, Statistics, Summary};

/// What is simulated.
#[derive(Clone, Debug)]
pub(crate) struct Simulator {
    pub(crate) network: Network,
    /// In seconds.
    pub(crate) duration: f64,
    /// All phases 0, else random.
    pub(crate) aligned: bool,
    pub(crate) seed: u64,
}

/// Sender, seq, stamp.
type Message = (u32, u64, u64);

struct Machine {
    rate: f64,
    phase: f64,
    ticks: u64,
    clock: u64,
    inbox: VecDeque<Message>,
    seqs: Vec<u64>,
}

/// Splitmix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Seconds after the start as a time.
pub(crate) fn at(seconds: f64) -> Time {
    Time::from_micros(946_684_800_000_000).after(Duration::from_secs_f64(seconds))
}

/// The neighbours of machine `index + 1`, written out from the rule.
pub(crate) fn neighbours(network: &Network, index: usize) -> Vec<usize> {
    let machines = network.rates.len();
    match network.topology {
        Topology::Full => (1..machines).map(|ahead| (index + ahead) % machines).collect(),
        Topology::Ring if machines == 2 => vec![1 - index],
        Topology::Ring => vec![(index + 1) % machines, (index + machines - 1) % machines],
    }
}

/// Those of `neighbours` that `draw` sends to, written out from the rule.
pub(crate) fn recipients(neighbours: &[usize], draw: u64) -> Vec<usize> {
    match (draw, neighbours) {
        (1, [first, ..]) => vec![*first],
        (2, [_, second, ..]) => vec![*second],
        (2, [only]) => vec![*only],
        (3, all) => all.to_vec(),
        _ => Vec::new(),
    }
}

impl Simulator {
    pub(crate) fn new(rates: &[f64], draw_max: u64, duration: f64) -> Self {
        Self {
            network: Network { rates: rates.to_vec(), topology: Topology::Full, draw_max },
            duration,
            aligned: false,
            seed: 1,
        }
    }

    pub(crate) fn start(&self, index: usize) -> Record {
        let Network { rates, topology, draw_max } = &self.network;
        Record::from(Start {
            log: FORMAT.to_owned(),
            time: at(0.0),
            run: "test".to_owned(),
            machine: index as u32 + 1,
            machines: rates.len() as u32,
            topology: *topology,
            rate: Rate::PerSecond(rates[index]),
            draw_max: *draw_max,
            seed: None,
            generator: None,
            phase: 0.0,
            pacing: Pacing::Even,
            stamp: StampRule::After,
            duration: Some(self.duration),
            incarnation: 1,
            clock: 0,
        })
    }

    /// Runs it and gives each record with the index of its machine.
    pub(crate) fn run(&self, mut push: impl FnMut(usize, Record)) {
        let mut chance = Chance(self.seed);
        let rates = &self.network.rates;
        let mut machines: Vec<_> = rates
            .iter()
            .map(|&rate| Machine {
                rate,
                phase: if self.aligned { 0.0 } else { chance.unit() / rate },
                ticks: 0,
                clock: 0,
                inbox: VecDeque::new(),
                seqs: vec![0; rates.len()],
            })
            .collect();
        (0..rates.len()).for_each(|index| push(index, self.start(index)));
        let mut under_way = Vec::new();
        let mut before = 0.0;
        loop {
            let due = |machine: &Machine| machine.phase + machine.ticks as f64 / machine.rate;
            let (index, now) = machines
                .iter()
                .map(due)
                .enumerate()
                .min_by(|(_, a), (_, b)| a.total_cmp(b))
                .expect("at least one machine");
            if now >= self.duration {
                break;
            }
            // All ticks of an instant come before what they sent arrives.
            if now > before {
                under_way.drain(..).for_each(|(to, message): (usize, _)| {
                    machines[to].inbox.push_back(message);
                });
            }
            before = now;
            let draw = 1 + chance.next() % self.network.draw_max;
            push(index, self.tick(&mut machines[index], &mut under_way, index, now, draw));
        }
        for (to, message) in under_way {
            machines[to].inbox.push_back(message);
        }
        for (index, machine) in machines.iter().enumerate() {
            push(index, stop(machine, self.duration));
        }
    }

    fn tick(
        &self,
        machine: &mut Machine,
        under_way: &mut Vec<(usize, Message)>,
        index: usize,
        now: f64,
        draw: u64,
    ) -> Record {
        let to = recipients(&neighbours(&self.network, index), draw);
        machine.ticks += 1;
        let (time, tick) = (at(now), machine.ticks);
        if let Some((from, seq, stamp)) = machine.inbox.pop_front() {
            machine.clock = machine.clock.max(stamp) + 1;
            let (queue, clock) = (machine.inbox.len() as u64, machine.clock);
            return Record::Receive(Receive { time, tick, from, seq, stamp, queue, clock });
        }
        machine.clock += 1;
        let clock = machine.clock;
        if to.is_empty() {
            return Record::Internal(Internal { time, tick, draw, queue: 0, clock });
        }
        let mut seqs = Vec::new();
        for &to in &to {
            machine.seqs[to] += 1;
            let seq = machine.seqs[to];
            under_way.push((to, (index as u32 + 1, seq, clock)));
            seqs.push(seq);
        }
        let to = to.into_iter().map(|to| to as u32 + 1).collect();
        Record::Send(Send { time, tick, draw, to, seq: seqs.into(), queue: 0, clock })
    }

    pub(crate) fn logs(&self) -> Vec<Vec<Record>> {
        let mut logs = vec![Vec::new(); self.network.rates.len()];
        self.run(|index, record| logs[index].push(record));
        logs
    }

    pub(crate) fn statistics(&self) -> Vec<Statistics> {
        let mut statistics = vec![Statistics::new(); self.network.rates.len()];
        self.run(|index, record| statistics[index].push(&record));
        statistics
    }

    pub(crate) fn summary(&self) -> Summary {
        Summary::of((1..).zip(self.statistics()))
    }
}

fn stop(machine: &Machine, duration: f64) -> Record {
    Record::Stop(Stop {
        time: at(duration),
        reason: StopReason::Duration,
        ticks: machine.ticks,
        missed: 0,
        queue: machine.inbox.len() as u64,
        in_flight: 0,
        clock: machine.clock,
    })
}

/// The summary of these logs, the first of machine 1.
pub(crate) fn summary(logs: &[Vec<Record>]) -> Summary {
    Summary::of((1..).zip(logs.iter().map(|log| gathered(log))))
}

/// The statistics of this log.
pub(crate) fn gathered(log: &[Record]) -> Statistics {
    let mut statistics = Statistics::new();
    log.iter().for_each(|record| statistics.push(record));
    statistics
}
