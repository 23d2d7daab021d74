//! The config of a node: addresses, and the list of its peers.

use insta::assert_snapshot;

use crate::place::refusals_of;

const GOOD: &str = "\
run = \"r\"
machine = 1
machines = 3
listen = \"127.0.0.1:5555\"

[[peers]]
machine = 2
address = \"127.0.0.1:6666\"

[[peers]]
machine = 3
address = \"127.0.0.1:7777\"
";

fn check(changes: &[(&str, &str)]) -> String {
    let changed = changes.iter().map(|(old, new)| {
        assert!(GOOD.contains(old), "{old}");
        GOOD.replacen(old, new, 1)
    });
    refusals_of("node --config", "n.toml", &changed.collect::<Vec<_>>())
}

#[test]
fn addresses() {
    assert_snapshot!(check(&[
        ("127.0.0.1:5555", ""),
        ("127.0.0.1:5555", "localhost"),
        ("127.0.0.1:5555", "127.0.0.1:0"),
        ("127.0.0.1:5555", ":5555"),
        ("127.0.0.1:5555", "::1"),
        ("127.0.0.1:6666", "127.0.0.1:99999"),
        ("127.0.0.1:6666", "::1:6666"),
        ("127.0.0.1:7777", "http://c:7777"),
        ("127.0.0.1:7777", "c:port"),
    ]), @r##"
    error: "" has no port
     --> n.toml:4:10
      |
    4 | listen = ""
      |          ^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]

    error: "localhost" has no port
     --> n.toml:4:10
      |
    4 | listen = "localhost"
      |          ^^^^^^^^^^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]

    error: "0" is not a port from 1 to 65535
     --> n.toml:4:10
      |
    4 | listen = "127.0.0.1:0"
      |          ^^^^^^^^^^^^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]

    error: ":5555" has no host
     --> n.toml:4:10
      |
    4 | listen = ":5555"
      |          ^^^^^^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]

    error: "::1" is an IPv6 address without brackets
     --> n.toml:4:10
      |
    4 | listen = "::1"
      |          ^^^^^
    help: say [address]:port, as [::1]:5555
    [2]

    error: "99999" is not a port from 1 to 65535
     --> n.toml:8:11
      |
    8 | address = "127.0.0.1:99999"
      |           ^^^^^^^^^^^^^^^^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]

    error: "::1:6666" is an IPv6 address without brackets
     --> n.toml:8:11
      |
    8 | address = "::1:6666"
      |           ^^^^^^^^^^
    help: say [address]:port, as [::1]:5555
    [2]

    error: "http://c" is not a host
      --> n.toml:12:11
       |
    12 | address = "http://c:7777"
       |           ^^^^^^^^^^^^^^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]

    error: "port" is not a port from 1 to 65535
      --> n.toml:12:11
       |
    12 | address = "c:port"
       |           ^^^^^^^^
    help: say host:port, as 127.0.0.1:5555 or machine-2:5555
    [2]
    "##);
}

#[test]
fn peers() {
    assert_snapshot!(check(&[
        ("machine = 3", "machine = 2"),
        ("machine = 3", "machine = 1"),
        ("machine = 3", "machine = 0"),
        ("machine = 3", "machine = 4"),
        ("[[peers]]\nmachine = 2\naddress = \"127.0.0.1:6666\"\n", ""),
        ("machine = 2\n", ""),
        ("address = \"127.0.0.1:7777\"\n", ""),
        ("address = \"127.0.0.1:7777\"\n", "adress = \"127.0.0.1:7777\"\n"),
        ("\"127.0.0.1:7777\"", "7777"),
        ("[[peers]]", "[peers]"),
    ]), @r##"
    error: machine 2 is listed twice
      --> n.toml:11:11
       |
    11 | machine = 2
       |           ^
    help: list every machine once
    [2]

    error: machine 1 is this machine itself
      --> n.toml:11:11
       |
    11 | machine = 1
       |           ^
    help: list only the other machines
    [2]

    error: there is no machine 0
      --> n.toml:11:11
       |
    11 | machine = 0
       |           ^
    help: with machines = 3, say a number from 1 to 3
    [2]

    error: there is no machine 4
      --> n.toml:11:11
       |
    11 | machine = 4
       |           ^
    help: with machines = 3, say a number from 1 to 3
    [2]

    error: machine 2 is a neighbour, but is not among the peers
     --> n.toml:7:1
      |
    7 | [[peers]]
      | ^^^^^^^^^
    help: add { machine = 2, address = "host:port" }
    [2]

    error: the key `machine` is missing
     --> n.toml:6:1
      |
    6 | [[peers]]
      | ^^^^^^^^^
    help: add machine = 2
    [2]

    error: the key `address` is missing
      --> n.toml:10:1
       |
    10 | [[peers]]
       | ^^^^^^^^^
    help: add address = "127.0.0.1:6666"
    [2]

    error: unknown key `adress`
      --> n.toml:12:1
       |
    12 | adress = "127.0.0.1:7777"
       | ^^^^^^
    help: did you mean `address`?
    [2]

    error: `address` cannot be 7777
      --> n.toml:12:11
       |
    12 | address = 7777
       |           ^^^^
    help: say a word in quotes, as address = "127.0.0.1:6666"
    [2]

    error: the key `peers` is there twice
      --> n.toml:10:3
       |
    10 | [[peers]]
       |   ^^^^^
    help: keep one of them
    [2]
    "##);
}
