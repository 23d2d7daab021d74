//! The config of a node: values of the right kind that cannot be.

use insta::assert_snapshot;

use crate::node_keys::check;

#[test]
fn rates() {
    assert_snapshot!(check(&[
        ("rate", "rate = 0"),
        ("rate", "rate = -1"),
        ("rate", "rate = nan"),
        ("rate", "rate = inf"),
        ("rate", "rate = 1e9"),
        ("rate", "rate = \"fast\""),
    ]), @r##"
    error: 0 is not a rate
     --> n.toml:4:8
      |
    4 | rate = 0
      |        ^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: -1 is not a rate
     --> n.toml:4:8
      |
    4 | rate = -1
      |        ^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: NaN is not a rate
     --> n.toml:4:8
      |
    4 | rate = nan
      |        ^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: inf is not a rate
     --> n.toml:4:8
      |
    4 | rate = inf
      |        ^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: 1000000000 is not a rate
     --> n.toml:4:8
      |
    4 | rate = 1e9
      |        ^^^
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    error: "fast" is not a rate
     --> n.toml:4:8
      |
    4 | rate = "fast"
      |        ^^^^^^
    help: say a number of ticks a second, or "max"
    [2]
    "##);
}

#[test]
fn words_and_lengths_of_time() {
    assert_snapshot!(check(&[
        ("run", "run = \"a b\""),
        ("run", "run = \"\""),
        ("topology", "topology = \"star\""),
        ("pacing", "pacing = \"jerky\""),
        ("phase", "phase = \"full\""),
        ("stamp", "stamp = \"never\""),
        ("sync", "sync = \"sometimes\""),
        ("duration", "duration = \"5\""),
        ("duration", "duration = \"5 parsecs\""),
        ("duration", "duration = \"-3s\""),
        ("duration", "duration = \"0s\""),
    ]), @r##"
    error: "a b" cannot be the name of a run
     --> n.toml:1:7
      |
    1 | run = "a b"
      |       ^^^^^
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]

    error: "" cannot be the name of a run
     --> n.toml:1:7
      |
    1 | run = ""
      |       ^^
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]

    error: `topology` cannot be "star"
     --> n.toml:4:12
      |
    4 | topology = "star"
      |            ^^^^^^
    help: say "full" or "ring"
    [2]

    error: `pacing` cannot be "jerky"
     --> n.toml:4:10
      |
    4 | pacing = "jerky"
      |          ^^^^^^^
    help: say "even" or "burst"
    [2]

    error: `phase` cannot be "full"
     --> n.toml:4:9
      |
    4 | phase = "full"
      |         ^^^^^^
    help: say "random" or "aligned"
    [2]

    error: `stamp` cannot be "never"
     --> n.toml:4:9
      |
    4 | stamp = "never"
      |         ^^^^^^^
    help: say "after" or "before"
    [2]

    error: `sync` cannot be "sometimes"
     --> n.toml:4:8
      |
    4 | sync = "sometimes"
      |        ^^^^^^^^^^^
    help: say "never" or "always"
    [2]

    error: "5" is not a length of time
     --> n.toml:4:12
      |
    4 | duration = "5"
      |            ^^^
    help: say it with its unit, as 90s or 5m
    [2]

    error: "5 parsecs" is not a length of time
     --> n.toml:4:12
      |
    4 | duration = "5 parsecs"
      |            ^^^^^^^^^^^
    help: say it with its unit, as 90s or 5m
    [2]

    error: "-3s" is not a length of time
     --> n.toml:4:12
      |
    4 | duration = "-3s"
      |            ^^^^^
    help: say it with its unit, as 90s or 5m
    [2]

    error: the run would last no time
     --> n.toml:4:12
      |
    4 | duration = "0s"
      |            ^^^^
    help: say 60s, or leave it out to run until Ctrl-C
    [2]
    "##);
}

#[test]
fn numbers() {
    assert_snapshot!(check(&[
        ("machine", "machine = 0"),
        ("machine", "machine = 4"),
        ("machines", "machines = 0"),
        ("machines", "machines = 1"),
        ("machines", "machines = 4000000000"),
        ("draw_max", "draw_max = 0"),
    ]), @r##"
    error: there is no machine 0
     --> n.toml:2:11
      |
    2 | machine = 0
      |           ^
    help: with machines = 3, say a number from 1 to 3
    [2]

    error: there is no machine 4
     --> n.toml:2:11
      |
    2 | machine = 4
      |           ^
    help: with machines = 3, say a number from 1 to 3
    [2]

    error: there cannot be 0 machines
     --> n.toml:3:12
      |
    3 | machines = 0
      |            ^
    help: say a number from 2 to 10000
    [2]

    error: there cannot be 1 machines
     --> n.toml:3:12
      |
    3 | machines = 1
      |            ^
    help: say a number from 2 to 10000
    [2]

    error: there cannot be 4000000000 machines
     --> n.toml:3:12
      |
    3 | machines = 4000000000
      |            ^^^^^^^^^^
    help: say a number from 2 to 10000
    [2]

    error: nothing can be drawn from 1..=0
     --> n.toml:4:12
      |
    4 | draw_max = 0
      |            ^
    help: say 10 for the classic experiment; the smaller, the more is sent
    [2]
    "##);
}
