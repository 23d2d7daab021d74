use machine::MachineId;
use machine::draw::{self, Draws, RateRange};
use proptest::prelude::*;

use crate::chacha8;

const ONE_TO_SIX: RateRange = RateRange::Integers { first: 1, last: 6 };

fn rate(seed: u64, machine: u32, range: RateRange) -> f64 {
    draw::rate(seed, MachineId::new(machine), range)
}

fn phase(seed: u64, machine: u32, rate: f64) -> f64 {
    draw::phase(seed, MachineId::new(machine), rate)
}

fn draws(seed: u64, machine: u32, draw_max: u64) -> Draws {
    Draws::new(seed, MachineId::new(machine), draw_max)
}

fn first_draws<const COUNT: usize>(seed: u64, machine: u32) -> [u64; COUNT] {
    let mut draws = draws(seed, machine, 10);
    std::array::from_fn(|k| draws.of_tick(k as u64 + 1))
}

/// These values are in people's logs and lessons: they must never change.
#[test]
fn a_seed_fixes_rates_and_phases_for_ever() {
    for (seed, rates, phases) in [
        (0, [5.0, 5.0, 6.0], [0.093_184, 0.012_034, 0.091_588]),
        (5, [2.0, 5.0, 3.0], [0.357_59, 0.173_457, 0.095_596]),
        (42, [5.0, 3.0, 2.0], [0.190_055, 0.209_12, 0.074_979]),
        (u64::MAX, [5.0, 3.0, 4.0], [0.085_647, 0.144_287, 0.203_85]),
    ] {
        let drawn = [1, 2, 3].map(|machine| rate(seed, machine, RateRange::default()));
        assert_eq!(drawn, rates, "rates of seed {seed}");
        let drawn = [1, 2, 3].map(|machine| phase(seed, machine, rates[machine as usize - 1]));
        assert_eq!(drawn, phases, "phases of seed {seed}");
    }
    let reals = RateRange::Reals { from: 1.0, to: 6.0 };
    assert_eq!(rate(42, 1, reals), 4.409_480_961_533_357);
    assert_eq!(rate(42, 3, reals), 2.442_969_395_705_913);
}

#[test]
fn a_seed_fixes_every_draw_for_ever() {
    assert_eq!(first_draws(42, 1), [8, 2, 5, 9, 1, 8, 2, 1, 3, 6, 2, 10, 7]);
    assert_eq!(first_draws(42, 2), [2, 3, 6, 2, 3, 5, 6, 3, 2, 2, 3, 9, 7]);
    assert_eq!(first_draws(42, 3), [4, 6, 8, 5, 3, 9, 1, 4, 8, 6, 7, 2, 7]);
    assert_eq!(first_draws(5, 1), [3, 7, 1, 5, 8, 4, 4, 3, 4, 1, 1, 2, 6]);
    assert_eq!(first_draws(u64::MAX, 2), [5, 10, 3, 8, 7, 8, 5, 8, 1, 7, 4]);
}

#[test]
fn a_rate_comes_from_its_range_and_all_of_it() {
    let mut counts = [0; 6];
    for seed in 0..6_000 {
        let rate = rate(seed, 1, ONE_TO_SIX);
        assert!(rate.fract() == 0.0 && (1.0..=6.0).contains(&rate));
        counts[rate as usize - 1] += 1;
    }
    assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    let single = RateRange::Integers { first: 9, last: 9 };
    assert_eq!(rate(1, 1, single), 9.0);
}

/// In the narrowest range of reals the only number below the bound is the first.
#[test]
fn a_rate_stays_below_the_bound_of_its_reals() {
    let (from, to) = (1.0, 1.0_f64.next_up());
    for seed in 0..100 {
        assert_eq!(rate(seed, 1, RateRange::Reals { from, to }), from);
    }
}

#[test]
fn a_draw_is_uniform() {
    let mut draws = draws(1, 1, 10);
    let mut counts = [0; 10];
    for tick in 1..=100_000 {
        counts[draws.of_tick(tick) as usize - 1] += 1;
    }
    assert!(counts.iter().all(|count| (9_600..10_400).contains(count)), "{counts:?}");
}

#[test]
fn machines_and_seeds_draw_apart() {
    let streams = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)];
    let sequences = streams.map(|(seed, machine)| first_draws::<40>(seed, machine));
    for (i, sequence) in sequences.iter().enumerate() {
        assert!(!sequences[..i].contains(sequence), "{:?}", streams[i]);
    }
}

#[test]
fn the_last_tick_of_all_has_a_draw() {
    let (last, mut draws) = (u64::MAX, draws(7, 3, 10));
    assert_eq!(draws.of_tick(last), expected_draw(7, 3, last, 10));
    assert_eq!(draws.of_tick(1), expected_draw(7, 3, 1, 10));
}

#[test]
#[should_panic(expected = "counted from 1")]
fn there_is_no_tick_0() {
    let _ = draws(1, 1, 10).of_tick(0);
}

#[test]
#[should_panic(expected = "at least one value")]
fn there_is_no_draw_out_of_none() {
    let _ = draws(1, 1, 0);
}

fn expected_draw(seed: u64, machine: u32, tick: u64, draw_max: u64) -> u64 {
    let word = chacha8::word(seed, u64::from(machine), tick - 1);
    1 + ((u128::from(word) * u128::from(draw_max)) >> 64) as u64
}

fn expected_unit(seed: u64, machine: u32, which: u64) -> f64 {
    let word = chacha8::word(seed, 0, 2 * (u64::from(machine) - 1) + which);
    (word >> 11) as f64 * 2.0_f64.powi(-53)
}

proptest! {
    #[test]
    fn draws_are_those_of_the_second_implementation_in_any_order(
        seed: u64,
        machine in 1..1_000_u32,
        draw_max in prop_oneof![1..20_u64, 254..260_u64, any::<u64>().prop_map(|max| max.max(1))],
        ticks in prop::collection::vec(prop_oneof![1..50_u64, 1..u64::MAX], 1..50),
    ) {
        let mut draws = draws(seed, machine, draw_max);
        for tick in ticks {
            let draw = draws.of_tick(tick);
            prop_assert!((1..=draw_max).contains(&draw));
            prop_assert_eq!(draw, expected_draw(seed, machine, tick, draw_max));
        }
    }

    #[test]
    fn reading_on_gives_what_a_jump_gives(seed: u64, from in 1..1_000_u64) {
        let mut reading_on = draws(seed, 1, 1_000);
        for tick in from..from + 20 {
            prop_assert_eq!(reading_on.of_tick(tick), draws(seed, 1, 1_000).of_tick(tick));
        }
    }

    #[test]
    fn rates_are_those_of_the_second_implementation(
        seed: u64, machine in 1..1_000_u32, first in 1..100_u32, more in 0..100_u32,
    ) {
        let unit = expected_unit(seed, machine, 0);
        let (from, to) = (f64::from(first), f64::from(first + more + 1));
        prop_assert_eq!(rate(seed, machine, RateRange::Reals { from, to }), from + unit * (to - from));

        let word = chacha8::word(seed, 0, 2 * (u64::from(machine) - 1));
        let steps = (u128::from(word) * u128::from(more + 1)) >> 64;
        let range = RateRange::Integers { first, last: first + more };
        prop_assert_eq!(rate(seed, machine, range), from + steps as f64);
    }

    #[test]
    fn a_phase_is_whole_microseconds_within_a_period(
        seed: u64, machine in 1..1_000_u32, rate in 0.01..10_000.0,
    ) {
        let phase = phase(seed, machine, rate);
        prop_assert!((0.0..1.0 / rate).contains(&phase));
        let micros = phase * 1e6;
        prop_assert!((micros - micros.round()).abs() < 1e-6 * micros.max(1.0));
        let exact = expected_unit(seed, machine, 1) / rate;
        prop_assert!(phase <= exact && exact - phase < 1.001e-6);
    }
}
