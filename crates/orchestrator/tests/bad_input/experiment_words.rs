//! An experiment file: words, hosts and lengths of time.

use insta::assert_snapshot;

use crate::place::refusals_of_experiments as check;

#[test]
fn words_and_lengths_of_time() {
    assert_snapshot!(check(&[
        "topology = \"star\"",
        "pacing = \"jerky\"",
        "phase = true",
        "stamp = \"never\"",
        "host = \"\"",
        "host = \"127.0.0.1:5555\"",
        "name = \"a b\"",
        "duration = 5",
        "duration = \"5\"",
        "duration = \"5 parsecs\"",
        "duration = \"0s\"",
        "duration = \"-3s\"",
    ]), @r##"
    error: `topology` cannot be "star"
     --> e.toml:1:12
      |
    1 | topology = "star"
      |            ^^^^^^
    help: say "full" or "ring"
    [2]

    error: `pacing` cannot be "jerky"
     --> e.toml:1:10
      |
    1 | pacing = "jerky"
      |          ^^^^^^^
    help: say "even" or "burst"
    [2]

    error: `phase` cannot be true
     --> e.toml:1:9
      |
    1 | phase = true
      |         ^^^^
    help: say a word in quotes, as phase = "random"
    [2]

    error: `stamp` cannot be "never"
     --> e.toml:1:9
      |
    1 | stamp = "never"
      |         ^^^^^^^
    help: say "after" or "before"
    [2]

    error: "" is not a host
     --> e.toml:1:8
      |
    1 | host = ""
      |        ^^
    help: say one without a port, as 127.0.0.1, ::1 or localhost
    [2]

    error: "127.0.0.1:5555" is not a host
     --> e.toml:1:8
      |
    1 | host = "127.0.0.1:5555"
      |        ^^^^^^^^^^^^^^^^
    help: say one without a port, as 127.0.0.1, ::1 or localhost
    [2]

    error: "a b" cannot be the name of a run
     --> e.toml:1:8
      |
    1 | name = "a b"
      |        ^^^^^
    help: say letters, digits, '-', '_' and '.', at most 55
    [2]

    error: `duration` cannot be 5
     --> e.toml:1:12
      |
    1 | duration = 5
      |            ^
    help: say a length of time with its unit, in quotes, as "90s" or "5m"
    [2]

    error: "5" is not a length of time
     --> e.toml:1:12
      |
    1 | duration = "5"
      |            ^^^
    help: say it with its unit, as 90s or 5m
    [2]

    error: "5 parsecs" is not a length of time
     --> e.toml:1:12
      |
    1 | duration = "5 parsecs"
      |            ^^^^^^^^^^^
    help: say it with its unit, as 90s or 5m
    [2]

    error: the run would last no time
     --> e.toml:1:12
      |
    1 | duration = "0s"
      |            ^^^^
    help: say 60s
    [2]

    error: "-3s" is not a length of time
     --> e.toml:1:12
      |
    1 | duration = "-3s"
      |            ^^^^^
    help: say it with its unit, as 90s or 5m
    [2]
    "##);
}
