//! `offbeat replay`: every record comes out of the machine's code again, and what
//! does not is shown.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use journal::Record;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cluster::{Cluster, Ports};
use crate::offbeat::{assert_replays, records, run_in, stdout, ticks};

/// The run that README shows, in a folder of its own.
struct Run {
    folder: TempDir,
}

impl Run {
    fn recorded() -> Self {
        let recorded = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recorded/seed-146");
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("run")).unwrap();
        for entry in fs::read_dir(recorded).unwrap() {
            let file = entry.unwrap();
            fs::copy(file.path(), folder.path().join("run").join(file.file_name())).unwrap();
        }
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("run").join(name)
    }

    /// Puts `to` in the place of the first `from` in a file.
    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).unwrap();
        assert!(text.contains(from), "{from}");
        fs::write(self.path(name), text.replacen(from, to, 1)).unwrap();
    }

    /// What is said of it, and the exit code.
    fn replay(&self) -> String {
        let output = run_in(self.folder.path(), "replay run");
        assert!(output.stderr.is_empty(), "{output:?}");
        format!("{}[{}]", stdout(&output), output.status.code().unwrap())
    }

    fn replay_as_json(&self) -> Value {
        let output = run_in(self.folder.path(), "replay run --json");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

#[test]
fn a_recorded_run_comes_out_the_same() {
    assert_snapshot!(Run::recorded().replay(), @r"
    machine  incarnations  records  outcome
          1             1       62  the same
          2             1      182  the same
          3             1      362  the same

    Replays: 606 records of 3 machines came out the same.
    [0]
    ");
}

/// Machines that still run, that were killed, one of them with its last write cut
/// short, and that were restarted.
#[test]
fn a_live_run_comes_out_the_same_whatever_became_of_its_machines() {
    let mut cluster = Cluster::started(&Ports::free());
    cluster.wait_for_ticks_of(3, 8);
    cluster.kill(3);
    let log = cluster.folder().join("machine-3.jsonl");
    let mut log = File::options().append(true).open(log).unwrap();
    log.write_all(b"{\"event\":\"receive\",\"ti").unwrap();
    let said = assert_replays(cluster.folder());
    assert!(said.contains("machine-3.jsonl: its last line is torn and was not replayed"), "{said}");

    cluster.start(3);
    cluster.wait_for_ticks_of(3, 8);
    cluster.kill(1);
    cluster.start(1);
    cluster.wait_for_ticks_of(1, 4);
    cluster.stop();
    let said = assert_replays(cluster.folder());
    let rows = said.lines().skip(1).take(3).map(|row| row.split_whitespace().take(2));
    let incarnations = rows.map(Iterator::last).collect::<Vec<_>>();
    assert_eq!(incarnations, [Some("2"), Some("1"), Some("2")], "{said}");
    let records = (1..=3).map(|machine| ticks(cluster.folder(), machine)).sum::<u64>() + 5 + 3;
    assert!(said.contains(&format!("Replays: {records} records of 3 machines")), "{said}");
    assert!(!said.contains("torn"), "the restarted machine cut it off: {said}");
}

/// The simulator kills more machines in a moment than anyone waits for.
#[test]
fn virtual_runs_with_random_faults_come_out_the_same() {
    let folder = TempDir::new().unwrap();
    let mut restarts = 0;
    for seed in 1..=8 {
        let args = format!("simulate --seed {seed} --faults random --duration 60s --out {seed}");
        run_in(folder.path(), &args);
        let run = folder.path().join(seed.to_string());
        assert_replays(&run);
        let starts = (1..=3).flat_map(|machine| records(&run, machine));
        restarts += starts.filter(|record| matches!(record, Record::Start(_))).count() - 3;
    }
    assert!(restarts > 3, "only {restarts} restarts");
}

#[test]
fn a_changed_record_is_shown_with_what_it_should_be() {
    let run = Run::recorded();
    run.edit(
        "machine-1.jsonl",
        r#""stamp":8,"queue":2,"clock":9"#,
        r#""stamp":8,"queue":2,"clock":10"#,
    );
    assert_snapshot!(run.replay(), @r#"
    machine  incarnations  records  outcome
          1             1        3  departs at line 4
          2             1      182  the same
          3             1      362  the same

    Departs: machine 1, for the machine's code gives clock 9, not 10.
      run/machine-1.jsonl:4
      expected  {"event":"receive","time":"2026-11-24T04:43:47.702600Z","tick":3,"from":3,"seq":2,"stamp":8,"queue":2,"clock":9}
      found     {"event":"receive","time":"2026-11-24T04:43:47.702600Z","tick":3,"from":3,"seq":2,"stamp":8,"queue":2,"clock":10}
    In all, 1 machine departs; 547 records of 3 machines came out the same.
    [1]
    "#);
}

#[test]
fn every_machine_is_replayed_whatever_becomes_of_the_others() {
    let run = Run::recorded();
    run.edit("machine-1.jsonl", r#""phase":0.199489"#, r#""phase":0.5"#);
    run.edit("machine-2.jsonl", r#""event":"stop""#, "");
    run.edit("machine-3.jsonl", r#""draw":1,"#, r#""draw":2,"#);
    assert_snapshot!(run.replay(), @r#"
    machine  incarnations  records  outcome
          1             0        0  departs at line 1
          2             1      181  damaged at line 182
          3             1        8  departs at line 9

    Departs: machine 1, for the first start must have phase 0.199489, not 0.5.
      run/machine-1.jsonl:1
      expected  {"event":"start","log":"offbeat-log/1","time":"2026-11-24T04:43:45.502362Z","run":"offbeat-82aeb239","machine":1,"machines":3,"topology":"full","rate":1,"draw_max":10,"seed":146,"generator":"chacha8","phase":0.199489,"pacing":"even","stamp":"after","duration":60,"incarnation":1,"clock":0}
      found     {"event":"start","log":"offbeat-log/1","time":"2026-11-24T04:43:45.502362Z","run":"offbeat-82aeb239","machine":1,"machines":3,"topology":"full","rate":1,"draw_max":10,"seed":146,"generator":"chacha8","phase":0.5,"pacing":"even","stamp":"after","duration":60,"incarnation":1,"clock":0}
    Departs: machine 3, for the machine's code gives draw 1, not 2.
      run/machine-3.jsonl:9
      expected  {"event":"send","time":"2026-11-24T04:43:46.779319Z","tick":8,"draw":1,"to":[1],"seq":[2],"queue":0,"clock":8}
      found     {"event":"send","time":"2026-11-24T04:43:46.779319Z","tick":8,"draw":2,"to":[1],"seq":[2],"queue":0,"clock":8}
    In all, 2 machines depart; 189 records of 2 machines came out the same.
    There may be more, for not all was replayed:
      run/machine-2.jsonl:182: not a record: key must be a string at column 2
    [1]
    "#);
}

#[test]
fn a_torn_line_is_not_replayed() {
    let run = Run::recorded();
    let log = fs::read_to_string(run.path("machine-2.jsonl")).unwrap();
    fs::write(run.path("machine-2.jsonl"), &log[..log.len() - 20]).unwrap();
    assert_snapshot!(run.replay(), @r"
    machine  incarnations  records  outcome
          1             1       62  the same
          2             1      181  the same
          3             1      362  the same

    Replays: 605 records of 3 machines came out the same.
    run/machine-2.jsonl: its last line is torn and was not replayed.
    [0]
    ");
}

#[test]
fn what_is_not_there_cannot_be_told() {
    let run = Run::recorded();
    fs::remove_file(run.path("machine-2.jsonl")).unwrap();
    fs::write(run.path("machine-3.jsonl"), "").unwrap();
    let without_manifest = Run::recorded();
    fs::remove_file(without_manifest.path("run.toml")).unwrap();
    fs::remove_file(without_manifest.path("machine-3.jsonl")).unwrap();
    assert_snapshot!([run, without_manifest].map(|run| run.replay()).join("\n\n"), @r"
    machine  incarnations  records  outcome
          1             1       62  the same
          2             0        0  no log
          3             0        0  no record

    Cannot tell: 62 records of 1 machine came out the same, but
      run/machine-2.jsonl: is missing
      run/machine-3.jsonl: holds no record
    [3]

    machine  incarnations  records  outcome
          1             1       62  the same
          2             1      182  the same
          3             0        0  no log

    Cannot tell: 244 records of 2 machines came out the same, but
      run/machine-3.jsonl: is missing
    [3]
    ");
}

#[test]
fn no_more_missing_logs_are_listed_than_anyone_reads() {
    let run = Run::recorded();
    run.edit("run.toml", "machines = 3", "machines = 4000000000");
    let said = run.replay();
    assert!(
        said.contains("run/machine-103.jsonl: is missing\n  3999999897 more logs are missing\n")
    );
    assert!(said.ends_with("\n[3]"), "{said}");
}

#[test]
fn the_draws_of_another_generator_are_those_of_the_log() {
    let run = Run::recorded();
    run.edit("machine-3.jsonl", r#""generator":"chacha8","#, "");
    assert_snapshot!(run.replay(), @r"
    machine  incarnations  records  outcome
          1             1       62  the same
          2             1      182  the same
          3             1      362  the same

    Replays: 606 records of 3 machines came out the same.
    Machine 3's generator is not known: its draws were taken from the log.
    [0]
    ");
}

#[test]
fn a_program_may_read_it() {
    let run = Run::recorded();
    run.edit("machine-1.jsonl", r#""tick":1,"draw":3"#, r#""tick":1,"draw":2"#);
    fs::remove_file(run.path("machine-3.jsonl")).unwrap();
    let record = |draw| {
        format!(
            r#"{{"event":"send","time":"2026-11-24T04:43:45.702828Z","tick":1,"draw":{draw},"to":[2,3],"seq":[1,1],"queue":0,"clock":1}}"#
        )
    };
    let expected = json!({
        "outcome": "departs",
        "records": 183,
        "machines": [
            {
                "machine": 1, "file": "run/machine-1.jsonl", "incarnations": 1, "records": 1,
                "seeded": true, "torn": false, "outcome": "departs", "line": 2,
                "reason": "the machine's code gives draw 3, not 2",
                "expected": record(3), "found": record(2)
            },
            {
                "machine": 2, "file": "run/machine-2.jsonl", "incarnations": 1, "records": 182,
                "seeded": true, "torn": false, "outcome": "same"
            },
            {
                "machine": 3, "file": "run/machine-3.jsonl", "incarnations": 0, "records": 0,
                "seeded": false, "torn": false, "outcome": "missing"
            }
        ],
        "missing_unlisted": 0
    });
    assert_eq!(run.replay_as_json(), expected);
}
