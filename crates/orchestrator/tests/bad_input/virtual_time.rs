//! Network and faults in virtual time.

use insta::assert_snapshot;

use crate::place::{Place, refusals};

#[test]
fn networks() {
    assert_snapshot!(refusals(&[
        "simulate --latency 5",
        "simulate --latency 2-9=5ms",
        "simulate --loss 1.5",
        "simulate --loss -0.1",
        "simulate --duplicate often",
        "simulate --rates max",
    ]), @r##"
    $ offbeat simulate --latency 5
    error: --latency: "5" is not a latency
    help: say 5ms, uniform:1ms..20ms or exp:10ms
    [2]

    $ offbeat simulate --latency 2-9=5ms
    error: --latency: there is no machine 9 among 3
    help: name one of the run's machines or links
    [2]

    $ offbeat simulate --loss 1.5
    error: --loss: "1.5" is no probability
    help: say a number from 0 to 1
    [2]

    $ offbeat simulate --loss -0.1
    error: --loss: "-0.1" is no probability
    help: say a number from 0 to 1
    [2]

    $ offbeat simulate --duplicate often
    error: --duplicate: "often" is no probability
    help: say a number from 0 to 1
    [2]

    $ offbeat simulate --rates max
    error: --rates: in virtual time a machine without pace would tick for ever in one instant
    help: say a number of ticks a second
    [2]
    "##);
}

#[test]
fn faults() {
    assert_snapshot!(refusals(&[
        "simulate --cut 2-3",
        "simulate --cut 1-4@1s..2s",
        "simulate --cut 1-3@1s..2s --machines 4 --topology ring",
        "simulate --crash 0@1s..2s",
        "simulate --crash 4@1s..2s",
        "simulate --pause 1@9s..2s",
        "simulate --faults some",
        "simulate --torn=yes",
    ]), @r##"
    $ offbeat simulate --cut 2-3
    error: --cut: "2-3" does not say where and when
    help: say it as 2-3@10s..20s
    [2]

    $ offbeat simulate --cut 1-4@1s..2s
    error: --cut: there is no machine 4 among 3
    help: name one of the run's machines or links
    [2]

    $ offbeat simulate --cut 1-3@1s..2s --machines 4 --topology ring
    error: --cut: no link joins machine 1 and machine 3
    help: name one of the run's machines or links
    [2]

    $ offbeat simulate --crash 0@1s..2s
    error: --crash: "0" is no machine
    help: say its number, or all
    [2]

    $ offbeat simulate --crash 4@1s..2s
    error: --crash: there is no machine 4 among 3
    help: name one of the run's machines or links
    [2]

    $ offbeat simulate --pause 1@9s..2s
    error: --pause: "9s..2s" ends before it begins
    [2]

    $ offbeat simulate --faults some
    error: --faults: "some" is no source of faults
    help: say random
    [2]

    $ offbeat simulate --torn=yes
    error: unexpected value 'yes' for '--torn' found; no more were expected

    Usage: offbeat simulate --torn [EXPERIMENT.toml]

    For more information, try '--help'.
    [2]
    "##);
}

#[test]
fn what_happens_in_virtual_time_only() {
    assert_snapshot!(refusals(&[
        "run --duplicate 0.1",
        "run --crash 1@1s..2s --torn",
        "run --crash torn:1@1s..2s",
        "run --crash 4@1s..2s",
        "run --machines 20 --latency 5ms --ports auto",
    ]), @r##"
    $ offbeat run --duplicate 0.1
    error: --duplicate: TCP lets nothing come twice, and a live run goes over TCP
    help: leave it out, or use simulate instead of run
    [2]

    $ offbeat run --crash 1@1s..2s --torn
    error: --torn: a live machine cannot be killed in the middle of a write: the kernel finishes it
    help: leave torn out, or use simulate instead of run
    [2]

    $ offbeat run --crash torn:1@1s..2s
    error: --crash: a live machine cannot be killed in the middle of a write: the kernel finishes it
    help: leave torn out, or use simulate instead of run
    [2]

    $ offbeat run --crash 4@1s..2s
    error: --crash: there is no machine 4 among 3
    help: name one of the run's machines or links
    [2]

    $ offbeat run --machines 20 --latency 5ms --ports auto
    error: network and cuts are about 380 links, but the proxy stands in 256 at most
    help: name fewer links or machines, or use simulate instead of run
    [2]
    "##);
}

#[test]
fn seeds() {
    assert_snapshot!(refusals(&[
        "simulate --seeds 9..1",
        "simulate --seeds many",
        "simulate --seeds 1..9 --seed 4",
        "simulate --machines 3000",
        "simulate --machines 2000000 --topology ring",
    ]), @r##"
    $ offbeat simulate --seeds 9..1
    error: --seeds: "9..1" is no range of seeds
    help: say 1..1000, both ends are included
    [2]

    $ offbeat simulate --seeds many
    error: --seeds: "many" is no range of seeds
    help: say 1..1000, both ends are included
    [2]

    $ offbeat simulate --seeds 1..9 --seed 4
    error: the argument '--seeds <FROM..TO>' cannot be used with '--seed <N>'

    Usage: offbeat simulate --seeds <FROM..TO> [EXPERIMENT.toml]

    For more information, try '--help'.
    [2]

    $ offbeat simulate --machines 3000
    error: --machines: there cannot be 3000 machines
    help: say a number from 2 to 2000, or more in a ring
    [2]

    $ offbeat simulate --machines 2000000 --topology ring
    error: --machines: there cannot be 2000000 machines
    help: say a number from 2 to 1048576
    [2]
    "##);
}

#[test]
fn files() {
    let place = Place::with("e.toml", "machines = 3\ncut = [\"1-2@1s..2s\", \"1-7@1s..2s\"]\n");
    assert_snapshot!(place.refusal("simulate e.toml --check-config"), @r##"
    $ offbeat simulate e.toml --check-config
    error: there is no machine 7 among 3
     --> e.toml:2:7
      |
    2 | cut = ["1-2@1s..2s", "1-7@1s..2s"]
      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
    help: name one of the run's machines or links
    [2]
    "##);
    let place = Place::with("e.toml", "latency = \"slow\"\n");
    assert_snapshot!(place.refusal("simulate e.toml --check-config"), @r##"
    $ offbeat simulate e.toml --check-config
    error: "slow" is not a latency
     --> e.toml:1:11
      |
    1 | latency = "slow"
      |           ^^^^^^
    help: say 5ms, uniform:1ms..20ms or exp:10ms
    [2]
    "##);
    let place = Place::with("e.toml", "duplicate = 0.1\n");
    assert_snapshot!(place.refusal("run e.toml --check-config"), @r##"
    $ offbeat run e.toml --check-config
    error: TCP lets nothing come twice, and a live run goes over TCP
     --> e.toml:1:13
      |
    1 | duplicate = 0.1
      |             ^^^
    help: leave it out, or use simulate instead of run
    [2]
    "##);
}
