//! Whose turn it is: a calendar of the next moments of all processes.

use crate::lists::Lists;
use crate::moment::Moment;
use crate::turn::{NONE, PLAYER_BITS, Turn, WIDTH_MAX, moment_of, player_of, sort, turn};

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

/// Turns in a day, at most, if they come evenly: so few that they are soon sorted.
const TURNS_A_DAY: f64 = 16.0;

/// The longest day of more players than that, 1 s, though [`WIDTH_MAX`] would be more: those
/// that begin or end in one instant have what they wait for in another day.
const DAY_MAX: f64 = 1e9;

/// So many turns or fewer are put in order without a branch, which would be mispredicted
/// every other time.
const FEW: usize = 4;

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
        (first != NONE).then(|| (moment_of(first, self.yesterday), player_of(first)))
    }

    /// Who else has a turn today, and before all others but the first. None of a few, whom
    /// nobody would need to expect.
    #[inline]
    pub(crate) fn next_today(&self) -> Option<usize> {
        let are_few = self.width == WIDTH_MAX;
        self.today.last().filter(|_| !are_few).map(|&turn| player_of(turn))
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
        if self.day_of(moment_of(self.first, self.yesterday)) == self.day {
            self.begin_day();
        }
    }

    /// The next day begins. Nothing is left of today.
    fn begin_day(&mut self) {
        self.go_to(self.day + 1);
        self.read_list();
        match self.has_moved {
            false => sort(&mut self.today),
            true => {
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

#[cfg(test)]
mod tests;
