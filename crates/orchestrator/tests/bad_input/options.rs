//! Options: numbers, and lists of numbers.

use insta::assert_snapshot;

use crate::place::refusals;

#[test]
fn rates() {
    assert_snapshot!(refusals(&[
        "--rates 0",
        "--rates -1",
        "--rates -1,3,6",
        "--rates nan",
        "--rates inf",
        "--rates 1e9",
        "--rates 1,x",
        "--rates=",
        "--rates 6..=1",
        "--rates 0..=6",
        "--rates 1..2..3",
        "--rates 1..=9999999",
        "--rates 1,2,3,4 --machines 3",
    ]), @r##"
    $ offbeat --rates 0
    error: --rates: 0 is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates -1
    error: --rates: -1 is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates -1,3,6
    error: --rates: -1 is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates nan
    error: --rates: NaN is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates inf
    error: --rates: inf is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates 1e9
    error: --rates: 1000000000 is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates 1,x
    error: --rates: "x" is not a rate
    help: say a number of ticks a second, or "max"
    [2]

    $ offbeat --rates=
    error: --rates: "" is not a rate
    help: say a number of ticks a second, or "max"
    [2]

    $ offbeat --rates 6..=1
    error: --rates: "6..=1" is no range of whole rates
    help: say it as 1..=6, from 1 up
    [2]

    $ offbeat --rates 0..=6
    error: --rates: "0..=6" is no range of whole rates
    help: say it as 1..=6, from 1 up
    [2]

    $ offbeat --rates 1..2..3
    error: --rates: "1..2..3" is no range of rates
    help: say it as 1.0..6.0, or as 1..=6 for whole rates
    [2]

    $ offbeat --rates 1..=9999999
    error: --rates: 9999999 is not a rate
    help: say a number of ticks a second from 0.000001 to 1000000, or "max"
    [2]

    $ offbeat --rates 1,2,3,4 --machines 3
    error: --rates: there are 4 rates for 3 machines
    help: say one for each machine, or fewer: then they are repeated
    [2]
    "##);
}

#[test]
fn numbers() {
    assert_snapshot!(refusals(&[
        "--machines 0",
        "--machines 1",
        "--machines 100000",
        "--machines 5000000000",
        "--machines -3",
        "--machines three",
        "--seed -1",
        "--seed 18446744073709551616",
        "--draw-max 0",
        "--draw-max x",
        "log --machine one",
    ]), @r##"
    $ offbeat --machines 0
    error: --machines: there cannot be 0 machines
    help: say a number from 2 to 1000
    [2]

    $ offbeat --machines 1
    error: --machines: there cannot be 1 machines
    help: say a number from 2 to 1000
    [2]

    $ offbeat --machines 100000
    error: --machines: there cannot be 100000 machines
    help: say a number from 2 to 1000
    [2]

    $ offbeat --machines 5000000000
    error: --machines: 5000000000 is too large
    help: say at most 4294967295
    [2]

    $ offbeat --machines -3
    error: --machines: "-3" is not a whole number from 0 up
    help: say digits only, as 5
    [2]

    $ offbeat --machines three
    error: --machines: "three" is not a whole number from 0 up
    help: say digits only, as 5
    [2]

    $ offbeat --seed -1
    error: --seed: "-1" is not a whole number from 0 up
    help: say digits only, as 5
    [2]

    $ offbeat --seed 18446744073709551616
    error: --seed: 18446744073709551616 is too large
    help: say at most 18446744073709551615
    [2]

    $ offbeat --draw-max 0
    error: --draw-max: nothing can be drawn from 1..=0
    help: say 10 for the classic experiment; the smaller, the more is sent
    [2]

    $ offbeat --draw-max x
    error: --draw-max: "x" is not a whole number from 0 up
    help: say digits only, as 5
    [2]

    $ offbeat log --machine one
    error: --machine: "one" is not a whole number from 0 up
    help: say digits only, as 5
    [2]
    "##);
}

#[test]
fn ports() {
    assert_snapshot!(refusals(&[
        "--ports 5555 6666",
        "--ports 5555 6666 5555",
        "--ports 0 1 2",
        "--ports -1 1 2",
        "--ports 5555,6666,99999",
        "--ports any",
        "--ports auto 6666 7777",
    ]), @r##"
    $ offbeat --ports 5555 6666
    error: --ports: there are 2 ports for 3 machines
    help: say one for each machine, or auto
    [2]

    $ offbeat --ports 5555 6666 5555
    error: --ports: port 5555 is given twice
    help: say a port of its own for each machine, or auto
    [2]

    $ offbeat --ports 0 1 2
    error: --ports: "0" is not a port
    help: say a number from 1 to 65535, or auto
    [2]

    $ offbeat --ports -1 1 2
    error: --ports: "-1" is not a port
    help: say a number from 1 to 65535, or auto
    [2]

    $ offbeat --ports 5555,6666,99999
    error: --ports: "99999" is not a port
    help: say a number from 1 to 65535, or auto
    [2]

    $ offbeat --ports any
    error: --ports: "any" is not a port
    help: say a number from 1 to 65535, or auto
    [2]

    $ offbeat --ports auto 6666 7777
    error: --ports: auto stands beside other ports
    help: say auto alone, or a port for each machine
    [2]
    "##);
}
