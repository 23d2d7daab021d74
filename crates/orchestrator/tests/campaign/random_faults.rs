//! Whole live runs with many faults at random moments: the run holds and replays
//! whatever befell it.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;
use tempfile::TempDir;

use crate::chance::Chance;
use crate::offbeat::{assert_holds, assert_replays, run_in, stderr, stdout, stop};
use crate::scale;

const MACHINES: u64 = 5;

/// How long a run lasts, in milliseconds.
const RUN: u64 = 8000;

/// All faults are over by then, that machines may catch up.
const LAST: u64 = RUN * 8 / 10;

/// What was done in all runs.
#[derive(Debug, Default)]
struct Done {
    runs: u64,
    kills: u64,
    cuts: u64,
    resets: u64,
    losses: u64,
    pauses: u64,
    ticks_missed: u64,
    torn_bytes: u64,
    resent: u64,
    ended_in_flight: u64,
}

struct Goal {
    kills: u64,
    resets: u64,
    pauses: u64,
}

#[test]
fn whatever_befalls_it_a_run_holds_and_replays() {
    let mut chance = Chance::new("random faults");
    let goal = scale::of(
        Goal { kills: 60, resets: 60, pauses: 20 },
        Goal { kills: 1000, resets: 1000, pauses: 200 },
    );
    let mut done = Done::default();
    while done.kills < goal.kills || done.pauses < goal.pauses || done.resets < goal.resets {
        let words = match done.kills * goal.pauses <= done.pauses * goal.kills {
            true => [cuts(&mut chance), kills(&mut chance)].concat(),
            false => [cuts(&mut chance), pauses(&mut chance)].concat(),
        };
        run(&mut chance, &words, &mut done);
    }
    eprintln!("random faults: {done:#?}");
}

fn run(chance: &mut Chance, words: &[String], done: &mut Done) {
    let rates: Vec<_> = (0..MACHINES).map(|_| chance.between(10, 60).to_string()).collect();
    let latency = chance.one_of(&["0s", "2ms", "uniform:0ms..10ms", "exp:5ms"]);
    let loss = chance.one_of(&["0", "0.002", "0.01"]);
    let seed = chance.between(0, 1 << 32);
    let args = format!(
        "run --machines {MACHINES} --rates {} --duration {RUN}ms --seed {seed} --ports auto \
         --out out --latency {latency} --loss {loss} {}",
        rates.join(","),
        words.join(" ")
    );
    let mut temp = TempDir::new().unwrap();
    // The logs of a run that fails are worth a look.
    temp.disable_cleanup(true);
    let output = run_in(temp.path(), &args);
    let folder = temp.path().join("out");
    assert_ended(&folder, &output, &args);
    assert_holds(&folder);
    assert_replays(&folder);
    done.add(&folder, output.status.code() == Some(5));
    temp.disable_cleanup(false);
}

/// It ended in good order, with messages in flight only if its logs say so.
fn assert_ended(folder: &Path, output: &Output, args: &str) {
    let in_flight: u64 =
        (1..=MACHINES as u32).map(|id| stop(folder, id).map_or(0, |stop| stop.in_flight)).sum();
    let expected = if in_flight == 0 { 0 } else { 5 };
    let told =
        format!("{}: offbeat {args}\n{}\n{}", folder.display(), stderr(output), stdout(output));
    assert_eq!(output.status.code(), Some(expected), "{in_flight} in flight: {told}");
}

/// Kills of each machine, one after the other.
fn kills(chance: &mut Chance) -> Vec<String> {
    let kill = |chance: &mut Chance| (chance.between(30, 800), chance.between(1, 200));
    (1..=MACHINES).flat_map(|id| in_a_row(chance, &format!("--crash {id}"), kill)).collect()
}

/// Pauses of each machine, one after the other, from 10 ms to 5 s.
fn pauses(chance: &mut Chance) -> Vec<String> {
    let pause = |chance: &mut Chance| (chance.between(30, 800), chance.log_between(10.0, 5000.0));
    (1..=MACHINES).flat_map(|id| in_a_row(chance, &format!("--pause {id}"), pause)).collect()
}

/// Cuts of both ways and one way, of machines and of all.
fn cuts(chance: &mut Chance) -> Vec<String> {
    let mut words = Vec::new();
    for _ in 0..6 {
        let one = chance.between(1, MACHINES);
        let other = (one + chance.between(0, MACHINES - 2)) % MACHINES + 1;
        let links = [format!("{one}-{other}"), format!("{one}>{other}"), one.to_string()];
        let links = links[chance.between(0, 2) as usize].clone();
        let cut =
            |chance: &mut Chance| (chance.between(200, 1500), chance.log_between(5.0, 3000.0));
        words.extend(in_a_row(chance, &format!("--cut {links}"), cut));
    }
    words
}

/// Faults of one kind with breaks between them: `next` gives break and length.
fn in_a_row(
    chance: &mut Chance,
    word: &str,
    next: impl Fn(&mut Chance) -> (u64, u64),
) -> Vec<String> {
    let (mut words, mut now) = (Vec::new(), 0);
    loop {
        let (wait, length) = next(chance);
        let (from, to) = (now + wait, now + wait + length);
        if to > LAST {
            return words;
        }
        words.push(format!("{word}@{from}ms..{to}ms"));
        now = to;
    }
}

impl Done {
    fn add(&mut self, folder: &Path, in_flight: bool) {
        let told = fs::read_to_string(folder.join("faults.json")).unwrap();
        let told: Value = serde_json::from_str(&told).unwrap();
        let sum = |key: &str| {
            let faults = told["faults"].as_array().unwrap().iter();
            faults.filter_map(|fault| fault[key].as_u64()).sum::<u64>()
        };
        let proxy = |key: &str| told["proxy"][key].as_u64().unwrap();
        self.runs += 1;
        self.kills += sum("killed");
        self.pauses += sum("stopped");
        self.ticks_missed += sum("ticks_missed");
        self.torn_bytes += sum("torn_bytes");
        self.cuts += sum("frames").min(1) * count(&told, "cut");
        self.resets += proxy("connections_reset");
        self.losses += proxy("connections_lost");
        self.resent += proxy("messages_resent");
        self.ended_in_flight += u64::from(in_flight);
        assert_eq!(told["refusals"], serde_json::json!([]));
    }
}

/// Faults of a kind that touched something.
fn count(told: &Value, kind: &str) -> u64 {
    let faults = told["faults"].as_array().unwrap().iter();
    faults.filter(|fault| fault["kind"] == kind && fault["touched_nothing"] == false).count() as u64
}
