//! Whose turn it is: a calendar of the next moments of all processes.

use crate::lists::Lists;
use crate::moment::Moment;

/// A moment for each of a fixed number of players, or none, and always the earliest of
/// all. Of equal moments that of the lower player comes first.
///
/// It is a calendar queue (Brown 1988). A day is a list in no order until it begins; then
/// it is sorted. So a turn costs the same however many players there are. The next day
/// begins with the last turn of the present one, so that whose turn is next is known before
/// whoever has the present one knows his own next.
#[derive(Debug)]
pub(crate) struct Calendar {
    /// The first of all turns until the end of the present day; [`NONE`] if there is none.
    first: Turn,
    /// Whether that turn is over: it stands there until another one takes its place,
    /// which is nearly always the next one of the same player.
    is_over: bool,
    /// The others until the end of the present day, the latest first.
    today: Vec<Turn>,
    /// More of them, in no order: those that came while the first turn was not over.
    pile: Vec<Turn>,
    /// The present day, counted from the epoch.
    day: u64,
    /// When it ends.
    tomorrow: Moment,
    /// When the day before it began, or the epoch: no turn of today is before.
    yesterday: Moment,
    /// The players of each day to come. One list serves many days, a whole number of
    /// years apart. Whoever gets another moment stays where he is listed until somebody
    /// looks through that list.
    lists: Lists,
    /// Whether anybody ever got another moment while he was listed: if not, nobody can
    /// be listed twice.
    has_moved: bool,
    /// The moment of each player, [`Moment::NEVER`] if he has none.
    moments: Vec<Moment>,
    /// A day is 2 to the power of this, in nanoseconds.
    width: u32,
}

/// A moment, in nanoseconds since yesterday began, and below it the player whose it is: what
/// is smaller comes first.
type Turn = u64;

/// Later than any turn.
const NONE: Turn = Turn::MAX;

/// The bits of a turn that are its player: 16 times the machines that a run may have.
const PLAYER_BITS: u32 = 24;

/// A day of this width, 9 minutes, and its yesterday have room in the others.
const WIDTH_MAX: u32 = Turn::BITS - PLAYER_BITS - 1;

fn turn(at: Moment, yesterday: Moment, player: usize) -> Turn {
    let nanos = at.nanos_since(yesterday);
    debug_assert!(at >= yesterday && nanos.leading_zeros() >= PLAYER_BITS, "{at} is not today");
    nanos << PLAYER_BITS | player as Turn
}

fn player_of(turn: Turn) -> usize {
    (turn % (1 << PLAYER_BITS)) as usize
}

/// Turns in a day, at most, if they come evenly: so few that they are soon sorted.
const TURNS_A_DAY: f64 = 16.0;

/// The longest day of more players than that, 1 s, though [`WIDTH_MAX`] would be more: those
/// that begin or end in one instant have what they wait for in another day.
const DAY_MAX: f64 = 1e9;

/// So many turns or fewer are put in order without a branch, which would be mispredicted
/// every other time.
const FEW: usize = 4;

/// So many or fewer are sorted without a branch.
const SHORT: usize = 16;

impl Calendar {
    /// So many players, none of whom has a moment yet. All together they will have about
    /// `rate` turns a second; a wrong guess costs time only.
    pub(crate) fn new(players: usize, rate: f64) -> Self {
        assert!(players >> PLAYER_BITS == 0, "players are counted in {PLAYER_BITS} bits");
        let width = match players as f64 > TURNS_A_DAY {
            true => ((TURNS_A_DAY * 1e9 / rate).min(DAY_MAX) as u64).max(1).ilog2(),
            false => WIDTH_MAX,
        };
        let mut calendar = Self {
            first: NONE,
            is_over: false,
            today: Vec::new(),
            pile: Vec::new(),
            day: 0,
            tomorrow: Moment::EPOCH,
            yesterday: Moment::EPOCH,
            // A year is four seconds or more where all have one turn a second.
            lists: Lists::new((players / 4).next_power_of_two()),
            has_moved: false,
            moments: vec![Moment::NEVER; players],
            width,
        };
        calendar.go_to(0);
        calendar
    }

    /// Gives a player another moment, or none: [`Moment::NEVER`]. No moment is over: none is
    /// before the last turn that was taken, nor before the time until which all turns were
    /// looked for.
    #[inline]
    pub(crate) fn set(&mut self, player: usize, at: Moment) {
        let is_his_over = self.is_over && player_of(self.first) == player;
        if is_his_over && at < self.tomorrow {
            self.is_over = false;
            self.moments[player] = at;
            self.first = turn(at, self.yesterday, player);
            self.put_in_order();
        } else {
            self.set_elsewhere(is_his_over, player, at);
        }
    }

    #[inline(never)]
    fn set_elsewhere(&mut self, is_his_over: bool, player: usize, at: Moment) {
        if !is_his_over {
            self.leave(player);
        }
        if self.is_over {
            self.is_over = false;
            self.first = self.today.pop().unwrap_or(NONE);
        }
        self.moments[player] = at;
        if at < self.tomorrow {
            let turn = turn(at, self.yesterday, player);
            let later = self.first.max(turn);
            self.first = self.first.min(turn);
            if later != NONE {
                self.pile.push(later);
            }
        } else if at != Moment::NEVER {
            let list = self.list_of(self.day_of(at));
            self.lists.push(list, player as u32);
        }
    }

    /// The first turn, all those before `until` being looked for, and perhaps later ones.
    #[inline]
    pub(crate) fn first(&mut self, until: Moment) -> Option<(Moment, usize)> {
        if self.is_over {
            self.set(player_of(self.first), Moment::NEVER);
        }
        if self.first == NONE {
            self.begin_days(until);
        }
        self.first_today()
    }

    /// The turn that was given as the first is over.
    #[inline]
    pub(crate) fn take_first(&mut self) {
        if !self.pile.is_empty() {
            self.put_pile_in_order();
        }
        self.is_over = true;
        if self.today.is_empty() && self.lists.length() > 0 {
            self.look_ahead();
        }
    }

    /// The first turn of the day, if there is one.
    #[inline]
    pub(crate) fn first_today(&self) -> Option<(Moment, usize)> {
        let first = match self.is_over {
            true => self.today.last().copied().unwrap_or(NONE),
            false => self.first,
        };
        (first != NONE).then(|| (self.moment_of(first), player_of(first)))
    }

    /// Who else has a turn today, and before all others but the first. None of a few, whom
    /// nobody would need to expect.
    #[inline]
    pub(crate) fn next_today(&self) -> Option<usize> {
        let are_few = self.width == WIDTH_MAX;
        self.today.last().filter(|_| !are_few).map(|&turn| player_of(turn))
    }

    #[inline]
    fn moment_of(&self, turn: Turn) -> Moment {
        self.yesterday.after_nanos(turn >> PLAYER_BITS)
    }

    #[inline]
    fn day_of(&self, at: Moment) -> u64 {
        at.nanos() >> self.width
    }

    #[inline]
    fn list_of(&self, day: u64) -> usize {
        day as usize & (self.lists.count() - 1)
    }

    /// Moves the first turn behind those before it.
    #[inline]
    fn put_in_order(&mut self) {
        let are_few = self.today.len() <= FEW;
        let mut before = &mut self.first;
        for turn in self.today.iter_mut().rev() {
            let (one, other) = (*before, *turn);
            if !are_few && one <= other {
                break;
            }
            (*before, *turn) = (one.min(other), one.max(other));
            before = turn;
        }
    }

    /// Puts the pile where it would be if the first turn had been over.
    #[cold]
    fn put_pile_in_order(&mut self) {
        self.today.append(&mut self.pile);
        // A stable sort, which takes what is in order for what it is.
        self.today.sort_by(|one, other| other.cmp(one));
    }

    /// A player gives up his moment, for another one. The turn that is over is another's.
    #[cold]
    fn leave(&mut self, player: usize) {
        if self.is_over {
            self.moments[player_of(self.first)] = Moment::NEVER;
        }
        let at = self.moments[player];
        if at == Moment::NEVER {
        } else if at >= self.tomorrow {
            self.has_moved = true;
        } else {
            let turn = turn(at, self.yesterday, player);
            if self.first == turn {
                self.put_pile_in_order();
                self.first = self.today.pop().unwrap_or(NONE);
            } else {
                self.today.retain(|&it| it != turn);
                self.pile.retain(|&it| it != turn);
            }
        }
    }

    /// Goes on to the first day that has a turn, but not past the day of `until`.
    #[inline(never)]
    fn begin_days(&mut self, until: Moment) {
        let last = self.day_of(until);
        let mut days_left = self.lists.count();
        while self.today.is_empty() && self.lists.length() > 0 && self.day < last {
            if days_left == 0 {
                // A year without a turn: the next may be a million years away.
                self.go_to(self.before_next_turn().min(last - 1));
                days_left = self.lists.count();
            }
            days_left -= 1;
            self.begin_day();
        }
        self.first = self.today.pop().unwrap_or(NONE);
    }

    /// No other turn of today is known: the next day begins, if the turn that has come is of
    /// the present one. After one of yesterday others of the present day may be set.
    #[inline(never)]
    fn look_ahead(&mut self) {
        if self.day_of(self.moment_of(self.first)) == self.day {
            self.begin_day();
        }
    }

    /// The next day begins. Nothing is left of today.
    fn begin_day(&mut self) {
        self.go_to(self.day + 1);
        self.read_list();
        match self.today.len() {
            0..=SHORT if !self.has_moved => sort_short(&mut self.today),
            _ => {
                self.today.sort_unstable_by(|one, other| other.cmp(one));
                self.today.dedup();
            }
        }
    }

    /// Makes a day the present one.
    fn go_to(&mut self, day: u64) {
        let begins = |it: u64| Moment::EPOCH.after_nanos(it.saturating_mul(1 << self.width));
        self.yesterday = begins(day.saturating_sub(1));
        self.tomorrow = begins(day.saturating_add(1));
        self.day = day;
    }

    /// The day before the first one to come that has a turn.
    #[cold]
    fn before_next_turn(&self) -> u64 {
        let next = self.moments.iter().min().copied().unwrap_or(Moment::NEVER);
        self.day_of(next) - 1
    }

    /// Takes off its list whose turn comes in the present day, and who is listed elsewhere.
    fn read_list(&mut self) {
        let list = self.list_of(self.day);
        let mask = self.lists.count() - 1;
        let Self { today, day, yesterday, lists, moments, width, .. } = self;
        lists.retain(list, |player| {
            let at = moments[player as usize];
            if at == Moment::NEVER {
                return false;
            }
            let its_day = at.nanos() >> *width;
            let is_now = its_day == *day;
            if is_now {
                today.push(turn(at, *yesterday, player as usize));
            }
            !is_now && its_day as usize & mask == list
        });
    }
}

/// Sorts turns of which no two are the same, the latest first: each counts those that are
/// later.
fn sort_short(turns: &mut [Turn]) {
    let mut sorted = [NONE; SHORT];
    for &turn in &*turns {
        let place = turns.iter().map(|&other| usize::from(other > turn)).sum::<usize>();
        sorted[place] = turn;
    }
    turns.copy_from_slice(&sorted[..turns.len()]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Calendar, WIDTH_MAX};
    use crate::moment::Moment;

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
}
