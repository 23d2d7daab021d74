//! Whose turn it is: a tournament of processes for the earliest moment.

use crate::moment::Moment;

/// A moment for each of a fixed number of players, and always the earliest of all.
/// Of equal moments that of the lower player comes first.
///
/// It is the tree of a knockout tournament (Knuth, TAOCP vol. 3, 5.4.1). A player's
/// new moment is compared along one path to the root, without a branch to mispredict
/// and with nothing to be moved.
#[derive(Debug)]
pub(crate) struct Tournament {
    /// The root is at 1, the children of i at 2i and 2i + 1, and the players are the
    /// last half. Each holds whoever is first below it.
    first: Vec<Turn>,
}

/// A moment and the player whose it is, as one number: what is smaller comes first.
type Turn = u128;

fn turn(at: Moment, player: usize) -> Turn {
    Turn::from(at.nanos()) << 64 | player as Turn
}

impl Tournament {
    /// So many players, none of whom has a moment.
    pub(crate) fn new(players: usize) -> Self {
        Self { first: vec![turn(Moment::NEVER, 0); 2 * players.next_power_of_two()] }
    }

    /// Gives a player another moment.
    #[inline]
    pub(crate) fn set(&mut self, player: usize, at: Moment) {
        let (mut node, mut first) = (self.first.len() / 2 + player, turn(at, player));
        self.first[node] = first;
        while node > 1 {
            first = first.min(self.first[node ^ 1]);
            node /= 2;
            self.first[node] = first;
        }
    }

    /// The earliest moment, and whose it is; [`Moment::NEVER`], and no matter whose, if
    /// no player has one.
    #[inline]
    pub(crate) fn first(&self) -> (Moment, usize) {
        let first = self.first[1];
        (Moment::EPOCH.after_nanos((first >> 64) as u64), first as u64 as usize)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Tournament;
    use crate::moment::Moment;

    #[test]
    fn nobody_has_a_moment_at_first() {
        for players in 1..9 {
            assert_eq!(Tournament::new(players).first().0, Moment::NEVER);
        }
    }

    proptest! {
        /// As if all were looked at each time.
        #[test]
        fn the_earliest_moment_wins_and_of_equal_ones_the_lower_player(
            players in 1..20_usize,
            moves in prop::collection::vec((0..20_usize, 0..10_u64), 1..100),
        ) {
            let mut tournament = Tournament::new(players);
            let mut moments = vec![Moment::NEVER; players];
            for (player, nanos) in moves {
                let (player, at) = (player % players, Moment::EPOCH.after_nanos(nanos));
                tournament.set(player, at);
                moments[player] = at;
                let first = (0..players).min_by_key(|&player| moments[player]).unwrap();
                prop_assert_eq!(tournament.first(), (moments[first], first));
            }
        }
    }
}
