//! Links that carry nothing for a time.

use sim::Effect;

use crate::run::{Outcome, holds};

/// The receipts of machine 3 from machine 2 in the middle of the cut.
fn heard_in_the_cut(outcome: &Outcome, machine: usize, from: u32) -> usize {
    outcome.receipts(machine, from).iter().filter(|&&at| (13.0..20.0).contains(&at)).count()
}

#[test]
fn a_cut_holds_messages_back_and_loses_none() {
    let uncut = holds("");
    let cut = holds("cut 2-3@10s..20s");
    let &Effect::Cut { frames, held_back } = cut.effect() else { panic!("{:?}", cut.effect()) };
    assert!(held_back > 5 && frames > held_back, "{:?}", cut.effect());
    assert!(cut.tally.resent > 0);
    assert!(heard_in_the_cut(&uncut, 3, 2) > 0 && heard_in_the_cut(&uncut, 2, 3) > 0);
    assert_eq!(heard_in_the_cut(&cut, 3, 2), 0);
    assert_eq!(heard_in_the_cut(&cut, 2, 3), 0);
    assert_eq!(heard_in_the_cut(&cut, 1, 2), heard_in_the_cut(&uncut, 1, 2), "1 hears as before");
}

/// Without answers a sender gives up its connection: what 3 sends to 2 stops as
/// well, for the Welcome cannot come back.
#[test]
fn a_cut_one_way_stops_messages_one_way_and_answers_the_other() {
    let cut = holds("cut 2>3@10s..20s");
    assert!(matches!(cut.effect(), Effect::Cut { held_back: 5.., .. }), "{:?}", cut.effect());
    assert_eq!(heard_in_the_cut(&cut, 3, 2), 0);
}

#[test]
fn a_cut_of_one_machine_leaves_the_others_alone() {
    let cut = holds("cut 1@10s..20s");
    assert_eq!(heard_in_the_cut(&cut, 3, 1) + heard_in_the_cut(&cut, 2, 1), 0);
    assert!(heard_in_the_cut(&cut, 3, 2) + heard_in_the_cut(&cut, 2, 3) > 0);
}

#[test]
fn a_cut_without_an_end_leaves_messages_in_flight() {
    let cut = holds("cut 1-2@30s..");
    let &Effect::Cut { held_back, .. } = cut.effect() else { panic!("{:?}", cut.effect()) };
    let in_flight: u64 = cut.logs.iter().map(|log| stop(log).in_flight).sum();
    assert!(held_back > 0);
    assert_eq!(in_flight, held_back);
}

fn stop(log: &[journal::Record]) -> &journal::Stop {
    match log.last() {
        Some(journal::Record::Stop(stop)) => stop,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_cannot_meet_waits() {
    let cut = holds("cut 2-3@0s..5s");
    assert_eq!(cut.logs[0][0].time(), sim::Moment::EPOCH.time(), "1 has met both");
    for log in &cut.logs[1..] {
        let began = log[0].time().seconds_since(sim::Moment::EPOCH.time());
        assert!((5.0..8.0).contains(&began), "{began}");
    }
    assert_eq!((cut.ticks(1), cut.ticks(2), cut.ticks(3)), (60, 180, 360));
}

#[test]
fn a_cut_that_touches_nothing_says_so() {
    let cut = holds("cut all@100s..101s");
    assert!(cut.effect().is_nothing());
    assert_eq!(cut.effect().to_string(), "touched nothing");
}
