//! Logs that are damaged, torn, or done with.

use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};

use insta::assert_snapshot;

use crate::place::Place;
use crate::recorded::{self, CONFIG};

/// What is put in the place of a line.
const DAMAGE: [&str; 4] =
    ["garbage", "{\"event\":\"internal\"}", "[1,2]", "{\"event\":\"stop\",\"time\":\"yesterday\"}"];

fn damaged(line: &str) -> Place {
    let place = recorded::place();
    place.write("machine-1.jsonl", damage(&recorded::log(1), line));
    place
}

/// The log with another line in the place of its fifth.
fn damage(log: &str, line: &str) -> String {
    let lines: Vec<_> =
        log.lines().enumerate().map(|(i, whole)| if i == 4 { line } else { whole }).collect();
    lines.join("\n") + "\n"
}

#[test]
fn a_damaged_log_is_left_to_its_owner() {
    let told = DAMAGE.map(|line| damaged(line).refusal("node --config n.toml"));
    assert_snapshot!(told.join("\n"), @r##"
    $ offbeat node --config n.toml
    error: machine-1.jsonl:5: not a record: expected value at column 1
    help: the file was left as it is: restore it, or start another run with --run NAME
    [6]

    $ offbeat node --config n.toml
    error: machine-1.jsonl:5: not a record: missing field `time`
    help: the file was left as it is: restore it, or start another run with --run NAME
    [6]

    $ offbeat node --config n.toml
    error: machine-1.jsonl:5: not a record: an array where an object was expected
    help: the file was left as it is: restore it, or start another run with --run NAME
    [6]

    $ offbeat node --config n.toml
    error: machine-1.jsonl:5: not a record: not a time: failed to parse four digit integer as year: invalid digit, expected 0-9 but got y
    help: the file was left as it is: restore it, or start another run with --run NAME
    [6]
    "##);
}

#[test]
fn a_log_that_no_machine_writes_is_refused() {
    let place = recorded::place();
    let log = recorded::log(1)
        .replace("\"stamp\":8,\"queue\":2,\"clock\":9", "\"stamp\":8,\"queue\":2,\"clock\":99");
    place.write("machine-1.jsonl", log);
    let told = place.refusal("node --config n.toml");
    place.write("machine-1.jsonl", "Dear diary,");
    assert_snapshot!(told + "\n" + &place.refusal("node --config n.toml"), @r##"
    $ offbeat node --config n.toml
    error: machine-1.jsonl:4: the machine's code gives clock 9, not 99
    help: the file was left as it is: restore it, or start another run with --run NAME
    [6]

    $ offbeat node --config n.toml
    error: machine-1.jsonl:1: this file is no log
    help: the file was left as it is: restore it, or start another run with --run NAME
    [6]
    "##);
}

#[test]
fn a_damaged_log_is_judged_replayed_and_reported_up_to_the_damage() {
    let place = Place::with("machine-1.jsonl", damage(&recorded::whole_log(1), "garbage"));
    for machine in [2, 3] {
        place.write(&format!("machine-{machine}.jsonl"), recorded::whole_log(machine));
    }
    for (command, code) in [("check", 3), ("replay", 6), ("report", 6)] {
        let output = place.output_in_time(&format!("{command} ."));
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert_eq!(said.matches("machine-1.jsonl:5: not a record").count(), 1, "{said}");
    }
}

#[test]
fn a_damaged_log_is_shown_up_to_the_damage() {
    let place = damaged("garbage");
    let output = place.output_in_time("log .");
    assert!(output.stdout.starts_with(b"machine "), "{output:?}");
    assert_snapshot!(place.told("log .", &output), @r##"
    $ offbeat log .
    error: ./machine-1.jsonl:5: not a record: expected value at column 1
    [6]
    "##);
}

#[test]
fn a_torn_log_is_resumed() {
    let place = recorded::place();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    place.write("n.toml", CONFIG.replace("PORT", &port.to_string()));
    let whole = recorded::log(1);
    place.write("machine-1.jsonl", whole.clone() + "{\"event\":\"rec");
    let mut node = place.command("node --config n.toml --supervised");
    let mut node = node.stdin(std::process::Stdio::piped()).spawn().unwrap();
    let until = Instant::now() + Duration::from_secs(20);
    while !place.read("machine-1.jsonl").contains("\"incarnation\":2") {
        assert!(Instant::now() < until && node.try_wait().unwrap().is_none(), "it did not resume");
        sleep(Duration::from_millis(10));
    }
    node.kill().unwrap();
    node.wait().unwrap();
    let resumed = place.read("machine-1.jsonl");
    assert!(resumed.starts_with(&(whole + "{\"event\":\"start\"")), "{resumed}");
}

#[test]
fn a_run_that_is_over_stays_over() {
    let place = recorded::place();
    place.write("machine-1.jsonl", recorded::whole_log(1));
    place.write("n.toml", CONFIG.replace("seed", "duration = \"60s\"\nseed").replace("PORT", "3"));
    assert_snapshot!(place.refusal("node --config n.toml"), @r##"
    $ offbeat node --config n.toml
    error: machine-1.jsonl: run offbeat-82aeb239 is over
    help: for another run, start all its nodes with --run NAME
    [2]
    "##);
}
