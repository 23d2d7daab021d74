//! `check`, `log`, `replay` and `report` of what is not the folder of a run.

use std::fs;

use insta::assert_snapshot;

use crate::place::Place;

const COMMANDS: [&str; 4] = ["check", "log", "replay", "report"];

fn check(place: &Place, name: &str) -> String {
    COMMANDS.map(|command| place.refusal(format!("{command} {name}").trim_end())).join("\n")
}

#[test]
fn no_run_yet() {
    assert_snapshot!(check(&Place::new(), ""), @r##"
    $ offbeat check
    error: cannot read runs/latest: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat log
    error: cannot read runs/latest: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat replay
    error: cannot read runs/latest: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat report
    error: cannot read runs/latest: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]
    "##);
}

#[test]
fn no_such_folder() {
    assert_snapshot!(check(&Place::new(), "nowhere"), @r##"
    $ offbeat check nowhere
    error: cannot read nowhere: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat log nowhere
    error: cannot read nowhere: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat replay nowhere
    error: cannot read nowhere: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat report nowhere
    error: cannot read nowhere: No such file or directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]
    "##);
}

#[test]
fn a_folder_without_logs() {
    let place = Place::with("notes/machine-1.txt", "mine");
    fs::create_dir(place.path("empty")).unwrap();
    assert_snapshot!(["notes", "empty"].map(|name| check(&place, name)).join("\n"), @r##"
    $ offbeat check notes
    error: notes holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat log notes
    error: notes holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat replay notes
    error: notes holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat report notes
    error: notes holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat check empty
    error: empty holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat log empty
    error: empty holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat replay empty
    error: empty holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat report empty
    error: empty holds no machine-<id>.jsonl
    help: give the folder of a run; offbeat run makes runs/latest
    [2]
    "##);
}

#[test]
fn a_file() {
    let place = Place::with("machine-1.jsonl", "");
    assert_snapshot!(check(&place, "machine-1.jsonl"), @r##"
    $ offbeat check machine-1.jsonl
    error: cannot read machine-1.jsonl: Not a directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat log machine-1.jsonl
    error: cannot read machine-1.jsonl: Not a directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat replay machine-1.jsonl
    error: cannot read machine-1.jsonl: Not a directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]

    $ offbeat report machine-1.jsonl
    error: cannot read machine-1.jsonl: Not a directory
    help: give the folder of a run; offbeat run makes runs/latest
    [2]
    "##);
}

#[test]
fn no_such_machine() {
    let place = Place::with("logs/machine-1.jsonl", "");
    assert_snapshot!(
        ["0", "9"].map(|id| place.refusal(&format!("log --machine {id} logs"))).join("\n"), @r##"
    $ offbeat log --machine 0 logs
    error: there is no machine 0 in logs
    [2]

    $ offbeat log --machine 9 logs
    error: there is no machine 9 in logs
    [2]
    "##);
}
