//! A simulator of its own: nothing here is shared with the judge or with the
//! machines, so that the three can only agree by agreeing with the description.

use journal::{
    FORMAT, Internal, Manifest, Pacing, Phase, Rate, Receive, Record, Send, StampRule, Start, Stop,
    StopReason, Time, Timespan, Topology,
};
use rand::rngs::ChaCha8Rng;
use rand::{Rng, SeedableRng};

use crate::Logs;

/// A run to be simulated.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) rates: Vec<f64>,
    pub(crate) seconds: f64,
    pub(crate) seed: u64,
    /// Whether the logs say where the draws come from.
    pub(crate) names_generator: bool,
    pub(crate) draw_max: u64,
    pub(crate) topology: Topology,
    pub(crate) stamp: StampRule,
    pub(crate) pacing: Pacing,
    /// What the machines draw from, where that is not what they say.
    pub(crate) drawn_max: Option<u64>,
    pub(crate) crash: Option<Crash>,
}

/// A machine, counted from 0, is killed and started again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Crash {
    pub(crate) machine: usize,
    pub(crate) at: f64,
    pub(crate) until: f64,
}

/// A message that has not been received.
struct Message {
    from: usize,
    to: usize,
    seq: u64,
    stamp: u64,
    arrives: f64,
}

#[derive(Default)]
struct Machine {
    log: Vec<Record>,
    clock: u64,
    ticks: u64,
    seqs: Vec<u64>,
    started: f64,
    phase: f64,
    slot: u64,
    incarnation: u32,
}

const LATENCY: f64 = 0.01;

impl Default for Run {
    fn default() -> Self {
        Self {
            rates: vec![2.0, 5.0, 11.0],
            seconds: 60.0,
            seed: 7,
            names_generator: true,
            draw_max: 10,
            topology: Topology::Full,
            stamp: StampRule::After,
            pacing: Pacing::Even,
            drawn_max: None,
            crash: None,
        }
    }
}

impl Run {
    pub(crate) fn with_crash() -> Self {
        let crash = Crash { machine: 1, at: 20.0, until: 23.3 };
        Self { crash: Some(crash), ..Self::default() }
    }

    pub(crate) fn of_unknown_draws() -> Self {
        Self { names_generator: false, ..Self::default() }
    }

    pub(crate) fn manifest(&self) -> Manifest {
        Manifest {
            run: "test".to_owned(),
            machines: self.rates.len() as u32,
            rates: self.rates.iter().copied().map(Rate::PerSecond).collect(),
            draw_max: self.draw_max,
            topology: self.topology,
            pacing: self.pacing,
            phase: Phase::Random,
            stamp: self.stamp,
            seed: self.seed,
            duration: Some(format!("{}s", self.seconds).parse::<Timespan>().unwrap()),
        }
    }

    pub(crate) fn simulate(&self) -> Logs {
        let count = self.rates.len();
        let mut machines: Vec<Machine> = (0..count).map(|_| Machine::default()).collect();
        let mut messages = Vec::new();
        for (id, machine) in machines.iter_mut().enumerate() {
            machine.seqs = vec![0; count];
            machine.phase = self.phase(id);
            self.start(id, machine, 0.0);
        }
        let mut crash = self.crash;
        loop {
            let next = (0..count).map(|id| (self.due(id, &machines[id]), id));
            let (now, id) = next.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
            if let Some(crash) = crash.take_if(|crash| crash.at <= now) {
                let machine = &mut machines[crash.machine];
                machine.phase = (1e6 / self.rates[crash.machine]).floor() / 1e6;
                self.start(crash.machine, machine, crash.until);
                let lost = messages.iter_mut();
                for message in lost.filter(|message: &&mut Message| message.to == crash.machine) {
                    message.arrives = message.arrives.max(crash.until + LATENCY);
                }
                continue;
            }
            if now >= self.seconds {
                break;
            }
            machines[id].slot += 1;
            self.tick(id, &mut machines[id], now, &mut messages);
        }
        for (id, machine) in machines.iter_mut().enumerate() {
            let queue = messages.iter().filter(|message| message.to == id).count() as u64;
            self.stop(machine, queue);
        }
        machines.into_iter().map(|machine| machine.log).collect()
    }

    fn due(&self, id: usize, machine: &Machine) -> f64 {
        let after = machine.slot as f64 / self.rates[id];
        let after = match self.pacing {
            Pacing::Even => after,
            Pacing::Burst => after.floor(),
        };
        machine.started + machine.phase + after
    }

    fn tick(&self, id: usize, machine: &mut Machine, now: f64, messages: &mut Vec<Message>) {
        machine.ticks += 1;
        let (time, tick) = (time(now), machine.ticks);
        let mut inbox = (0..messages.len())
            .filter(|&place| messages[place].to == id && messages[place].arrives <= now);
        if let Some(oldest) = inbox.next() {
            let queue = inbox.count() as u64;
            let Message { from, seq, stamp, .. } = messages.remove(oldest);
            machine.clock = machine.clock.max(stamp) + 1;
            machine.log.push(Record::Receive(Receive {
                time,
                tick,
                from: from as u32 + 1,
                seq,
                stamp,
                queue,
                clock: machine.clock,
            }));
            return;
        }
        let draw = self.draw(id, tick);
        let to = self.recipients(id, draw);
        let before = machine.clock;
        machine.clock += 1;
        let (queue, clock) = (0, machine.clock);
        if to.is_empty() {
            machine.log.push(Record::Internal(Internal { time, tick, draw, queue, clock }));
            return;
        }
        let stamp = match self.stamp {
            StampRule::After => clock,
            StampRule::Before => before,
        };
        let mut seqs = Vec::new();
        for &to in &to {
            machine.seqs[to] += 1;
            let seq = machine.seqs[to];
            seqs.push(seq);
            messages.push(Message { from: id, to, seq, stamp, arrives: now + LATENCY });
        }
        machine.log.push(Record::Send(Send {
            time,
            tick,
            draw,
            to: to.iter().map(|&to| to as u32 + 1).collect(),
            seq: seqs.into(),
            queue,
            clock,
        }));
    }

    fn recipients(&self, id: usize, draw: u64) -> Vec<usize> {
        let count = self.rates.len();
        let mut neighbours: Vec<usize> = (1..count).map(|ahead| (id + ahead) % count).collect();
        if self.topology == Topology::Ring && count > 2 {
            neighbours = vec![neighbours[0], neighbours[count - 2]];
        }
        match (draw, neighbours.len()) {
            (1, _) | (2, 1) => neighbours[..1].to_vec(),
            (2, _) => neighbours[1..2].to_vec(),
            (3, _) => neighbours,
            _ => Vec::new(),
        }
    }

    fn draw(&self, id: usize, tick: u64) -> u64 {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_stream(id as u64 + 1);
        generator.set_word_pos(2 * u128::from(tick - 1));
        let word = u128::from(generator.next_u64());
        1 + ((word * u128::from(self.drawn_max.unwrap_or(self.draw_max))) >> 64) as u64
    }

    fn phase(&self, id: usize) -> f64 {
        let mut generator = ChaCha8Rng::seed_from_u64(self.seed);
        generator.set_word_pos(2 * (2 * id as u128 + 1));
        let unit = (generator.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        (unit / self.rates[id] * 1e6).floor() / 1e6
    }

    fn start(&self, id: usize, machine: &mut Machine, now: f64) {
        machine.started = now;
        machine.slot = 0;
        machine.incarnation += 1;
        machine.log.push(Record::from(Start {
            log: FORMAT.to_owned(),
            time: time(now),
            run: "test".to_owned(),
            machine: id as u32 + 1,
            machines: self.rates.len() as u32,
            topology: self.topology,
            rate: Rate::PerSecond(self.rates[id]),
            draw_max: self.draw_max,
            seed: self.names_generator.then_some(self.seed),
            generator: self.names_generator.then(|| "chacha8".to_owned()),
            phase: machine.phase,
            pacing: self.pacing,
            stamp: self.stamp,
            duration: Some(self.seconds),
            incarnation: machine.incarnation,
            clock: machine.clock,
        }));
    }

    fn stop(&self, machine: &mut Machine, queue: u64) {
        machine.log.push(Record::Stop(Stop {
            time: time(self.seconds),
            reason: StopReason::Duration,
            ticks: machine.ticks,
            missed: 0,
            queue,
            in_flight: 0,
            clock: machine.clock,
        }));
    }
}

fn time(seconds: f64) -> Time {
    Time::from_micros(946_684_800_000_000 + (seconds * 1e6) as i64)
}
