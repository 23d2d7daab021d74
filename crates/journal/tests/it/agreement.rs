//! What must not change from one incarnation to the next.

use journal::{Pacing, Rate, StampRule, Start, Time, Topology};

use crate::sample::start;

/// The differences between the example and what `edit` makes of it, as shown.
fn differences(edit: impl FnOnce(&mut Start)) -> Vec<String> {
    let mut other = start();
    edit(&mut other);
    start().differences(&other).iter().map(ToString::to_string).collect()
}

type Edit = fn(&mut Start);

#[test]
fn each_key_that_changed_is_named_with_both_values() {
    let edits: [(Edit, &str); 15] = [
        (|start| start.log = "offbeat-log/2".into(), "log: offbeat-log/2, not offbeat-log/1"),
        (|start| start.run = "x".into(), "run: x, not demo-5f3a9c01"),
        (|start| start.machine = 2, "machine: 2, not 1"),
        (|start| start.machines = 4, "machines: 4, not 3"),
        (|start| start.topology = Topology::Ring, "topology: ring, not full"),
        (|start| start.rate = Rate::PerSecond(4.5), "rate: 4.5, not 4"),
        (|start| start.rate = Rate::Max, "rate: max, not 4"),
        (|start| start.draw_max = 5, "draw_max: 5, not 10"),
        (|start| start.seed = Some(43), "seed: 43, not 42"),
        (|start| start.seed = None, "seed: none, not 42"),
        (|start| start.generator = None, "generator: none, not chacha8"),
        (|start| start.pacing = Pacing::Burst, "pacing: burst, not even"),
        (|start| start.stamp = StampRule::Before, "stamp: before, not after"),
        (|start| start.duration = Some(0.5), "duration: 0.5s, not 60s"),
        (|start| start.duration = None, "duration: none, not 60s"),
    ];
    for (edit, expected) in edits {
        assert_eq!(differences(edit), [expected]);
    }
}

#[test]
fn time_phase_incarnation_and_clock_may_change() {
    let edits: [Edit; 5] = [
        |_| {},
        |start| start.time = Time::from_micros(0),
        |start| start.phase = 0.25,
        |start| start.incarnation = 7,
        |start| start.clock = 99,
    ];
    for edit in edits {
        assert_eq!(differences(edit), [""; 0]);
    }
}

#[test]
fn all_that_changed_is_named_in_the_order_of_the_record() {
    let differences = differences(|start| {
        start.duration = None;
        start.clock = 99;
        start.seed = Some(1);
        start.run = "x".to_owned();
    });
    assert_eq!(
        differences,
        ["run: x, not demo-5f3a9c01", "seed: 1, not 42", "duration: none, not 60s"]
    );
}

/// Values are compared as they are written: two numbers must never look alike.
#[test]
fn numbers_that_differ_in_their_last_bit_differ() {
    let differences = differences(|start| start.rate = Rate::PerSecond(4.0_f64.next_up()));
    assert_eq!(differences, ["rate: 4.000000000000001, not 4"]);
}
