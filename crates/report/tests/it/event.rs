//! The last event, as the live view shows it.

use insta::assert_snapshot;
use report::{Action, Event};

use crate::simulator::at;

fn event(action: Action, before: u64, after: u64) -> Event {
    Event { time: at(0.0), tick: 1, action, before, after }
}

#[test]
fn for_people() {
    assert_snapshot!(event(Action::Receive { from: 3, stamp: 65 }, 66, 79), @"receive from 3  66 -> 79  +13");
    assert_snapshot!(event(Action::Receive { from: 3, stamp: 65 }, 66, 67), @"receive from 3  66 -> 67");
    assert_snapshot!(event(Action::Send { to: [1, 2].into_iter().collect() }, 143, 144), @"send to 1, 2  143 -> 144");
    assert_snapshot!(event(Action::Internal, 142, 143), @"internal  142 -> 143");
    let everyone = Action::Send { to: (2..=40).collect() };
    assert_snapshot!(everyone, @"send to 39 machines");
}

#[test]
fn actions_can_be_aligned() {
    assert_eq!(format!("{:14}|", Action::Internal), "internal      |");
}
