//! Processes that stand still.

use sim::Effect;

use crate::run::holds;

#[test]
fn a_paused_machine_misses_its_slots_and_makes_no_burst_of_them() {
    let pause = holds("pause 3@10s..17s");
    let missed = pause.missed(3);
    assert!((41..=42).contains(&missed), "7 s at 6 ticks a second: {missed}");
    assert_eq!(pause.ticks(3), 360 - missed);
    assert!(
        matches!(pause.effect(), &Effect::Pause { stopped: 1, missed: counted, frames: 1.. } if counted == missed)
    );
}

#[test]
fn a_short_pause_costs_nothing() {
    let pause = holds("pause 1@10s..10100ms");
    assert_eq!((pause.missed(1), pause.ticks(1)), (0, 60));
}

#[test]
fn a_pause_over_the_end_ends_the_run_when_it_is_over() {
    let pause = holds("pause all@58s..62s");
    let ends: Vec<_> = pause.logs.iter().map(|log| log.last().unwrap().time()).collect();
    let sixty = sim::Moment::at(std::time::Duration::from_secs(60)).time();
    assert_eq!(ends, [sixty; 3], "ticking ended with the run");
    assert_eq!(pause.ticks(3) + pause.missed(3), 360);
}

#[test]
fn pauses_may_overlap() {
    let pause = holds("pause 2@10s..15s, pause 2@12s..20s");
    let missed = pause.missed(2);
    assert!((29..=30).contains(&missed), "10 s at 3 ticks a second: {missed}");
    for (_, effect) in &pause.tally.faults {
        assert!(matches!(effect, Effect::Pause { missed: 8.., .. }), "{effect}");
    }
}
