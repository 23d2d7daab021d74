//! Why: sentences that must be right for every run, ordinary or odd.

use insta::assert_snapshot;
use journal::{Internal, Rate, Receive, Record, Send, Start, Stop, StopReason, Time, Topology};
use proptest::prelude::*;
use report::{Statistics, Summary};

use crate::simulator::{Simulator, at, summary};

fn sentences(summary: &Summary) -> String {
    summary.sentences().join("\n")
}

fn of(rates: &[f64], draw_max: u64, duration: f64) -> String {
    sentences(&Simulator::new(rates, draw_max, duration).summary())
}

#[test]
fn a_queue_grew() {
    assert_snapshot!(of(&[1.0, 3.0, 6.0], 10, 60.0), @r"
    Machine 1, at 1 tick a second, got 1.45 messages a second and read only 1.00: its queue grew by 0.45 a second (0.50 predicted) to 27, so it read ever older stamps, the last one 250, and its clock ended 109 (30 %) behind.
    The largest jump, +22, was machine 1's at tick 59, when it read a message from machine 3.
    ");
    assert_snapshot!(of(&[1.0, 5.0, 5.0], 10, 60.0), @r"
    Machine 1, at 1 tick a second, got 1.60 messages a second and read only 0.98: its queue grew by 0.62 a second (0.67 predicted) to 37, so it read ever older stamps, the last one 173, and its clock ended 144 (45 %) behind.
    The largest jump, +9, was machine 1's at tick 15, when it read a message from machine 3.
    ");
    assert_snapshot!(of(&[1.0, 3.0, 4.0], 5, 60.0), @r"
    Machine 1, at 1 tick a second, got 1.93 messages a second and read only 1.00: its queue grew by 0.93 a second (1.00 predicted) to 56, so it read ever older stamps, the last one 111, and its clock ended 142 (55 %) behind.
    The largest jump, +7, was machine 1's at tick 27, when it read a message from machine 3.
    ");
}

#[test]
fn several_queues_grew() {
    assert_snapshot!(of(&[1.0, 6.0, 1.0], 10, 60.0), @r"
    Machine 3, at 1 tick a second, got 1.30 messages a second and read only 1.00: its queue grew by 0.30 a second (0.20 predicted) to 18, so it read ever older stamps, the last one 271, and its clock ended 88 (24 %) behind.
    The largest jump, +18, was machine 1's at tick 17, when it read a message from machine 2.
    ");
    assert_snapshot!(of(&[1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 30.0], 10, 60.0), @r"
    Machine 1, at 1 tick a second, got 6.10 messages a second and read only 1.00: its queue grew by 5.10 a second (5.00 predicted) to 306, so it read ever older stamps, the last one 289, and its clock ended 1510 (83 %) behind.
    7 machines had queues that grew too, to 289 at most.
    The largest jump, +47, was machine 3's at tick 34, when it read a message from machine 9.
    ");
}

#[test]
fn equal_rates() {
    assert_snapshot!(of(&[6.0, 6.0, 6.0], 10, 60.0), @r"
    All 3 machines, at 6 ticks a second each, kept up with the messages that came: no message waited in an inbox at the end, and their clocks ended within 1 of one another.
    The largest clock, machine 1's, rose to 408 in 360 ticks: receives of later stamps set it forward.
    The largest jump, +3, was machine 1's at tick 102, when it read a message from machine 3.
    ");
    assert_snapshot!(of(&[1.0, 1.0], 10, 60.0), @r"
    Both machines, at 1 tick a second each, kept up with the messages that came: at most 1 message waited in an inbox at the end, and their clocks all ended at 64.
    The largest clock, machine 1's, rose to 64 in 60 ticks: receives of later stamps set it forward.
    The largest jump, +2, was machine 1's at tick 6, when it read a message from machine 2.
    ");
}

#[test]
fn phases_aligned_without_a_jump() {
    let mut simulator = Simulator::new(&[5.0, 5.0, 5.0], 10, 60.0);
    simulator.aligned = true;
    assert_snapshot!(sentences(&simulator.summary()), @r"
    All 3 machines, at 5 ticks a second each, kept up with the messages that came: at most 2 messages waited in an inbox at the end, and their clocks all ended at 300.
    No message was ahead of the clock that read it, so every jump is 1.
    ");
}

#[test]
fn different_rates_that_keep_up() {
    assert_snapshot!(of(&[4.0, 5.0, 6.0], 10, 60.0), @r"
    All 3 machines kept up with the messages that came: no message waited in an inbox at the end, and their clocks ended within 2 of one another.
    The largest jump, +9, was machine 1's at tick 231, when it read a message from machine 3.
    ");
}

#[test]
fn no_messages() {
    assert_snapshot!(of(&[1.0, 3.0, 6.0], 1 << 60, 60.0), @"No message was sent, so each clock counted nothing but its own machine's ticks.");
}

#[test]
fn too_short() {
    assert_snapshot!(of(&[1.0, 3.0, 6.0], 10, 0.3), @"2 events in 0.3 s are too few to say more.");
    assert_snapshot!(of(&[1.0, 3.0, 6.0], 10, 1.0), @"10 events in 1 s are too few to say more.");
    assert_snapshot!(of(&[1.0, 3.0, 6.0], 10, 0.001), @"No machine ticked.");
    assert_snapshot!(sentences(&Summary::of([])), @"No machine ticked.");
    assert_snapshot!(sentences(&Summary::of([(1, Statistics::new())])), @"No machine ticked.");
}

/// The slow machine's clock stopped when it was killed: that it is behind is not
/// all the queue's doing.
#[test]
fn a_killed_machine() {
    let mut logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 60.0).logs();
    logs[0].truncate(41);
    assert_snapshot!(sentences(&summary(&logs)), @r"
    Machine 1, at 1 tick a second, got 1.47 messages a second and read only 1.01: its queue grew by 0.45 a second to 18, so it read ever older stamps, the last one 128.
    The log of machine 1 ends 20.4 s before the run does: its clock stayed at 129, 231 behind.
    The largest jump, +14, was machine 1's at tick 15, when it read a message from machine 3.
    ");
    let mut logs = Simulator::new(&[5.0, 3.0, 6.0], 10, 60.0).logs();
    logs[0].truncate(51);
    assert_snapshot!(sentences(&summary(&logs)), @r"
    Machines 2 and 3 kept up with the messages that came: no message waited in an inbox at the end, and their clocks ended within 12 of one another.
    The log of machine 1 ends 50.1 s before the run does: its clock stayed at 61, 308 behind.
    The largest jump, +9, was machine 2's at tick 46, when it read a message from machine 3.
    ");
    logs[1].truncate(51);
    assert_snapshot!(sentences(&summary(&logs)), @r"
    Machine 3 kept up with the messages that came: no message waited in an inbox at the end.
    Machines 1 and 2: their logs end before the run does, and their clocks stayed where they were.
    The largest jump, +9, was machine 2's at tick 46, when it read a message from machine 3.
    ");
}

#[test]
fn stopped_by_a_signal_early() {
    let mut logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 0.5).logs();
    for log in &mut logs {
        if let Some(Record::Stop(stop)) = log.last_mut() {
            stop.reason = StopReason::Signal;
        }
    }
    assert_snapshot!(sentences(&summary(&logs)), @"4 events in 0.5 s are too few to say more.");
}

#[test]
fn as_fast_as_it_can() {
    let mut logs = Simulator::new(&[1.0, 30_000.0], 10, 20.0).logs();
    for record in &mut logs[1] {
        if let Record::Start(start) = record {
            start.rate = Rate::Max;
        }
    }
    assert_snapshot!(sentences(&summary(&logs)), @r"
    Machine 1, at 1 tick a second, got 9000 messages a second and read only 1.00: its queue grew by 8999 a second to 179,985, so it read ever older stamps, the last one 59, and its clock ended 599,940 (99 %) behind.
    The largest jump, +8, was machine 1's at tick 9, when it read a message from machine 2.
    ");
}

#[test]
fn a_machine_that_hardly_ticks() {
    assert_snapshot!(of(&[0.01, 3.0], 10, 60.0), @r"
    Machine 1, at 0.01 ticks a second, got 0.95 messages a second and read only 0.02: its queue grew by 0.93 a second (0.89 predicted) to 56; its clock ended 178 (98 %) behind.
    The largest jump, +2, was machine 1's at tick 1, when it read a message from machine 2.
    ");
}

/// What waits at the end came at once and is being read: no queue that grew.
#[test]
fn a_queue_that_came_and_goes() {
    let mut simulator = Simulator::new(&[3.0, 200.0], 10, 20.0);
    simulator.seed = 3;
    let mut logs = simulator.logs();
    let waiting = logs[0].len() as u64;
    for (left, record) in (0..waiting).rev().zip(&mut logs[0]) {
        match record {
            Record::Receive(receive) => receive.queue = 20 + left,
            Record::Stop(stop) => stop.queue = 20,
            _ => {}
        }
    }
    assert_snapshot!(sentences(&summary(&logs)), @r"
    20 messages waited in the inbox of machine 1 at the end; its queue was 80 long at most.
    The largest jump, +12, was machine 1's at tick 12, when it read a message from machine 2.
    ");
}

#[test]
fn a_ring() {
    let mut simulator = Simulator::new(&[1.0, 6.0, 6.0, 2.0, 5.0, 4.0], 10, 60.0);
    simulator.network.topology = Topology::Ring;
    assert_snapshot!(sentences(&simulator.summary()), @r"
    Machine 1, at 1 tick a second, got 1.25 messages a second and read only 1.00: its queue grew by 0.25 a second (0.63 predicted) to 15, so it read ever older stamps, the last one 267, and its clock ended 91 (23 %) behind.
    The largest jump, +26, was machine 4's at tick 94, when it read a message from machine 3.
    ");
}

/// A restart disturbs what is predicted: then nothing is.
#[test]
fn a_restarted_machine_is_not_predicted() {
    let mut logs = Simulator::new(&[1.0, 3.0, 6.0], 10, 60.0).logs();
    let mut restart = logs[1][0].clone();
    if let Record::Start(start) = &mut restart {
        start.time = at(3.0);
        start.incarnation = 2;
    }
    logs[1].insert(7, restart);
    let text = sentences(&summary(&logs));
    assert!(text.contains("its queue grew") && !text.contains("predicted"), "{text}");
}

fn time() -> impl Strategy<Value = Time> {
    (0_u32..100_000).prop_map(|millis| at(f64::from(millis) / 1000.0))
}

/// Any record at all, right or wrong.
fn any_record() -> impl Strategy<Value = Record> {
    let number = || prop_oneof![0_u64..30, any::<u64>()];
    let rate = prop_oneof![
        (1e-6_f64..1e300).prop_map(Rate::PerSecond),
        (0.1_f64..10.0).prop_map(Rate::PerSecond),
        Just(Rate::Max)
    ];
    let start = (time(), rate, 0_u32..4, number()).prop_map(|(time, rate, machine, clock)| {
        let Record::Start(start) = Simulator::new(&[1.0, 3.0], 10, 60.0).start(0) else {
            unreachable!()
        };
        Record::from(Start { time, rate, machine, clock, ..*start })
    });
    let internal = (time(), number(), number(), number()).prop_map(|(time, tick, queue, clock)| {
        Record::Internal(Internal { time, tick, draw: 7, queue, clock })
    });
    let send = (time(), number(), prop::collection::vec(0_u32..9, 0..5), number()).prop_map(
        |(time, tick, to, clock)| {
            let (to, seq) = (to.into(), Vec::new().into());
            Record::Send(Send { time, tick, draw: 1, to, seq, queue: 0, clock })
        },
    );
    let receive = (time(), number(), number(), number(), number()).prop_map(
        |(time, tick, stamp, queue, clock)| {
            Record::Receive(Receive { time, tick, from: 2, seq: 1, stamp, queue, clock })
        },
    );
    let stop = (time(), number(), number(), number(), number()).prop_map(
        |(time, ticks, missed, queue, clock)| {
            let reason = StopReason::Fault;
            Record::Stop(Stop { time, reason, ticks, missed, queue, in_flight: missed, clock })
        },
    );
    prop_oneof![1 => start, 8 => internal, 8 => send, 8 => receive, 1 => stop]
}

proptest! {
    /// Whatever stands in the logs, there are one to three sentences, a row for
    /// each machine, and no panic.
    #[test]
    fn any_logs(logs in prop::collection::vec(prop::collection::vec(any_record(), 0..40), 0..4)) {
        let summary = summary(&logs);
        let sentences = summary.sentences();
        prop_assert!((1..=3).contains(&sentences.len()), "{sentences:?}");
        for sentence in &sentences {
            prop_assert!(sentence.ends_with('.') && !sentence.contains("NaN"), "{sentence}");
        }
        let notes = summary.notes().len();
        prop_assert_eq!(summary.table().lines().count(), 2 + logs.len() + notes);
        prop_assert!(serde_json::to_string(&summary).is_ok());
    }
}

/// Stops the machine with this many messages that its log never had time to read.
fn stopped_with(log: &mut [Record], queue: u64) {
    if let Some(Record::Stop(stop)) = log.last_mut() {
        stop.queue = queue;
    }
}

/// A crowd that comes at the very end is no queue that grew: there were ticks
/// enough for it.
#[test]
fn a_crowd_at_the_end() {
    let mut logs = Simulator::new(&[3.0, 5.0, 6.0], 10, 60.0).logs();
    stopped_with(&mut logs[0], 20);
    assert_snapshot!(sentences(&summary(&logs)), @r"
    20 messages waited in the inbox of machine 1 at the end; its queue was 20 long at most.
    The largest jump, +10, was machine 1's at tick 89, when it read a message from machine 3.
    ");
}

/// More came than there were ticks for, though few wait: not kept up.
#[test]
fn a_queue_that_only_begins() {
    assert_snapshot!(of(&[1.0, 3.0, 6.0], 10, 9.0), @r"
    At most 7 messages waited in an inbox at the end, and the clocks ended within 27 of one another.
    The largest clock, machine 2's, rose to 54 in 27 ticks: receives of later stamps set it forward.
    The largest jump, +8, was machine 2's at tick 12, when it read a message from machine 3.
    ");
}

/// A machine that has not ticked has not kept up with anything.
#[test]
fn a_machine_that_never_ticked() {
    let mut logs = Simulator::new(&[0.01, 5.0, 6.0], 10, 10.0).logs();
    logs[0] = vec![logs[0][0].clone(), logs[0][logs[0].len() - 1].clone()];
    stopped_with(&mut logs[0], 0);
    assert_snapshot!(sentences(&summary(&logs)), @r"
    No message waited in an inbox at the end, and the clocks ended within 60 of one another.
    The largest jump, +3, was machine 2's at tick 12, when it read a message from machine 3.
    ");
}
