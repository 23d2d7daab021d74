//! The config of a node: its keys, and the kinds of their values.

use insta::assert_snapshot;

use crate::place::refusals_of;

/// A config that is good but for `key`, which becomes `line`; none takes it away.
fn with(key: &str, line: &str) -> String {
    let good = [
        ("run", "run = \"r\""),
        ("machine", "machine = 1"),
        ("machines", "machines = 3"),
        ("listen", "listen = \"127.0.0.1:5555\""),
        (
            "peers",
            "peers = [{ machine = 2, address = \"b:1\" }, { machine = 3, address = \"c:1\" }]",
        ),
    ];
    let mut lines: Vec<_> =
        good.iter().map(|(name, good)| if *name == key { line } else { good }).collect();
    if !good.iter().any(|(name, _)| *name == key) {
        lines.insert(3, line);
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n") + "\n"
}

/// What `node` says of the config with each of these changes.
pub(crate) fn check(cases: &[(&str, &str)]) -> String {
    let configs: Vec<_> = cases.iter().map(|(key, line)| with(key, line)).collect();
    refusals_of("node --config", "n.toml", &configs)
}

#[test]
fn keys() {
    assert_snapshot!(check(&[
        ("rat", "rat = 2"),
        ("xyzzy", "xyzzy = 2"),
        ("run", ""),
        ("machine", ""),
        ("machines", ""),
        ("listen", ""),
        ("peers", ""),
        ("seed", "seed = 1\nseed = 2"),
    ]), @r##"
    error: unknown key `rat`
     --> n.toml:4:1
      |
    4 | rat = 2
      | ^^^
    help: did you mean `rate`?
    [2]

    error: unknown key `xyzzy`
     --> n.toml:4:1
      |
    4 | xyzzy = 2
      | ^^^^^
    help: the keys are run, machine, machines, topology, rate, draw_max, seed, phase, pacing, stamp, duration, listen, log, sync, plain, tls, peers
    [2]

    error: the key `run` is missing
     --> n.toml
    help: add run = "by-hand"
    [2]

    error: the key `machine` is missing
     --> n.toml
    help: add machine = 2
    [2]

    error: the key `machines` is missing
     --> n.toml
    help: add machines = 3
    [2]

    error: the key `listen` is missing
     --> n.toml
    help: add listen = "127.0.0.1:5555"
    [2]

    error: the key `peers` is missing
     --> n.toml
    help: add peers = [{ machine = 2, address = "127.0.0.1:6666" }]
    [2]

    error: the key `seed` is there twice
     --> n.toml:5:1
      |
    5 | seed = 2
      | ^^^^
    help: keep one of them
    [2]
    "##);
}

#[test]
fn types() {
    assert_snapshot!(check(&[
        ("machine", "machine = \"one\""),
        ("machines", "machines = [3]"),
        ("rate", "rate = true"),
        ("rate", "rate = [1, 3, 6]"),
        ("seed", "seed = -1"),
        ("seed", "seed = 99999999999999999999"),
        ("draw_max", "draw_max = 1.5"),
        ("topology", "topology = 3"),
        ("duration", "duration = 60"),
        ("listen", "listen = 5555"),
        ("log", "log = 5"),
        ("peers", "peers = {}"),
        ("peers", "peers = [2, 3]"),
    ]), @r##"
    error: `machine` cannot be "one"
     --> n.toml:2:11
      |
    2 | machine = "one"
      |           ^^^^^
    help: say a whole number, as machine = 2
    [2]

    error: `machines` cannot be [3]
     --> n.toml:3:12
      |
    3 | machines = [3]
      |            ^^^
    help: say a whole number, as machines = 3
    [2]

    error: `rate` cannot be true
     --> n.toml:4:8
      |
    4 | rate = true
      |        ^^^^
    help: say a number of ticks a second, or "max"
    [2]

    error: `rate` cannot be [1, 3, 6]
     --> n.toml:4:8
      |
    4 | rate = [1, 3, 6]
      |        ^^^^^^^^^
    help: say a number of ticks a second, or "max"
    [2]

    error: `seed` cannot be -1
     --> n.toml:4:8
      |
    4 | seed = -1
      |        ^^
    help: say a whole number, at most 18446744073709551615, as seed = 5
    [2]

    error: `seed` cannot be 99999999999999999999
     --> n.toml:4:8
      |
    4 | seed = 99999999999999999999
      |        ^^^^^^^^^^^^^^^^^^^^
    help: say a whole number, at most 18446744073709551615, as seed = 5
    [2]

    error: `draw_max` cannot be 1.5
     --> n.toml:4:12
      |
    4 | draw_max = 1.5
      |            ^^^
    help: say a whole number, at most 18446744073709551615, as draw_max = 10
    [2]

    error: `topology` cannot be 3
     --> n.toml:4:12
      |
    4 | topology = 3
      |            ^
    help: say a word in quotes, as topology = "full"
    [2]

    error: `duration` cannot be 60
     --> n.toml:4:12
      |
    4 | duration = 60
      |            ^^
    help: say a length of time with its unit, in quotes, as "90s" or "5m"
    [2]

    error: `listen` cannot be 5555
     --> n.toml:4:10
      |
    4 | listen = 5555
      |          ^^^^
    help: say a word in quotes, as listen = "127.0.0.1:5555"
    [2]

    error: `log` cannot be 5
     --> n.toml:4:7
      |
    4 | log = 5
      |       ^
    help: say a path in quotes
    [2]

    error: `peers` cannot be {}
     --> n.toml:5:9
      |
    5 | peers = {}
      |         ^^
    help: say a list, as peers = [{ machine = 2, address = "127.0.0.1:6666" }]
    [2]

    error: `peers` cannot be 2
     --> n.toml:5:10
      |
    5 | peers = [2, 3]
      |          ^
    help: say a table, as peers = [{ machine = 2, address = "127.0.0.1:6666" }]
    [2]
    "##);
}
