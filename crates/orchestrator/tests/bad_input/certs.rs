//! Bad options of `certs`, and folders that are there already.

use insta::assert_snapshot;

use crate::place::{Place, refusals};

#[test]
fn options() {
    assert_snapshot!(refusals(&[
        "certs --machines 0",
        "certs --machines 10001",
        "certs --days 0",
        "certs --days 3651",
        "certs --run a.b",
        "certs --run -a",
        "certs --run a/b",
        "certs there",
    ]), @r##"
    $ offbeat certs --machines 0
    error: --machines: "0" will not do
    help: say a whole number from 1 to 10000
    [2]

    $ offbeat certs --machines 10001
    error: --machines: "10001" will not do
    help: say a whole number from 1 to 10000
    [2]

    $ offbeat certs --days 0
    error: --days: "0" will not do
    help: say a whole number from 1 to 3650
    [2]

    $ offbeat certs --days 3651
    error: --days: "3651" will not do
    help: say a whole number from 1 to 3650
    [2]

    $ offbeat certs --run a.b
    error: --run: "a.b" cannot be named in a certificate
    help: say letters, digits, '_' and, but first or last, '-', at most 63; or leave it out
    [2]

    $ offbeat certs --run -a
    error: there is no option -a
    help: offbeat certs --help lists the options
    [2]

    $ offbeat certs --run a/b
    error: --run: "a/b" cannot be the name of a run
    help: say letters, digits, '-', '_' and, but first, '.', at most 64
    [2]

    $ offbeat certs there
    error: "there" is one argument too many
    help: offbeat certs --help says what it takes
    [2]
    "##);
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::with("certs/machine-2/key.pem", "mine");
    assert_snapshot!(place.refusal("certs"), @r##"
    $ offbeat certs
    error: certs/machine-2 is there already
    help: say another folder with --out; nothing is overwritten
    [2]
    "##);
    let place = Place::with("certs", "a file");
    assert_snapshot!(place.refusal("certs"), @r##"
    $ offbeat certs
    error: cannot write to certs/machine-1: Not a directory
    help: say a folder with --out that this user may write
    [4]
    "##);
}
