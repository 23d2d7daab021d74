use proptest::prelude::*;

use super::Calendar;
use crate::moment::Moment;
use crate::turn::WIDTH_MAX;

#[test]
fn nobody_has_a_moment_at_first() {
    for players in 1..9 {
        assert_eq!(Calendar::new(players, 1.0).first(Moment::NEVER), None);
    }
}

#[test]
fn a_day_does_not_begin_before_it_must() {
    let mut calendar = Calendar::new(17, 16e9);
    calendar.set(1, Moment::EPOCH.after_nanos(100));
    assert_eq!(calendar.first(Moment::EPOCH.after_nanos(50)), None);
    assert_eq!(calendar.day, 50);
    assert_eq!(calendar.first(Moment::NEVER), Some((Moment::EPOCH.after_nanos(100), 1)));
    assert_eq!(calendar.day, 100);
}

#[test]
fn the_next_day_begins_with_the_last_turn_of_the_one_before() {
    // Days of 8 ns.
    let mut calendar = Calendar::new(17, 2e9);
    let at = |nanos| Moment::EPOCH.after_nanos(nanos);
    for (player, nanos) in [(1, 17), (2, 18), (3, 25), (4, 24)] {
        calendar.set(player, at(nanos));
    }
    assert_eq!(calendar.first(at(17)), Some((at(17), 1)));
    calendar.take_first();
    assert_eq!((calendar.next_today(), calendar.day), (Some(2), 2));
    assert_eq!(calendar.first(at(18)), Some((at(18), 2)));
    calendar.take_first();
    assert_eq!((calendar.next_today(), calendar.day), (Some(4), 3));
    // There is time left of the day before.
    calendar.set(2, at(19));
    assert_eq!(calendar.first(at(19)), Some((at(19), 2)));
    calendar.take_first();
    assert_eq!((calendar.next_today(), calendar.day), (Some(4), 3));
}

/// Days of a nanosecond each, and the second turn 292 years after the first.
#[test]
fn no_day_is_waited_for_that_has_no_turn() {
    let mut calendar = Calendar::new(17, 16e9);
    let late = Moment::EPOCH.after_nanos(1 << 63);
    calendar.set(3, Moment::EPOCH.after_nanos(7));
    calendar.set(1, late);
    calendar.set(2, late);
    calendar.set(2, Moment::NEVER);
    assert_eq!(calendar.first(Moment::NEVER), Some((Moment::EPOCH.after_nanos(7), 3)));
    calendar.take_first();
    let before = Moment::EPOCH.after_nanos((1 << 63) - 1);
    assert_eq!(calendar.first(before), None);
    assert_eq!(calendar.first(late), Some((late, 1)));
    calendar.take_first();
    assert_eq!(calendar.first(Moment::NEVER), None);
}

#[test]
fn whoever_has_no_moment_any_more_is_not_looked_for() {
    let mut calendar = Calendar::new(17, 16e9);
    // In the list of the last day of all, too.
    calendar.set(1, Moment::EPOCH.after_nanos(103));
    calendar.set(1, Moment::NEVER);
    assert_eq!(calendar.first(Moment::NEVER), None);
    assert_eq!((calendar.lists.length(), calendar.day), (0, 3));
}

#[test]
fn on_the_last_day_nobody_has_a_turn_who_has_no_moment() {
    let mut calendar = Calendar::new(17, 2e9);
    let last = Moment::EPOCH.after_nanos(u64::MAX - 1);
    calendar.set(0, Moment::EPOCH.after_nanos(u64::MAX - 9));
    calendar.set(1, last);
    calendar.set(2, last);
    calendar.set(2, Moment::NEVER);
    calendar.first(last);
    calendar.take_first();
    assert_eq!(calendar.next_today(), Some(1));
    assert_eq!(calendar.first(last), Some((last, 1)));
    calendar.take_first();
    assert_eq!((calendar.next_today(), calendar.first(Moment::NEVER)), (None, None));
}

/// So many that nobody would wait for the end, if each looked at all others.
const MANY: usize = 300_000;

fn assert_all_have_their_turn(calendar: &mut Calendar, at: Moment) {
    for player in 0..MANY {
        assert_eq!(calendar.first(Moment::NEVER), Some((at, player)));
        calendar.take_first();
    }
    assert_eq!(calendar.first(Moment::NEVER), None);
}

/// As when a pause of all machines ends.
#[test]
fn a_moment_of_today_is_given_to_all_without_looking_at_the_others() {
    let mut calendar = Calendar::new(MANY, MANY as f64);
    (0..MANY).for_each(|player| calendar.set(player, Moment::EPOCH));
    assert_all_have_their_turn(&mut calendar, Moment::EPOCH);
}

/// As when messages of all machines arrive, which then wait for something else.
#[test]
fn a_moment_to_come_is_taken_from_all_without_looking_at_the_others() {
    let mut calendar = Calendar::new(MANY, MANY as f64);
    let after = |seconds: u64| Moment::EPOCH.after_nanos(seconds * 1_000_000_000);
    (0..MANY).for_each(|player| calendar.set(player, after(5)));
    (0..MANY).for_each(|player| calendar.set(player, after(6)));
    assert_all_have_their_turn(&mut calendar, after(6));
}

proptest! {
    /// As if all were looked at each time, with days of any width and moments some
    /// years apart, up to the last moment of all. Time goes on as in a simulation: nobody
    /// gets a moment that is over.
    #[test]
    fn the_earliest_moment_wins_and_of_equal_ones_the_lower_player(
        players in 1..40_usize,
        width in prop_oneof![0..8_u32, Just(29), Just(WIDTH_MAX)],
        begins in prop_oneof![Just(0), Just(u64::MAX / 2 - 1000), Just(u64::MAX - 10_000)],
        moves in prop::collection::vec((0..40_usize, 0..2000_u64, 0..5_u8), 1..300),
    ) {
        let mut calendar = Calendar::new(players, 1.0);
        calendar.width = width;
        calendar.go_to(0);
        let mut moments = vec![Moment::NEVER; players];
        let mut now = Moment::EPOCH.after_nanos(begins);
        for (player, ahead, act) in moves {
            let player = player % players;
            let first = (0..players).min_by_key(|&player| moments[player]).unwrap();
            let first = (moments[first] != Moment::NEVER).then(|| (moments[first], first));
            match act {
                // Whoever is first has his turn, if it comes in time.
                0 => {
                    let until = now.after_nanos(ahead);
                    let found = calendar.first(until).filter(|(at, _)| *at <= until);
                    prop_assert_eq!(found, first.filter(|(at, _)| *at <= until));
                    now = until;
                    if let Some((at, player)) = found {
                        prop_assert_eq!(calendar.first_today(), found);
                        calendar.take_first();
                        moments[player] = Moment::NEVER;
                        now = at;
                    }
                }
                1 => {
                    calendar.set(player, Moment::NEVER);
                    moments[player] = Moment::NEVER;
                }
                // Some at once, some within the day, some later, some much later.
                _ => {
                    let at = now.after_nanos(match act {
                        2 => ahead / 100,
                        3 => ahead,
                        _ => ahead << 40,
                    });
                    calendar.set(player, at);
                    moments[player] = at;
                }
            }
        }
        while let Some((at, player)) = calendar.first(Moment::NEVER) {
            let first = (0..players).min_by_key(|&player| moments[player]).unwrap();
            prop_assert_eq!((at, player), (moments[first], first));
            calendar.take_first();
            moments[player] = Moment::NEVER;
        }
        prop_assert!(moments.iter().all(|&at| at == Moment::NEVER));
    }
}
