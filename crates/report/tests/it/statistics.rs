//! The figures of one machine.

use journal::{Internal, Receive, Record, Send, Start, StopReason};
use proptest::prelude::*;
use report::{Action, Event, Jump, LastRead, Statistics, Summary};

use crate::simulator::{Simulator, at, gathered};

/// Started, ticked four times, killed after 4 s; back at 9 s, ticked once, and
/// stopped by a signal at 10 s.
fn log() -> Vec<Record> {
    let Record::Start(first) = Simulator::new(&[1.0, 3.0], 10, 60.0).start(0) else {
        unreachable!()
    };
    let second = Start { time: at(9.0), incarnation: 2, clock: 13, ..*first.clone() };
    vec![
        Record::Start(first),
        Record::Internal(Internal { time: at(1.0), tick: 1, draw: 7, queue: 0, clock: 1 }),
        Record::Receive(Receive {
            time: at(2.0),
            tick: 2,
            from: 2,
            seq: 1,
            stamp: 8,
            queue: 5,
            clock: 9,
        }),
        Record::Receive(Receive {
            time: at(3.0),
            tick: 3,
            from: 2,
            seq: 2,
            stamp: 11,
            queue: 4,
            clock: 12,
        }),
        Record::Send(Send {
            time: at(4.0),
            tick: 4,
            draw: 3,
            to: [2, 3].into(),
            seq: [1, 1].into(),
            queue: 0,
            clock: 13,
        }),
        Record::from(second),
        Record::Receive(Receive {
            time: at(9.5),
            tick: 5,
            from: 2,
            seq: 3,
            stamp: 3,
            queue: 2,
            clock: 14,
        }),
        Record::Stop(journal::Stop {
            time: at(10.0),
            reason: StopReason::Signal,
            ticks: 5,
            missed: 2,
            queue: 3,
            in_flight: 1,
            clock: 14,
        }),
    ]
}

#[test]
fn a_killed_and_restarted_machine() {
    let statistics = gathered(&log());
    assert_eq!((statistics.ticks, statistics.clock), (5, 14));
    assert_eq!((statistics.receives, statistics.sends, statistics.internals), (3, 1, 1));
    assert_eq!(statistics.messages_sent, 2);
    assert_eq!((statistics.restarts(), statistics.seconds_down), (1, 5.0));
    assert_eq!((statistics.missed, statistics.in_flight), (2, Some(1)));
    assert_eq!(statistics.jump_max, Some(Jump { size: 8, tick: 2, from: Some(2) }));
    assert_eq!(statistics.mean_jump(), Some(14.0 / 5.0));
    assert_eq!((statistics.queue, statistics.queue_max), (3, 5));
    assert_eq!(statistics.mean_queue(), Some(11.0 / 5.0));
    assert_eq!(statistics.arrived(), 6);
    assert_eq!(statistics.last_read, Some(LastRead { from: 2, stamp: 3, tick: 5 }));
    assert_eq!((statistics.seconds(), statistics.stop_reason), (10.0, Some(StopReason::Signal)));
    let action = Action::Receive { from: 2, stamp: 3 };
    let last = Event { time: at(9.5), tick: 5, action, before: 13, after: 14 };
    assert_eq!(Event::of(&log()[6], 13), Some(last));
    assert_eq!(statistics.last_tick, 5);
}

#[test]
fn while_it_is_down() {
    let statistics = gathered(&log()[..5]);
    assert_eq!((statistics.stop_reason, statistics.in_flight), (None, None));
    assert_eq!((statistics.restarts(), statistics.queue), (0, 0));
}

/// A start empties the inbox, and a stop before it was not the end.
#[test]
fn after_a_restart() {
    let mut records = log();
    records.push(records[5].clone());
    let statistics = gathered(&records);
    assert_eq!((statistics.queue, statistics.stop_reason, statistics.in_flight), (0, None, None));
    assert_eq!((statistics.missed, statistics.incarnations), (2, 3));
}

#[test]
fn nothing_yet() {
    let statistics = Statistics::new();
    assert_eq!((statistics.mean_jump(), statistics.mean_queue()), (None, None));
    assert_eq!((statistics.seconds(), statistics.restarts(), statistics.rate), (0.0, 0, None));
}

proptest! {
    /// What was gathered record by record is what the whole log gives.
    #[test]
    fn as_the_whole_log_says(
        rates in prop::collection::vec(0.5_f64..8.0, 2..5),
        draw_max in 1_u64..15,
        duration in 0.1_f64..40.0,
        seed in any::<u64>(),
    ) {
        let mut simulator = Simulator::new(&rates, draw_max, duration);
        simulator.seed = seed;
        let logs = simulator.logs();
        for log in &logs {
            let statistics = gathered(log);
            let events: Vec<_> = log.iter().filter(|record| record.tick().is_some()).collect();
            let clocks: Vec<_> = log[..=events.len()].iter().map(Record::clock).collect();
            let jumps = || clocks.windows(2).map(|pair| pair[1] - pair[0]);
            let queues = || events.iter().map(|record| record.queue().unwrap());
            prop_assert_eq!(statistics.ticks, events.len() as u64);
            prop_assert_eq!(
                statistics.ticks,
                statistics.receives + statistics.sends + statistics.internals
            );
            prop_assert_eq!(statistics.clock, jumps().sum::<u64>());
            prop_assert_eq!(statistics.jump_max.map(|jump| jump.size), jumps().max());
            prop_assert!(statistics.queue_max >= queues().max().unwrap_or(0));
            let mean = queues().sum::<u64>() as f64 / events.len() as f64;
            prop_assert_eq!(statistics.mean_queue(), (!events.is_empty()).then_some(mean));
        }
        let summary = simulator.summary();
        prop_assert_eq!(summary.messages_sent, summary.messages_received + summary.messages_queued);
        prop_assert!(summary.machines.iter().any(|machine| machine.behind == 0));
    }
}

/// Logs of different runs, or not of all machines, are no network to predict.
#[test]
fn only_one_whole_run_is_predicted() {
    let statistics = Simulator::new(&[1.0, 3.0, 6.0], 10, 10.0).statistics();
    let numbered = || (1..).zip(statistics.clone());
    assert!(Summary::of(numbered()).prediction.is_some());
    assert!(Summary::of(numbered().take(2)).prediction.is_none());
    let other = Simulator::new(&[1.0, 3.0, 6.0], 5, 10.0).statistics();
    let mixed = numbered().take(2).chain([(3, other[2].clone())]);
    assert!(Summary::of(mixed).prediction.is_none());
}

#[test]
fn machines_stand_in_the_order_of_their_numbers() {
    let statistics = Simulator::new(&[1.0, 3.0, 6.0], 10, 10.0).statistics();
    let forward: Vec<_> = (1..).zip(statistics).collect();
    let backward = forward.iter().rev().cloned();
    assert_eq!(Summary::of(backward), Summary::of(forward.clone()));
}
