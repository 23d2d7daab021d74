use machine::{Nanos, Next, Pacing, Slots};

use Next::{End, Tick, Wait};
use Pacing::{Burst, Even};

pub(crate) fn ms(ms: u64) -> Nanos {
    ms * 1_000_000
}

pub(crate) fn us(us: u64) -> Nanos {
    us * 1_000
}

fn even(rate: f64) -> Slots {
    Slots::new(rate, 0, Even, None)
}

/// When the first slots are due, if each runs on time.
fn due_times(mut slots: Slots, count: usize) -> Vec<Nanos> {
    (0..count)
        .map(|_| {
            let due = slots.next_due();
            assert_eq!(slots.next(due), Tick);
            slots.ticked();
            due
        })
        .collect()
}

#[test]
fn even_slots_are_due_a_period_apart_from_the_phase_on() {
    let slots = Slots::new(4.0, ms(131), Even, None);
    assert_eq!(due_times(slots, 4), [ms(131), ms(381), ms(631), ms(881)]);
    let slots = Slots::new(0.5, ms(700), Even, None);
    assert_eq!(due_times(slots, 3), [ms(700), ms(2_700), ms(4_700)]);
}

#[test]
fn a_burst_has_the_slots_of_a_second_due_at_once() {
    let slots = Slots::new(3.0, ms(100), Burst, None);
    let (first, second) = (ms(100), ms(1_100));
    let expected = [first, first, first, second, second, second, ms(2_100)];
    assert_eq!(due_times(slots, 7), expected);
    let slots = Slots::new(0.4, 0, Burst, None);
    assert_eq!(due_times(slots, 4), [0, 2_000, 5_000, 7_000].map(ms));
    let slots = Slots::new(2.5, 0, Burst, None);
    assert_eq!(due_times(slots, 6), [0, 0, 0, 1_000, 1_000, 2_000].map(ms));
}

#[test]
fn there_is_nothing_to_do_before_a_slot_is_due() {
    let mut slots = Slots::new(4.0, ms(100), Even, None);
    assert_eq!(slots.next(ms(0)), Wait(ms(100)));
    assert_eq!(slots.next(us(99_999)), Wait(ms(100)));
    assert_eq!(slots.next(ms(100)), Tick);
    slots.ticked();
    assert_eq!(slots.next(ms(100)), Wait(ms(350)));
}

/// Whether the first slot, due at once, still runs when it is reached at `late`.
fn check_lateness(rate: f64, pacing: Pacing, late: Nanos, runs: bool) {
    let mut slots = Slots::new(rate, 0, pacing, None);
    slots.next(late);
    assert_eq!(slots.missed() == 0, runs, "{pacing:?} at {rate}, {late:?} late");
    assert_eq!(slots.next_due() == 0, runs);
}

#[test]
fn a_slot_may_be_50_ms_or_half_a_period_late() {
    for (rate, limit) in [
        (1.0, ms(500)),
        (0.1, ms(5_000)),
        (6.0, 83_333_333),
        (10.0, ms(50)),
        (100.0, ms(50)),
        (1e6, ms(50)),
    ] {
        check_lateness(rate, Even, limit, true);
        check_lateness(rate, Even, limit + 2, false);
    }
}

#[test]
fn a_slot_of_a_burst_may_be_a_second_late() {
    for rate in [0.1, 1.0, 6.0, 100.0] {
        check_lateness(rate, Burst, ms(1_000), true);
        check_lateness(rate, Burst, ms(1_000) + us(1), false);
    }
}

#[test]
fn a_stall_misses_slots_and_no_burst_makes_up_for_them() {
    let mut slots = even(10.0);
    assert_eq!(slots.next(ms(0)), Tick);
    slots.ticked();
    assert_eq!(slots.next(ms(1_020)), Tick); // the slot due at 1 s
    assert_eq!(slots.missed(), 9);
    slots.ticked();
    assert_eq!(slots.next(ms(1_020)), Wait(ms(1_100)));
}

#[test]
fn a_slot_that_cannot_run_stays_due_until_it_is_missed() {
    let mut slots = even(10.0);
    for now in [0, 10, 50].map(ms) {
        assert_eq!(slots.next(now), Tick);
    }
    assert_eq!(slots.next(ms(51)), Wait(ms(100)));
    assert_eq!(slots.missed(), 1);
}

#[test]
fn a_slot_exists_while_it_is_due_before_the_end() {
    let mut slots = Slots::new(2.0, 0, Even, Some(ms(1_000)));
    for now in [0, 500].map(ms) {
        assert_eq!(slots.next(now), Tick);
        slots.ticked();
    }
    assert_eq!(slots.next(ms(500)), Wait(ms(1_000)));
    assert_eq!(slots.next(ms(1_000)), End);
    assert_eq!(slots.missed(), 0);
}

#[test]
fn slots_end_where_a_stall_goes_past_the_end() {
    for pacing in [Even, Burst] {
        let mut slots = Slots::new(4.0, 0, pacing, Some(ms(3_000)));
        assert_eq!(slots.next(ms(60_000)), End);
        assert_eq!(slots.missed(), 12, "{pacing:?}");
        slots.stop(ms(60_000));
        assert_eq!(slots.missed(), 12, "{pacing:?}");
    }
}

#[test]
fn a_last_slot_may_be_late_beyond_the_end() {
    let mut slots = Slots::new(10.0, ms(99), Even, Some(ms(100)));
    assert_eq!(slots.next(ms(110)), Tick);
    slots.ticked();
    assert_eq!(slots.next(ms(110)), End);
}

#[test]
fn a_run_without_time_has_no_slot() {
    for pacing in [Even, Burst] {
        let mut slots = Slots::new(4.0, 0, pacing, Some(0));
        assert_eq!(slots.next(0), End);
        slots.stop(ms(100));
        assert_eq!(slots.missed(), 0);
    }
}

#[test]
fn a_phase_beyond_the_end_leaves_no_slot() {
    let mut slots = Slots::new(0.1, ms(9_000), Even, Some(ms(2_000)));
    assert_eq!(slots.next(ms(0)), Wait(ms(2_000)));
    assert_eq!(slots.next(ms(2_000)), End);
}

#[test]
fn a_burst_ends_with_its_last_second() {
    let mut slots = Slots::new(3.0, ms(100), Burst, Some(ms(2_100)));
    let mut ticks = 0;
    let mut now = 0;
    loop {
        match slots.next(now) {
            Tick => slots.ticked(),
            Wait(until) => {
                now = until;
                continue;
            }
            End => break,
        }
        ticks += 1;
    }
    assert_eq!((ticks, slots.missed(), now), (6, 0, ms(2_100)));
}

#[test]
fn stopping_counts_what_was_due_and_did_not_run() {
    for (stop, missed) in [(0, 1), (99, 1), (100, 2), (250, 3), (1_000, 10), (9_999, 10)] {
        let mut slots = Slots::new(10.0, 0, Even, Some(ms(1_000)));
        slots.stop(ms(stop));
        assert_eq!(slots.missed(), missed, "stopped at {stop} ms");
    }
}

/// The length of a stall must not show in the time that it takes to get over it:
/// one by one, these slots would take hours.
#[test]
fn a_long_stall_of_a_fast_machine_is_over_at_once() {
    let (rate, stall) = (1e9, ms(3_600_000));
    for (pacing, missed) in [(Even, 3_599_950_000_000), (Burst, 3_599_000_000_000)] {
        let mut slots = Slots::new(rate, 0, pacing, None);
        assert_eq!(slots.next(stall), Tick);
        assert_eq!(slots.missed(), missed, "{pacing:?}");
    }
    let mut slots = even(rate);
    slots.stop(stall);
    assert_eq!(slots.missed(), 3_600_000_000_001);
}

#[test]
fn extreme_rates_and_times_neither_panic_nor_hang() {
    let far = Nanos::MAX;
    for pacing in [Even, Burst] {
        for rate in [f64::MIN_POSITIVE, 1e-300, 1e-9, 1e9, 1e300, f64::MAX] {
            for end in [None, Some(0), Some(far)] {
                let mut slots = Slots::new(rate, ms(1), pacing, end);
                slots.next(0);
                slots.next(ms(1));
                slots.next(ms(10_000));
                slots.next(far);
                slots.ticked();
                slots.stop(far);
            }
        }
    }
}

#[test]
fn slots_go_on_being_apart_until_time_ends() {
    let years = |count: u64| count * 365 * 86_400 * 1_000_000_000;
    let mut slots = Slots::new(1e-5, 0, Even, None);
    for count in [290, 292, 293, 400, 500] {
        assert_eq!(slots.next(years(count)), Tick, "after {count} years");
        let due = slots.next_due();
        slots.ticked();
        assert_eq!(slots.next_due() - due, 100_000_000_000_000, "after {count} years");
    }
}

#[test]
fn a_rate_is_a_positive_number() {
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let made = std::panic::catch_unwind(|| even(rate));
        assert!(made.is_err(), "{rate}");
    }
}
