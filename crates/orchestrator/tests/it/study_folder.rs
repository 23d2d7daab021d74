//! Studies that are interrupted and go on, live and in virtual time.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;

use journal::{Folder, Record};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tempfile::TempDir;

use crate::deadline::wait_until;
use crate::node_processes::nodes_of;
use crate::offbeat::{
    assert_holds, assert_replays, offbeat, records, run_in, stderr, stdout, ticks,
};

/// Two settings that a second is enough for.
const QUICK: &str = "title = \"Quick\"\nquestion = \"Is it?\"\nseeds = \"1..3\"\nlive = \"1..2\"\n\
    [[settings]]\nname = \"baseline\"\nduration = \"1s\"\nrates = [20, 30, 40]\n\
    [[settings]]\nname = \"busy\"\ndraw_max = 3\n";

fn quick() -> TempDir {
    let temp = TempDir::new().unwrap();
    fs::write(temp.path().join("quick.toml"), QUICK).unwrap();
    temp
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs to the exit code 0; gives what the study came to.
fn study(temp: &TempDir, args: &str) -> String {
    let output = run_in(temp.path(), &format!("study quick.toml --out out {args}"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    fs::read_to_string(temp.path().join("out/study.json")).unwrap()
}

/// The files of the study but for those of its runs.
fn documents(temp: &TempDir) -> BTreeMap<String, String> {
    let entries = fs::read_dir(temp.path().join("out")).unwrap().map(Result::unwrap);
    let files = entries.filter(|entry| entry.path().is_file());
    let read = |path: &Path| fs::read_to_string(path).unwrap();
    files.map(|it| (it.file_name().into_string().unwrap(), read(&it.path()))).collect()
}

#[test]
fn a_live_study_keeps_runs_that_can_be_judged_again() {
    let temp = quick();
    let study: Value = serde_json::from_str(&study(&temp, "")).unwrap();
    assert_eq!(study["time"], "live");
    let text = fs::read_to_string(temp.path().join("out/study.md")).unwrap();
    assert!(text.contains("4 live runs, each of processes that talk over TCP"), "{text}");
    for setting in study["settings"].as_array().unwrap() {
        let runs = setting["runs"].as_array().unwrap();
        assert_eq!(runs.len(), 2);
        for run in runs {
            let name = format!("{}-seed-{}", setting["name"].as_str().unwrap(), run["seed"]);
            let folder = temp.path().join("out/runs").join(name);
            assert_holds(&folder);
            assert_replays(&folder);
            let summary = json(&folder.join("summary.json"));
            assert_eq!(run["run"]["clock_end"].as_f64(), summary["clock_max"].as_f64());
            assert_eq!(run["events"], summary["ticks"]);
            assert!(folder.join("report.html").exists());
        }
    }
    assert_eq!(nodes_of(temp.path()), [0; 0], "no node outlives its study");
}

#[test]
fn seeds_mean_the_same_live_as_in_virtual_time() {
    let temp = quick();
    let output = run_in(temp.path(), "study quick.toml --seeds 1 --out live");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let folder = temp.path().join("live/runs/busy-seed-1");
    let kept = "simulate --rates 20,30,40 --draw-max 3 --duration 1s --seed 1 --out virtual";
    assert_eq!(run_in(temp.path(), kept).status.code(), Some(0));
    for machine in 1..=3 {
        let start = |folder: &Path| match records(folder, machine).into_iter().next() {
            Some(Record::Start(start)) => (start.rate, start.seed, start.phase.to_bits()),
            other => panic!("{other:?}"),
        };
        assert_eq!(start(&folder), start(&temp.path().join("virtual")));
    }
}

#[test]
fn what_is_missing_is_made_and_nothing_else() {
    let temp = quick();
    study(&temp, "--virtual");
    let whole = documents(&temp);
    assert_eq!(
        whole.keys().collect::<Vec<_>>(),
        ["answer-1.svg", "plan.json", "study.html", "study.json", "study.md"]
    );
    let runs = temp.path().join("out/runs");
    for name in ["runs/baseline-seed-2.json", "runs/busy-seed-3.json", "study.json", "answer-1.svg"]
    {
        fs::remove_file(temp.path().join("out").join(name)).unwrap();
    }
    study(&temp, "--virtual");
    assert!(documents(&temp) == whole, "as if it had not been interrupted");
    assert_eq!(fs::read_dir(&runs).unwrap().count(), 6);
    // What is there is read: a figure that no run came to is in the study.
    let path = runs.join("busy-seed-1.json");
    let mut run = json(&path);
    run["run"]["figures"]["run"]["clock_end"] = 987_654.5.into();
    fs::write(&path, run.to_string()).unwrap();
    assert!(study(&temp, "--virtual").contains("987654.5"));
    let said = run_in(temp.path(), "study quick.toml --virtual --out out");
    assert!(stderr(&said).contains("6 of them are done, in out."), "{}", stderr(&said));
}

#[test]
fn an_interrupted_study_goes_on() {
    let temp = quick();
    let command = offbeat()
        .current_dir(temp.path())
        .args("study quick.toml --cores 1 --seeds 3 --out out".split(' '))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let first = temp.path().join("out/runs/baseline-seed-1.json");
    wait_until("the first run is done", || first.exists());
    kill(Pid::from_raw(command.id() as i32), Signal::SIGINT).unwrap();
    let output = command.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert_eq!(stdout(&output), "");
    let said = stderr(&output);
    let (_, hint) = said.split_once("To go on:\n  cargo run --release -- ").unwrap();
    assert!(!temp.path().join("out/study.json").exists());

    let log = temp.path().join("out/runs/baseline-seed-1").join(Folder::log_name(1));
    let before = fs::read(&log).unwrap();
    let again = run_in(temp.path(), hint.trim());
    assert_eq!(again.status.code(), Some(0), "{}", stderr(&again));
    assert_eq!(fs::read(&log).unwrap(), before, "a finished run is not made again");
    let study = json(&temp.path().join("out/study.json"));
    for setting in study["settings"].as_array().unwrap() {
        assert_eq!(setting["runs"].as_array().unwrap().len(), 3);
    }
    for entry in fs::read_dir(temp.path().join("out/runs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".unfinished") && !name.starts_with('.'), "{name}");
    }
}

#[test]
fn an_interrupted_study_in_virtual_time_goes_on() {
    let temp = TempDir::new().unwrap();
    let words = "study assignment --virtual --seeds 100 --cores 1 --out";
    let runs = temp.path().join("out/runs");
    let done = || fs::read_dir(&runs).map_or(0, Iterator::count);
    // It takes half a second: on a busy computer it may be over before it is told to stop.
    let mut tries = 10;
    let output = loop {
        let _ = fs::remove_dir_all(temp.path().join("out"));
        let command = offbeat()
            .current_dir(temp.path())
            .args(format!("{words} out").split(' '))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        wait_until("some runs are done", || done() > 3);
        kill(Pid::from_raw(command.id() as i32), Signal::SIGINT).unwrap();
        let output = command.wait_with_output().unwrap();
        tries -= 1;
        if tries == 0 || output.status.code() != Some(0) {
            break output;
        }
    };
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains(&format!("{} of 300 runs are done and kept", done())), "{said}");
    let (_, hint) = said.split_once("To go on:\n  cargo run --release -- ").unwrap();
    assert_eq!(run_in(temp.path(), hint.trim()).status.code(), Some(0));
    assert_eq!(run_in(temp.path(), &format!("{words} whole")).status.code(), Some(0));
    let study = |folder: &str| fs::read(temp.path().join(folder).join("study.json")).unwrap();
    assert!(study("out") == study("whole"), "as if it had not been interrupted");
}

#[test]
fn a_run_whose_node_dies_is_told_of_and_made_again() {
    let temp = quick();
    let command = offbeat()
        .current_dir(temp.path())
        .args("study quick.toml --cores 1 --seeds 1 --duration 3s --out out".split(' '))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let logs = temp.path().join("out/runs/baseline-seed-1.unfinished");
    wait_until("all machines tick", || (1..=3).all(|machine| ticks(&logs, machine) > 2));
    kill(Pid::from_raw(nodes_of(temp.path())[0]), Signal::SIGKILL).unwrap();
    let output = command.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("baseline, seed 1: machine "), "{said}");
    assert!(said.contains("1 of 2 runs are done and kept"), "{said}");
    assert!(temp.path().join("out/runs/busy-seed-1.json").exists());
    study(&temp, "--seeds 1 --duration 3s");
    assert_holds(&temp.path().join("out/runs/baseline-seed-1"));
}

#[test]
fn a_folder_of_something_else_is_left_as_it_is() {
    let temp = quick();
    study(&temp, "--virtual --seeds 2");
    let refused = |args: &str, said: &str| {
        let before = fs::read(temp.path().join("out/plan.json")).unwrap();
        let output = run_in(temp.path(), &format!("study quick.toml {args}"));
        assert_eq!(output.status.code(), Some(2), "{args}: {}", stderr(&output));
        assert!(stderr(&output).contains(said), "{args}: {}", stderr(&output));
        assert_eq!(fs::read(temp.path().join("out/plan.json")).unwrap(), before);
    };
    refused("--virtual --seeds 3 --out out", "seeds: \"1..2\" there, \"1..3\" now");
    refused("--live --seeds 2 --out out", "time: \"virtual\" there, \"live\" now");
    refused(
        "--virtual --seeds 2 --duration 2s --out out",
        "settings.0.first_run.duration: \"1s\" there, \"2s\" now",
    );
    fs::create_dir_all(temp.path().join("mine/letters")).unwrap();
    refused("--virtual --out mine", "mine is not empty");

    let path = temp.path().join("out/runs/busy-seed-1.json");
    let whole = fs::read_to_string(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    refused("--virtual --seeds 2 --out out", "its run is then made again");
    fs::copy(temp.path().join("out/runs/busy-seed-2.json"), &path).unwrap();
    refused("--virtual --seeds 2 --out out", "this is the file of another run");
}

#[test]
fn two_do_not_work_on_one_study() {
    let temp = quick();
    study(&temp, "--virtual");
    let plan = fs::File::open(temp.path().join("out/plan.json")).unwrap();
    plan.lock().unwrap();
    let output = run_in(temp.path(), "study quick.toml --virtual --out out");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("another process is at work on out"), "{}", stderr(&output));
}
