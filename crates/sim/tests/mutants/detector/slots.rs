//! Slots that are reached late: a live machine's are, in virtual time hardly any.

use machine::{Nanos, Next, Pacing, Slots};

use super::finding::{Finding, same};

pub(crate) fn hold() -> Result<(), Finding> {
    a_slot_may_be_late_by_half_a_period()?;
    a_slot_of_a_fast_machine_may_be_late_by_50_ms()?;
    what_is_due_at_the_stop_is_missed()
}

fn ms(millis: u64) -> Nanos {
    millis * 1_000_000
}

fn a_slot_may_be_late_by_half_a_period() -> Result<(), Finding> {
    let mut slots = Slots::new(1.0, 0, Pacing::Even, None);
    same("lateness", "a slot 0.4 s late, at 1 a second", slots.next(ms(400)), Next::Tick)?;
    slots.ticked();
    let next = (slots.next(ms(1600)), slots.missed());
    same("lateness", "a slot 0.6 s late", next, (Next::Wait(ms(2000)), 1))
}

fn a_slot_of_a_fast_machine_may_be_late_by_50_ms() -> Result<(), Finding> {
    let mut slots = Slots::new(100.0, 0, Pacing::Even, None);
    let next = (slots.next(ms(45)), slots.missed());
    same("lateness", "a slot 45 ms late, at 100 a second", next, (Next::Tick, 0))
}

fn what_is_due_at_the_stop_is_missed() -> Result<(), Finding> {
    let mut slots = Slots::new(10.0, 0, Pacing::Even, Some(ms(1000)));
    slots.stop(ms(500));
    same("missed", "slots due by 0.5 s, at 10 a second", slots.missed(), 6)
}
