//! Options from the environment, and beside a file.

use insta::assert_snapshot;

use crate::place::{Place, refusals};

#[test]
fn the_environment() {
    assert_snapshot!(refusals(&[
        "OFFBEAT_DURATION=soon --seed 3",
        "OFFBEAT_DURATION=soon run",
        "OFFBEAT_RATES=0 run",
        "OFFBEAT_MACHINES=1 --seed 3",
        "OFFBEAT_PORTS=5555,0 --machines 2",
        "OFFBEAT_DRAW_MAX=0 OFFBEAT_SEED=7",
        "OFFBEAT_SEED=x --machines 3",
        "OFFBEAT_DURATION=1s --duration soon",
        "OFFBEAT_RUN=a/b node --config n.toml",
    ]), @r##"
    $ OFFBEAT_DURATION=soon offbeat --seed 3
    error: OFFBEAT_DURATION: "soon" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ OFFBEAT_DURATION=soon offbeat run
    error: OFFBEAT_DURATION: "soon" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ OFFBEAT_RATES=0 offbeat run
    error: OFFBEAT_RATES: 0 is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ OFFBEAT_MACHINES=1 offbeat --seed 3
    error: OFFBEAT_MACHINES: there cannot be 1 machines
    help: say a number from 2 to 1000
    [2]

    $ OFFBEAT_PORTS=5555,0 offbeat --machines 2
    error: OFFBEAT_PORTS: "0" is not a port
    help: say a number from 1 to 65535, or auto
    [2]

    $ OFFBEAT_DRAW_MAX=0 OFFBEAT_SEED=7 offbeat
    error: OFFBEAT_DRAW_MAX: nothing can be drawn from 1..=0
    help: say 10 for the classic experiment; the smaller, the more is sent
    [2]

    $ OFFBEAT_SEED=x offbeat --machines 3
    error: OFFBEAT_SEED: "x" is not a whole number from 0 up
    help: say digits only, as 5
    [2]

    $ OFFBEAT_DURATION=1s offbeat --duration soon
    error: --duration: "soon" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ OFFBEAT_RUN=a/b offbeat node --config n.toml
    error: OFFBEAT_RUN: "a/b" cannot be the name of a run
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]
    "##);
}

#[test]
fn a_file_and_options_that_do_not_go_together() {
    let place = Place::with("e.toml", "rates = [1, 3, 6]\n");
    let commands =
        ["run e.toml --machines 2", "run e.toml --ports 1 2", "OFFBEAT_MACHINES=2 run e.toml"];
    assert_snapshot!(commands.map(|command| place.refusal(command)).join("\n"), @r##"
    $ offbeat run e.toml --machines 2
    error: `rates` in e.toml, with these options: there are 3 rates for 2 machines
    help: say one for each machine, or fewer: then they are repeated
    [2]

    $ offbeat run e.toml --ports 1 2
    error: --ports: there are 2 ports for 3 machines
    help: say one for each machine, or auto
    [2]

    $ OFFBEAT_MACHINES=2 offbeat run e.toml
    error: `rates` in e.toml, with these options: there are 3 rates for 2 machines
    help: say one for each machine, or fewer: then they are repeated
    [2]
    "##);
}
