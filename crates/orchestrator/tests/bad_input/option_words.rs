//! Options: words, lengths of time, hosts and names.

use insta::assert_snapshot;

use crate::place::refusals;

#[test]
fn lengths_of_time() {
    assert_snapshot!(refusals(&[
        "--duration 5",
        "--duration 5parsecs",
        "--duration 0s",
        "--duration -3s",
        "--duration=-3s",
        "--duration=",
        "--duration",
    ]), @r##"
    $ offbeat --duration 5
    error: --duration: "5" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ offbeat --duration 5parsecs
    error: --duration: "5parsecs" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ offbeat --duration 0s
    error: --duration: the run would last no time
    help: say 60s
    [2]

    $ offbeat --duration -3s
    error: --duration: "-3s" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ offbeat --duration=-3s
    error: --duration: "-3s" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ offbeat --duration=
    error: --duration: "" is not a length of time
    help: say it with its unit, as 90s or 5m
    [2]

    $ offbeat --duration
    error: --duration needs a value
    help: say --duration TIME
    [2]
    "##);
}

#[test]
fn words() {
    assert_snapshot!(refusals(&[
        "--topology star",
        "--pacing jerky",
        "--phase full",
        "--stamp never",
        "completions cobol",
    ]), @r##"
    $ offbeat --topology star
    error: --topology: "star" is not a topology
    help: say full or ring
    [2]

    $ offbeat --pacing jerky
    error: --pacing: "jerky" is not a pacing
    help: say even or burst
    [2]

    $ offbeat --phase full
    error: --phase: "full" is not a phase
    help: say random or aligned
    [2]

    $ offbeat --stamp never
    error: --stamp: "never" is not a stamp rule
    help: say after or before
    [2]

    $ offbeat completions cobol
    error: SHELL cannot be "cobol"
    help: say bash, elvish, fish, powershell, zsh
    [2]
    "##);
}

#[test]
fn hosts_and_names() {
    assert_snapshot!(refusals(&[
        "--host=",
        "--host 127.0.0.1:5555",
        "--host http://localhost",
        "--host 192.0.2.1",
        "--host 192.0.2.1 --ports auto",
        "node --config n.toml --run a/b",
        "node --config n.toml --run ..",
        "node --config n.toml --run=",
    ]), @r##"
    $ offbeat --host=
    error: --host: "" is not a host
    help: say one without a port, as 127.0.0.1, ::1 or localhost
    [2]

    $ offbeat --host 127.0.0.1:5555
    error: --host: "127.0.0.1:5555" is not a host
    help: say one without a port, as 127.0.0.1, ::1 or localhost
    [2]

    $ offbeat --host http://localhost
    error: --host: "http://localhost" is not a host
    help: say one without a port, as 127.0.0.1, ::1 or localhost
    [2]

    $ offbeat --host 192.0.2.1
    error: cannot listen on 192.0.2.1: Cannot assign requested address
    help: say --host with an address of this computer, as 127.0.0.1
    [4]

    $ offbeat --host 192.0.2.1 --ports auto
    error: cannot listen on 192.0.2.1: Cannot assign requested address
    help: say --host with an address of this computer, as 127.0.0.1
    [4]

    $ offbeat node --config n.toml --run a/b
    error: --run: "a/b" cannot be the name of a run
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]

    $ offbeat node --config n.toml --run ..
    error: --run: ".." cannot be the name of a run
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]

    $ offbeat node --config n.toml --run=
    error: --run: "" cannot be the name of a run
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]
    "##);
}
