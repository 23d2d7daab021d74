//! An experiment file: its ports, and other numbers.

use insta::assert_snapshot;

use crate::place::refusals_of_experiments as check;

#[test]
fn ports() {
    assert_snapshot!(check(&[
        "ports = 5555",
        "ports = \"any\"",
        "ports = [0, 1, 2]",
        "ports = [5555, 6666]",
        "ports = [5555, 6666, 5555]",
        "ports = [5555, 6666, 99999]",
        "ports = [5555, 6666, -1]",
        "ports = [5555, \"auto\", 7777]",
    ]), @r##"
    error: `ports` cannot be 5555
     --> e.toml:1:9
      |
    1 | ports = 5555
      |         ^^^^
    help: say ports such as [5555, 6666, 7777], or "auto"
    [2]

    error: "any" is not a port
     --> e.toml:1:9
      |
    1 | ports = "any"
      |         ^^^^^
    help: say a number from 1 to 65535, or auto
    [2]

    error: 0 is not a port
     --> e.toml:1:10
      |
    1 | ports = [0, 1, 2]
      |          ^
    help: say a number from 1 to 65535
    [2]

    error: there are 2 ports for 3 machines
     --> e.toml:1:9
      |
    1 | ports = [5555, 6666]
      |         ^^^^^^^^^^^^
    help: say one for each machine, or auto
    [2]

    error: port 5555 is given twice
     --> e.toml:1:22
      |
    1 | ports = [5555, 6666, 5555]
      |                      ^^^^
    help: say a port of its own for each machine, or auto
    [2]

    error: 99999 is not a port
     --> e.toml:1:22
      |
    1 | ports = [5555, 6666, 99999]
      |                      ^^^^^
    help: say a number from 1 to 65535
    [2]

    error: -1 is not a port
     --> e.toml:1:22
      |
    1 | ports = [5555, 6666, -1]
      |                      ^^
    help: say a number from 1 to 65535
    [2]

    error: `ports` cannot be "auto"
     --> e.toml:1:16
      |
    1 | ports = [5555, "auto", 7777]
      |                ^^^^^^
    help: say a number from 1 to 65535
    [2]
    "##);
}

#[test]
fn numbers() {
    assert_snapshot!(check(&[
        "machines = 0",
        "machines = 1",
        "machines = -1",
        "machines = 100000",
        "machines = 3.5",
        "seed = -1",
        "seed = 99999999999999999999",
        "draw_max = 0",
    ]), @r##"
    error: there cannot be 0 machines
     --> e.toml:1:12
      |
    1 | machines = 0
      |            ^
    help: say a number from 2 to 1000
    [2]

    error: there cannot be 1 machines
     --> e.toml:1:12
      |
    1 | machines = 1
      |            ^
    help: say a number from 2 to 1000
    [2]

    error: `machines` cannot be -1
     --> e.toml:1:12
      |
    1 | machines = -1
      |            ^^
    help: say a whole number, as machines = 3
    [2]

    error: there cannot be 100000 machines
     --> e.toml:1:12
      |
    1 | machines = 100000
      |            ^^^^^^
    help: say a number from 2 to 1000
    [2]

    error: `machines` cannot be 3.5
     --> e.toml:1:12
      |
    1 | machines = 3.5
      |            ^^^
    help: say a whole number, as machines = 3
    [2]

    error: `seed` cannot be -1
     --> e.toml:1:8
      |
    1 | seed = -1
      |        ^^
    help: say a whole number, at most 18446744073709551615, as seed = 5
    [2]

    error: `seed` cannot be 99999999999999999999
     --> e.toml:1:8
      |
    1 | seed = 99999999999999999999
      |        ^^^^^^^^^^^^^^^^^^^^
    help: say a whole number, at most 18446744073709551615, as seed = 5
    [2]

    error: nothing can be drawn from 1..=0
     --> e.toml:1:12
      |
    1 | draw_max = 0
      |            ^
    help: say 10 for the classic experiment; the smaller, the more is sent
    [2]
    "##);
}
