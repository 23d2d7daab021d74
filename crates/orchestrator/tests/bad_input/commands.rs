//! Commands and options that are none. Above all, none of these starts a run.

use insta::assert_snapshot;

use crate::place::refusals;

#[test]
fn misspelt_commands() {
    assert_snapshot!(refusals(&[
        "chek",
        "simulat",
        "nod --config n.toml",
        "RUN",
        "config/baseline.toml"
    ]), @r##"
    $ offbeat chek
    error: there is no command "chek"
    help: did you mean offbeat check?
    [2]

    $ offbeat simulat
    error: there is no command "simulat"
    help: did you mean offbeat simulate?
    [2]

    $ offbeat nod --config n.toml
    error: there is no command "nod"
    help: did you mean offbeat node?
    [2]

    $ offbeat RUN
    error: there is no command "RUN"
    help: offbeat --help lists the commands
    [2]

    $ offbeat config/baseline.toml
    error: there is no command "config/baseline.toml"
    help: an experiment is run with offbeat run config/baseline.toml
    [2]
    "##);
}

#[test]
fn unknown_options() {
    assert_snapshot!(refusals(&[
        "--sed 3",
        "--bogus",
        "-x",
        "run --durration 5s",
        "run --bogus",
        "check --jsn",
        "node --confg n.toml",
    ]), @r##"
    $ offbeat --sed 3
    error: there is no option --sed
    help: did you mean --seed?
    [2]

    $ offbeat --bogus
    error: there is no option --bogus
    help: offbeat --help lists the options
    [2]

    $ offbeat -x
    error: there is no option -x
    help: offbeat --help lists the options
    [2]

    $ offbeat run --durration 5s
    error: there is no option --durration
    help: did you mean --duration?
    [2]

    $ offbeat run --bogus
    error: there is no option --bogus
    help: offbeat run --help lists the options
    [2]

    $ offbeat check --jsn
    error: there is no option --jsn
    help: did you mean --json?
    [2]

    $ offbeat node --confg n.toml
    error: there is no option --confg
    help: did you mean --config?
    [2]
    "##);
}

#[test]
fn too_much_and_too_little() {
    assert_snapshot!(refusals(&[
        "run a.toml b.toml",
        "check a b",
        "--seed 3 extra",
        "--seed 3 check",
        "--seed 1 --seed 2",
        "node",
        "completions",
    ]), @r##"
    $ offbeat run a.toml b.toml
    error: "b.toml" is one argument too many
    help: offbeat run --help says what it takes
    [2]

    $ offbeat check a b
    error: "b" is one argument too many
    help: offbeat check --help says what it takes
    [2]

    $ offbeat --seed 3 extra
    error: "extra" is one argument too many
    help: offbeat --help says what it takes
    [2]

    $ offbeat --seed 3 check
    error: the command check does not take --seed N
    help: put the command first, and then its options: offbeat check --help lists them
    [2]

    $ offbeat --seed 1 --seed 2
    error: --seed N is given twice
    help: give it once
    [2]

    $ offbeat node
    error: --config FILE is missing
    help: say offbeat node --config FILE
    [2]

    $ offbeat completions
    error: SHELL is missing
    help: say offbeat completions SHELL
    [2]
    "##);
}
