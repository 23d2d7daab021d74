//! An experiment file: its keys, and its rates.

use insta::assert_snapshot;

use crate::place::refusals_of_experiments as check;

#[test]
fn keys() {
    assert_snapshot!(check(&["rats = [1]", "xyzzy = 1", "machine = 3", "seed = 1\nseed = 2"]), @r##"
    error: unknown key `rats`
     --> e.toml:1:1
      |
    1 | rats = [1]
      | ^^^^
    help: did you mean `rates`?
    [2]

    error: unknown key `xyzzy`
     --> e.toml:1:1
      |
    1 | xyzzy = 1
      | ^^^^^
    help: the keys are duration, seed, machines, rates, draw_max, topology, pacing, phase, stamp, host, ports, latency, loss, duplicate, cut, crash, pause, torn, faults, name, run
    [2]

    error: unknown key `machine`
     --> e.toml:1:1
      |
    1 | machine = 3
      | ^^^^^^^
    help: did you mean `machines`?
    [2]

    error: the key `seed` is there twice
     --> e.toml:2:1
      |
    2 | seed = 2
      | ^^^^
    help: keep one of them
    [2]
    "##);
}

#[test]
fn rates() {
    assert_snapshot!(check(&[
        "rates = 1",
        "rates = []",
        "rates = [1, 0, 3]",
        "rates = [1, -1]",
        "rates = [nan]",
        "rates = [1, inf]",
        "rates = [1e7]",
        "rates = [1, [2]]",
        "rates = \"6..=1\"",
        "rates = \"0..=6\"",
        "rates = \"0.0..6.0\"",
        "rates = \"1.0..inf\"",
        "rates = \"1..=9999999\"",
        "machines = 2\nrates = [1, 2, 3]",
    ]), @r##"
    error: `rates` cannot be 1
     --> e.toml:1:9
      |
    1 | rates = 1
      |         ^
    help: say rates such as [1, 3, 6], "1..=6" or "1.0..6.0"
    [2]

    error: there is no rate
     --> e.toml:1:9
      |
    1 | rates = []
      |         ^^
    help: say one for each machine
    [2]

    error: 0 is not a rate
     --> e.toml:1:13
      |
    1 | rates = [1, 0, 3]
      |             ^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: -1 is not a rate
     --> e.toml:1:13
      |
    1 | rates = [1, -1]
      |             ^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: NaN is not a rate
     --> e.toml:1:10
      |
    1 | rates = [nan]
      |          ^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: inf is not a rate
     --> e.toml:1:13
      |
    1 | rates = [1, inf]
      |             ^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: 10000000 is not a rate
     --> e.toml:1:10
      |
    1 | rates = [1e7]
      |          ^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: `rates` cannot be [2]
     --> e.toml:1:13
      |
    1 | rates = [1, [2]]
      |             ^^^
    help: say a number of ticks a second, or "max"
    [2]

    error: "6..=1" is no range of whole rates
     --> e.toml:1:9
      |
    1 | rates = "6..=1"
      |         ^^^^^^^
    help: say it as 1..=6, from 1 up
    [2]

    error: "0..=6" is no range of whole rates
     --> e.toml:1:9
      |
    1 | rates = "0..=6"
      |         ^^^^^^^
    help: say it as 1..=6, from 1 up
    [2]

    error: "0.0..6.0" is no range of rates
     --> e.toml:1:9
      |
    1 | rates = "0.0..6.0"
      |         ^^^^^^^^^^
    help: say it as 1.0..6.0, or as 1..=6 for whole rates
    [2]

    error: "1.0..inf" is no range of rates
     --> e.toml:1:9
      |
    1 | rates = "1.0..inf"
      |         ^^^^^^^^^^
    help: say it as 1.0..6.0, or as 1..=6 for whole rates
    [2]

    error: 9999999 is not a rate
     --> e.toml:1:9
      |
    1 | rates = "1..=9999999"
      |         ^^^^^^^^^^^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: there are 3 rates for 2 machines
     --> e.toml:2:9
      |
    2 | rates = [1, 2, 3]
      |         ^^^^^^^^^
    help: say one for each machine, or fewer: then they are repeated
    [2]
    "##);
}
