//! Delays, losses, duplicates.

use journal::Record;

use crate::run::{Outcome, holds, sends, simulate, with};

/// The mean time from send to receipt at the fastest machine, whose inbox is empty:
/// it receives at its next tick.
fn mean_latency(outcome: &Outcome) -> f64 {
    let sends = sends(&outcome.logs);
    let latency = |record: &Record| match record {
        Record::Receive(receive) => {
            Some(receive.time.seconds_since(sends[&(receive.from, 3, receive.seq)]))
        }
        _ => None,
    };
    let latencies: Vec<f64> = outcome.logs[2].iter().filter_map(latency).collect();
    latencies.iter().sum::<f64>() / latencies.len() as f64
}

#[test]
fn latency_delays_messages() {
    let at_once = mean_latency(&holds(""));
    for (word, seconds) in [
        ("latency 400ms", 0.4),
        ("latency uniform:300ms..500ms", 0.4),
        ("latency all=1s, latency 1>3=400ms, latency 2>3=400ms", 0.4),
    ] {
        let delayed = mean_latency(&holds(word)) - at_once;
        assert!((delayed - seconds).abs() < 0.17, "{word}: {delayed}");
    }
}

#[test]
fn losses_are_made_good() {
    let lossy = holds("loss 0.05");
    assert!(lossy.tally.lost > 5, "{:?}", lossy.tally);
    assert!(lossy.tally.gaps + lossy.tally.given_up > 0);
    assert!(lossy.tally.resent > 0);
    assert_eq!(lossy.verdict.tallies.lost, 0);
}

#[test]
fn duplicates_are_dropped() {
    let doubled = holds("duplicate 0.2");
    assert!(doubled.tally.duplicated > 20, "{:?}", doubled.tally);
    assert!(doubled.tally.repeated > 10, "{:?}", doubled.tally);
    assert_eq!(doubled.verdict.tallies.repeated, 0);
}

#[test]
fn what_is_lost_on_one_link_changes_nothing_on_another() {
    let one = holds("latency 2>3=uniform:1ms..9ms");
    let both = holds("latency 2>3=uniform:1ms..9ms, latency 1>2=0s, cut 3>1@59900ms..59901ms");
    assert_eq!(one.receipts(3, 2), both.receipts(3, 2));
}

#[test]
fn a_dead_network_keeps_everyone_waiting() {
    let dead = simulate(with("loss 1"));
    assert_eq!(dead.verdict.outcome, check::Outcome::CannotTell);
    assert!(dead.logs.iter().all(Vec::is_empty));
}
