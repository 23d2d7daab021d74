//! A turn as one number, so that turns are compared at once.

use crate::moment::Moment;

/// A moment, in nanoseconds since yesterday began, and below it the player whose it is: what
/// is smaller comes first.
pub(crate) type Turn = u64;

/// Later than any turn.
pub(crate) const NONE: Turn = Turn::MAX;

/// The bits of a turn that are its player: 16 times the machines that a run may have.
pub(crate) const PLAYER_BITS: u32 = 24;

/// A day of this width, 9 minutes, and its yesterday have room in the others.
pub(crate) const WIDTH_MAX: u32 = Turn::BITS - PLAYER_BITS - 1;

/// So many or fewer are sorted without a branch.
const SHORT: usize = 16;

/// The turn of a player at a moment of yesterday or today.
#[inline]
pub(crate) fn turn(at: Moment, yesterday: Moment, player: usize) -> Turn {
    let nanos = at.nanos_since(yesterday);
    debug_assert!(at >= yesterday && nanos.leading_zeros() >= PLAYER_BITS, "{at} is not today");
    nanos << PLAYER_BITS | player as Turn
}

/// When it is.
#[inline]
pub(crate) fn moment_of(turn: Turn, yesterday: Moment) -> Moment {
    yesterday.after_nanos(turn >> PLAYER_BITS)
}

/// Whose it is.
#[inline]
pub(crate) fn player_of(turn: Turn) -> usize {
    (turn % (1 << PLAYER_BITS)) as usize
}

/// Sorts turns of which no two are the same, the latest first. Of a few each counts those
/// that are later, which is not mispredicted.
pub(crate) fn sort(turns: &mut [Turn]) {
    let mut sorted = [NONE; SHORT];
    let Some(sorted) = sorted.get_mut(..turns.len()) else {
        return turns.sort_unstable_by(|one, other| other.cmp(one));
    };
    for &turn in &*turns {
        let place = turns.iter().map(|&other| usize::from(other > turn)).sum::<usize>();
        sorted[place] = turn;
    }
    turns.copy_from_slice(sorted);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_turn_says_when_and_whose_it_is_and_that_is_its_order(
            one in (0..1_u64 << (WIDTH_MAX + 1), 0..(1_usize << PLAYER_BITS) - 1),
            other in (0..1_u64 << (WIDTH_MAX + 1), 0..(1_usize << PLAYER_BITS) - 1),
            yesterday in 0..u64::MAX >> 1,
        ) {
            let yesterday = Moment::EPOCH.after_nanos(yesterday);
            let [one, other] = [one, other].map(|(nanos, player)| (yesterday.after_nanos(nanos), player));
            let turn = |(at, player)| turn(at, yesterday, player);
            prop_assert_eq!((moment_of(turn(one), yesterday), player_of(turn(one))), one);
            prop_assert_eq!(turn(one).cmp(&turn(other)), one.cmp(&other));
            prop_assert!(turn(one) < NONE);
        }

        #[test]
        fn few_and_many_are_sorted_the_latest_first(
            turns in prop::collection::hash_set(0..1000_u64, 0..2 * SHORT),
        ) {
            let mut sorted: Vec<_> = turns.into_iter().collect();
            let mut expected = sorted.clone();
            expected.sort_by_key(|&turn| std::cmp::Reverse(turn));
            sort(&mut sorted);
            prop_assert_eq!(sorted, expected);
        }
    }
}
