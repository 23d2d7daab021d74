//! Files that are not what was asked for, as a whole.

use std::fs;

use insta::assert_snapshot;

use crate::place::Place;

const COMMANDS: [&str; 2] = ["run", "node --config"];

/// What `run` and `node` say of the file `name`.
fn both(place: &Place, name: &str) -> String {
    COMMANDS.map(|command| place.refusal(&format!("{command} {name}"))).join("\n")
}

#[test]
fn files_that_cannot_be_read() {
    let place = Place::with("binary.toml", [0x7f, b'E', b'L', b'F', 0xff, 0]);
    fs::create_dir(place.path("folder")).unwrap();
    assert_snapshot!(
        ["nowhere.toml", "folder", "binary.toml"].map(|name| both(&place, name)).join("\n"), @r##"
    $ offbeat run nowhere.toml
    error: cannot read nowhere.toml: there is no such file
    help: give an experiment, a TOML file such as config/baseline.toml
    [2]

    $ offbeat node --config nowhere.toml
    error: cannot read nowhere.toml: there is no such file
    help: give the config of a node, a TOML file such as config/node-1.toml
    [2]

    $ offbeat run folder
    error: cannot read folder: it is a folder
    help: give an experiment, a TOML file such as config/baseline.toml
    [2]

    $ offbeat node --config folder
    error: cannot read folder: it is a folder
    help: give the config of a node, a TOML file such as config/node-1.toml
    [2]

    $ offbeat run binary.toml
    error: cannot read binary.toml: it is not text
    help: give an experiment, a TOML file such as config/baseline.toml
    [2]

    $ offbeat node --config binary.toml
    error: cannot read binary.toml: it is not text
    help: give the config of a node, a TOML file such as config/node-1.toml
    [2]
    "##);
}

#[test]
fn files_that_are_no_toml() {
    let place = Place::with("e.toml", "# rates\nmachines = 3\nrates = 1, 3, 6\n");
    place.write("page.toml", "<html>\n");
    place.write("half.toml", "machines =");
    place.write("zero.toml", "machines\0= 3\n");
    let names = ["e.toml", "page.toml", "half.toml", "zero.toml"];
    assert_snapshot!(names.map(|name| both(&place, name)).join("\n"), @r##"
    $ offbeat run e.toml
    error: not TOML: unexpected key or value, expected newline, `#`
     --> e.toml:3:10
      |
    3 | rates = 1, 3, 6
      |          ^
    help: write lines as machines = 3
    [2]

    $ offbeat node --config e.toml
    error: this is an experiment, not the config of a node
     --> e.toml
    help: run it with offbeat run e.toml
    [2]

    $ offbeat run page.toml
    error: not TOML: key with no value, expected `=`
     --> page.toml:1:7
      |
    1 | <html>
      |       ^
    help: write lines as machines = 3
    [2]

    $ offbeat node --config page.toml
    error: not TOML: key with no value, expected `=`
     --> page.toml:1:7
      |
    1 | <html>
      |       ^
    help: write lines as machines = 3
    [2]

    $ offbeat run half.toml
    error: not TOML: string values must be quoted, expected literal string
     --> half.toml:1:11
      |
    1 | machines =
      |           ^
    help: write lines as machines = 3
    [2]

    $ offbeat node --config half.toml
    error: this is an experiment, not the config of a node
     --> half.toml
    help: run it with offbeat run half.toml
    [2]

    $ offbeat run zero.toml
    error: not TOML: invalid unquoted key, expected letters, numbers, `-`, `_`
     --> zero.toml:1:9
      |
    1 | machines␀= 3
      |         ^
    help: write lines as machines = 3
    [2]

    $ offbeat node --config zero.toml
    error: this is an experiment, not the config of a node
     --> zero.toml
    help: run it with offbeat run zero.toml
    [2]
    "##);
}

#[test]
fn an_empty_file_is_an_experiment_but_no_node() {
    let place = Place::with("empty.toml", "");
    let output = place.output_in_time("run empty.toml --check-config");
    assert_eq!(output.status.code(), Some(0));
    assert_snapshot!(place.refusal("node --config empty.toml"), @r##"
    $ offbeat node --config empty.toml
    error: the key `run` is missing
     --> empty.toml
    help: add run = "by-hand"
    [2]
    "##);
}

#[test]
fn the_config_of_a_node_is_no_experiment() {
    let good = "run = \"r\"\nmachine = 1\nmachines = 2\nlisten = \"a:1\"\n\
                peers = [{ machine = 2, address = \"b:1\" }]\n";
    let place = Place::with("good.toml", good);
    place.write("bad.toml", good.replace("machine = 1", "rate = 0"));
    place.write("broken.toml", good.replace("machine = 1", "machine ="));
    let names = ["good.toml", "bad.toml", "broken.toml"];
    assert_snapshot!(names.map(|name| place.refusal(&format!("run {name}"))).join("\n"), @r##"
    $ offbeat run good.toml
    error: this is the config of one node, not an experiment
     --> good.toml
    help: start it with offbeat node --config good.toml
    [2]

    $ offbeat run bad.toml
    error: this is the config of one node, not an experiment
     --> bad.toml
    help: start it with offbeat node --config bad.toml
    [2]

    $ offbeat run broken.toml
    error: this is the config of one node, not an experiment
     --> broken.toml
    help: start it with offbeat node --config broken.toml
    [2]
    "##);
}

#[test]
fn an_experiment_is_no_config_of_a_node() {
    let place = Place::with("good.toml", "duration = \"60s\"\nseed = 5\n");
    place.write("bad.toml", "machines = 3\nrates = [0]\n");
    place.write("broken.toml", "machines = 3\nrates = [\n");
    let names = ["good.toml", "bad.toml", "broken.toml"];
    assert_snapshot!(names.map(|name| place.refusal(&format!("node --config {name}"))).join("\n"), @r##"
    $ offbeat node --config good.toml
    error: this is an experiment, not the config of a node
     --> good.toml
    help: run it with offbeat run good.toml
    [2]

    $ offbeat node --config bad.toml
    error: this is an experiment, not the config of a node
     --> bad.toml
    help: run it with offbeat run bad.toml
    [2]

    $ offbeat node --config broken.toml
    error: this is an experiment, not the config of a node
     --> broken.toml
    help: run it with offbeat run broken.toml
    [2]
    "##);
}

#[test]
fn hints_work_as_typed_under_cargo() {
    let place = Place::with("e.toml", "rates = [1]\n");
    place.write("n.toml", "listen = \"a:1\"\n");
    let commands = ["run n.toml", "node --config e.toml", "log", "chek"];
    assert_snapshot!(
        commands.map(|command| place.refusal(&format!("CARGO=cargo {command}"))).join("\n"), @r##"
    $ CARGO=cargo offbeat run n.toml
    error: this is the config of one node, not an experiment
     --> n.toml
    help: start it with cargo run --release -- node --config n.toml
    [2]

    $ CARGO=cargo offbeat node --config e.toml
    error: this is an experiment, not the config of a node
     --> e.toml
    help: run it with cargo run --release -- run e.toml
    [2]

    $ CARGO=cargo offbeat log
    error: cannot read runs/latest: No such file or directory
    help: give the folder of a run; cargo run --release -- run makes runs/latest
    [2]

    $ CARGO=cargo offbeat chek
    error: there is no command "chek"
    help: did you mean cargo run --release -- check?
    [2]
    "##);
}
