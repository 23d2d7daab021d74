//! A network in which whatever is sent is heard at once, where senders read how far
//! their receivers are instead of being told.

use journal::{Pacing, Phase, Record, Topology};

use crate::run::{classic, logs, plan};

/// A network that might lose something tells senders everything, even if it never
/// does.
#[test]
fn reading_or_being_told_comes_to_the_same() {
    for seed in 0..40 {
        let mut read = match seed % 4 {
            0 => classic(seed),
            1 => plan(&[1.0, 6.0, 6.0], 61.3, seed),
            2 => plan(&[5.0, 5.0], 30.0, seed),
            _ => plan(&[1.0, 2.0, 0.7, 4.0, 6.0], 45.0, seed),
        };
        read.manifest.draw_max = 3 + seed % 8;
        if seed % 5 < 2 {
            // Many ticks are at the same instant.
            read.manifest.phase = Phase::Aligned;
        }
        if seed % 3 == 0 {
            read.manifest.topology = Topology::Ring;
            read.manifest.pacing = Pacing::Burst;
        }
        let mut told = read.clone();
        told.network.loss.push("0".parse().unwrap());
        assert_eq!(logs(read).0, logs(told).0, "seed {seed}");
    }
}

/// Two machines send a third one more than there is room for, which it never holds.
#[test]
fn an_inbox_takes_no_more_than_there_is_room_for() {
    let mut plan = plan(&[4000.0, 4000.0, 5.0], 400.0, 7);
    plan.manifest.draw_max = 3;
    plan.manifest.topology = Topology::Ring;
    let (logs, _) = logs(plan);
    let queue_max = logs[2].iter().filter_map(Record::queue).max().unwrap();
    // One has been taken off when the length is logged.
    assert_eq!(queue_max, (1 << 20) - 1);
}

/// Machine 1 sends in five minutes what machine 2 takes days to receive.
#[test]
fn a_machine_stops_ticking_at_the_bound_and_goes_on_below_it() {
    const BOUND: u64 = 1 << 20;
    let mut plan = plan(&[4000.0, 5.0], 300.0, 7);
    plan.manifest.draw_max = 3;
    let (logs, _) = logs(plan);
    let received = |until: Option<&Record>| {
        let is_before = |record: &&Record| until.is_none_or(|it| record.time() < it.time());
        let receives = logs[1].iter().take_while(is_before);
        receives.filter(|record| matches!(record, Record::Receive(_))).count() as u64
    };
    let last = logs[0].iter().rfind(|record| matches!(record, Record::Send(_)));
    let Some(Record::Send(send)) = last else { panic!("{last:?}") };
    assert_eq!(send.seq[0] - received(last), BOUND, "it sends one when one is logged");
    let Some(Record::Stop(stop)) = logs[0].last() else { panic!("no stop") };
    assert!(stop.missed > 10_000, "{stop:?}");
    assert_eq!(stop.in_flight, 0);
}
