//! Runs in virtual time, as the command makes them.

use std::ffi::OsStr;
use std::fs;
use std::io::Read as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Child, Output, Stdio};

use journal::{Folder, Record, Start};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::deadline::wait_until;
use crate::offbeat::{assert_holds, offbeat, records, run_in, stderr, stdout};

fn json(folder: &Path, args: &str) -> Value {
    serde_json::from_str(&stdout(&run_in(folder, args))).unwrap()
}

#[test]
fn logs_that_are_kept_say_what_the_stream_said() {
    let temp = TempDir::new().unwrap();
    let faults = "--cut 2>3@5s..9s --crash torn:1@10s..12s --pause 3@15s..16s --loss 0.02 \
                  --latency exp:5ms";
    let args = format!("simulate --seed 9 --rates 1,3,6 --duration 30s --json {faults}");
    let streamed = json(temp.path(), &args);
    let kept = json(temp.path(), &format!("{args} --out kept"));
    assert_eq!(streamed["tally"], kept["tally"]);
    assert_eq!(streamed["summary"], kept["summary"]);
    assert_eq!(streamed["verdict"]["outcome"], "holds");
    assert_eq!(streamed["verdict"]["rules"], kept["verdict"]["rules"]);
    assert_eq!(streamed["tally"]["faults"].as_array().unwrap().len(), 3);
    assert_holds(&temp.path().join("kept"));
    assert!(!temp.path().join("runs").exists(), "nothing else is kept");
}

#[test]
fn a_folder_that_is_kept_repeats_its_run() {
    let temp = TempDir::new().unwrap();
    let first = "simulate --seed 4 --pause 2@1s..2s --crash torn:1@5s..6s --faults random \
                 --duration 20s --machines 4 --out first";
    run_in(temp.path(), first);
    run_in(temp.path(), "simulate first/run.toml --out second");
    for file in ["machine-1.jsonl", "machine-2.jsonl", "machine-4.jsonl"] {
        let text = |folder: &str| fs::read_to_string(temp.path().join(folder).join(file)).unwrap();
        assert!(text("first").lines().count() > 10);
        // The name of a run comes from its file, and with it the id's first part.
        assert_eq!(text("first"), text("second"), "{file}");
    }
    let manifest =
        |folder: &str| fs::read_to_string(temp.path().join(folder).join(Folder::MANIFEST)).unwrap();
    assert_eq!(manifest("first"), manifest("second"));
}

fn starts(folder: &Path) -> Vec<Start> {
    let start = |machine| match records(folder, machine).into_iter().next() {
        Some(Record::Start(start)) => *start,
        other => panic!("{other:?}"),
    };
    (1..=3).map(start).collect()
}

/// The draws of a machine's idle ticks, by tick.
fn draws(folder: &Path, machine: u32) -> Vec<(u64, u64)> {
    let draw = |record: &Record| match record {
        Record::Internal(internal) => Some((internal.tick, internal.draw)),
        Record::Send(send) => Some((send.tick, send.draw)),
        _ => None,
    };
    records(folder, machine).iter().filter_map(draw).collect()
}

#[test]
fn a_seed_means_the_same_live_and_in_virtual_time() {
    let temp = TempDir::new().unwrap();
    run_in(temp.path(), "run --seed 11 --duration 3s --ports auto --out live");
    run_in(temp.path(), "simulate --seed 11 --duration 3s --out virtual");
    let (live, virtually) = (temp.path().join("live"), temp.path().join("virtual"));
    for (live, virtually) in starts(&live).iter().zip(starts(&virtually)) {
        assert_eq!((live.rate, live.phase), (virtually.rate, virtually.phase));
    }
    let mut compared = 0;
    for machine in 1..=3 {
        for (tick, draw) in draws(&live, machine) {
            for (_, other) in draws(&virtually, machine).iter().filter(|(same, _)| *same == tick) {
                assert_eq!(draw, *other, "machine {machine}, tick {tick}");
                compared += 1;
            }
        }
    }
    assert!(compared > 5, "{compared}");
}

const CAMPAIGN: &str = "simulate --seeds 1..60 --faults random --duration 20s --json";

#[test]
fn a_campaign_is_the_same_on_one_core_and_on_all() {
    let temp = TempDir::new().unwrap();
    let on_all = json(temp.path(), CAMPAIGN);
    assert_eq!(on_all["runs"], 60);
    assert_eq!(on_all["failures"], serde_json::json!({}));
    assert!(on_all["faults"]["torn crash"]["effect"].as_u64().unwrap() > 0, "{on_all}");
    let on_one = offbeat()
        .env("OFFBEAT_CORES", "1")
        .current_dir(&temp)
        .args(CAMPAIGN.split_whitespace())
        .output()
        .unwrap();
    assert_eq!(serde_json::from_str::<Value>(&stdout(&on_one)).unwrap(), on_all);
}

/// A campaign under way.
struct Campaign(Child);

impl Campaign {
    /// That of these words, once it listens for signals and makes its runs.
    fn begun(temp: &TempDir, words: &str) -> Self {
        let campaign = offbeat()
            .current_dir(temp)
            .args(words.split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stat = format!("/proc/{}/stat", campaign.id());
        let campaign = Self(campaign);
        // User time in hundredths of a second; a command that only starts takes less.
        wait_until("it has computed for a while", || {
            let stat = fs::read_to_string(&stat).unwrap();
            stat.split(' ').nth(13).unwrap().parse::<u64>().unwrap() > 30
        });
        campaign
    }

    fn tell(&self, signal: Signal) {
        kill(Pid::from_raw(self.0.id() as i32), signal).unwrap();
    }

    fn ended(mut self) -> Output {
        let mut status = None;
        wait_until("it ends", || {
            status = self.0.try_wait().unwrap();
            status.is_some()
        });
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        self.0.stdout.take().unwrap().read_to_end(&mut stdout).unwrap();
        self.0.stderr.take().unwrap().read_to_end(&mut stderr).unwrap();
        Output { status: status.unwrap(), stdout, stderr }
    }
}

impl Drop for Campaign {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_campaign_that_is_stopped_says_what_its_first_runs_came_to_and_how_to_make_the_others() {
    let temp = TempDir::new().unwrap();
    let campaign = Campaign::begun(&temp, "simulate --seeds 7..100000000 --duration 20s --json");
    campaign.tell(Signal::SIGINT);
    let output = campaign.ended();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("Stopping when the runs under way are done"));
    let mut stopped: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let runs = stopped["runs"].as_u64().unwrap();
    assert!(runs > 0);
    assert_eq!(stopped["seeds_left"].take(), format!("{}..100000000", 7 + runs));
    let last = 6 + runs;
    let whole = json(temp.path(), &format!("simulate --seeds 7..{last} --duration 20s --json"));
    assert_eq!(whole, stopped, "the first runs, and no other");

    let campaign = Campaign::begun(&temp, "simulate --seeds 7..100000000 --duration 20s");
    campaign.tell(Signal::SIGTERM);
    let said = stdout(&campaign.ended());
    let (first, hint) = said.split_once("\n\nNext: cargo run --release -- ").unwrap();
    assert!(first.contains("All hold: ") && first.contains("\nStopped early: seeds "), "{said}");
    assert!(hint.starts_with("simulate --duration 20s --seeds "), "{said}");
    assert!(hint.contains("..100000000   the other runs"), "{said}");
}

#[test]
fn failures_of_a_campaign_that_is_stopped_are_kept_and_make_its_exit_code() {
    let temp = TempDir::new().unwrap();
    let words =
        "simulate --seeds 1..100000000 --rates 1,3,6 --stamp before --duration 20s --out kept";
    let campaign = Campaign::begun(&temp, words);
    campaign.tell(Signal::SIGINT);
    let output = campaign.ended();
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said = stdout(&output);
    assert!(said.contains("\nStopped early: seeds "), "{said}");
    assert!(said.contains(" check kept/seed-1 "), "{said}");
    assert_eq!(run_in(temp.path(), "check kept/seed-1").status.code(), Some(1));
}

#[test]
fn signals_that_come_together_count_once() {
    let temp = TempDir::new().unwrap();
    let campaign = Campaign::begun(&temp, "simulate --seeds 1..100000000 --duration 20s --json");
    campaign.tell(Signal::SIGINT);
    campaign.tell(Signal::SIGTERM);
    assert_eq!(campaign.ended().status.code(), Some(3));
}

#[test]
fn a_campaign_that_is_told_again_to_stop_ends_at_once() {
    let temp = TempDir::new().unwrap();
    // Each takes longer than anybody waits.
    let mut campaign = Campaign::begun(&temp, "simulate --seeds 1..2 --duration 1000000000s");
    // Again and again, for those that come soon after the first count once with it.
    wait_until("it ends", || {
        campaign.tell(Signal::SIGINT);
        campaign.0.try_wait().unwrap().is_some()
    });
    let output = campaign.ended();
    assert_eq!(output.status.code(), Some(4));
    assert!(stderr(&output).contains("error: stopped at once"), "{}", stderr(&output));
}

#[test]
fn a_word_need_not_be_utf_8() {
    let folder = OsStr::from_bytes(b"no \xff folder");
    let output = offbeat().arg("check").arg(folder).output().unwrap();
    assert!(stderr(&output).starts_with("error: "), "{}", stderr(&output));
}

#[test]
fn a_campaign_keeps_its_failures_and_says_how_to_repeat_them() {
    let temp = TempDir::new().unwrap();
    let output = run_in(
        temp.path(),
        "simulate --seeds 5..7 --rates 1,3,6 --stamp before --duration 20s --out kept",
    );
    assert_eq!(output.status.code(), Some(1));
    let text = stdout(&output);
    assert!(text.contains("Failed: 3 of 3 runs"), "{text}");
    assert!(text.contains("seed 5: C4: C(send) < C(receive)"), "{text}");
    let again = "simulate --rates 1,3,6 --stamp before --duration 20s --seed 5";
    assert!(text.contains(again), "{text}");
    assert_eq!(run_in(temp.path(), again).status.code(), Some(1));
    assert_eq!(run_in(temp.path(), "check kept/seed-7").status.code(), Some(1));
}

#[test]
fn of_one_seed_and_many_the_command_line_counts_and_not_the_environment() {
    let simulate = |environment: &[(&str, &str)], seeds: &str| {
        let words = format!("simulate --duration 5s --json {seeds}");
        let mut command = offbeat();
        command.envs(environment.iter().copied()).args(words.split_whitespace());
        let output = command.output().unwrap();
        serde_json::from_str::<Value>(&stdout(&output)).map_err(|_| output.status.code())
    };
    let (one, wrong) = (("OFFBEAT_SEED", "3"), ("OFFBEAT_SEED", "none"));
    let many = ("OFFBEAT_SEEDS", "1..2");
    assert_eq!(simulate(&[one], "--seeds 4..6").unwrap()["runs"], 3);
    assert_eq!(simulate(&[one], "--seeds=4..6").unwrap()["runs"], 3);
    assert_eq!(simulate(&[wrong], "--seeds 4..6").unwrap()["runs"], 3);
    assert_eq!(simulate(&[many], "").unwrap()["runs"], 2);
    assert_eq!(simulate(&[many], "--seed 7"), simulate(&[], "--seed 7"));
    assert_ne!(simulate(&[one], ""), simulate(&[], "--seed 7"));
    for (environment, seeds) in [(&[][..], "--seed 3 --seeds 4..6"), (&[one, many], "")] {
        assert_eq!(simulate(environment, seeds), Err(Some(2)), "{seeds}");
    }
}

#[test]
fn exit_codes_say_how_it_ended() {
    let temp = TempDir::new().unwrap();
    for (args, code) in [
        ("--seed 1", 0),
        ("--seed 3 --rates 1,3,6 --stamp before", 1),
        ("--seed 1 --crash 2@30s..", 3),
        ("--seed 7 --rates 1,3,6 --cut 1-2@30s..", 5),
    ] {
        let output = run_in(temp.path(), &format!("simulate {args}"));
        assert_eq!(output.status.code(), Some(code), "{args}: {}", stdout(&output));
    }
}

#[test]
fn faults_say_what_they_did() {
    let temp = TempDir::new().unwrap();
    let output = run_in(
        temp.path(),
        "simulate --seed 7 --rates 1,3,6 --cut 2-3@10s..20s --pause 3@70s..80s",
    );
    let text = stdout(&output);
    assert!(text.contains("The cut 2-3@10s..20s took "), "{text}");
    assert!(text.contains(" and held back "), "{text}");
    assert!(text.contains("The pause 3@70s..80s touched nothing."), "{text}");
    assert!(stderr(&output).contains("3 machines in virtual time for 60 s"));
}

#[test]
fn a_day_without_a_peer_costs_no_tick() {
    let temp = TempDir::new().unwrap();
    let run = json(
        temp.path(),
        "simulate --seed 2 --rates 1,3,6 --duration 24h --cut 3@1s..24h --latency 1ms --json",
    );
    for (machine, rate) in run["summary"]["machines"].as_array().unwrap().iter().zip([1, 3, 6]) {
        assert_eq!(machine["ticks"], rate * 86_400, "{machine}");
        assert_eq!(machine["missed"], 0, "{machine}");
    }
    let held_back = run["tally"]["faults"][0]["held_back"].as_u64().unwrap();
    assert!(held_back > 200_000, "{}", run["tally"]);
    assert_eq!(run["verdict"]["outcome"], "holds");
}
