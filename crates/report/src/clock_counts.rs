//! How many events have each value of a clock.

use std::collections::{BTreeMap, VecDeque};

/// Counts of clock values, of which ever lower ones are forgotten.
///
/// Clocks that go up together leave few gaps, so the counts lie side by side as far
/// as that takes no more than [`ROOM`] places an event. Values beyond are rare, and
/// can be anything: they lie in a map until there is room for them.
#[derive(Debug, Default)]
pub(crate) struct ClockCounts {
    /// The value that the first count is of.
    first: u64,
    near: VecDeque<u64>,
    far: BTreeMap<u64, u64>,
    /// Events since the beginning.
    events: u64,
}

/// Places for each event.
const ROOM: u64 = 4;

impl ClockCounts {
    /// One more event has this clock; gives how many had it before.
    pub(crate) fn add(&mut self, clock: u64) -> u64 {
        self.events += 1;
        let count = match clock.checked_sub(self.first) {
            Some(place) if place < ROOM * self.events => self.near(place),
            _ => self.far.entry(clock).or_default(),
        };
        *count += 1;
        *count - 1
    }

    fn near(&mut self, place: u64) -> &mut u64 {
        let place = place as usize;
        if place >= self.near.len() {
            self.near.resize(place + 1, 0);
            self.bring_near();
        }
        &mut self.near[place]
    }

    /// Moves what was too far to where there is room now.
    fn bring_near(&mut self) {
        let last = self.first.saturating_add(self.near.len() as u64 - 1);
        while let Some((&clock, &count)) = self.far.range(self.first..=last).next() {
            self.near[(clock - self.first) as usize] += count;
            self.far.remove(&clock);
        }
    }

    /// Forgets the values below `least`, which do not come again.
    pub(crate) fn forget(&mut self, least: u64) {
        let below = least.saturating_sub(self.first).min(self.near.len() as u64);
        self.near.drain(..below as usize);
        self.first = self.first.max(least);
        self.far = self.far.split_off(&least);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::ClockCounts;

    /// Clocks near to each other, and some that are not.
    fn clock() -> impl Strategy<Value = u64> {
        prop_oneof![20 => 0..300_u64, 3 => 0..100_000_u64, 1 => Just(u64::MAX), 1 => any::<u64>()]
    }

    proptest! {
        /// As a map counts, whatever comes; what is forgotten is asked for no more.
        #[test]
        fn counts_are_those_of_a_map(
            clocks in prop::collection::vec((clock(), prop::option::weighted(0.05, clock())), 1..300),
        ) {
            let (mut counts, mut map) = (ClockCounts::default(), BTreeMap::new());
            for (clock, forgotten) in clocks {
                let count = map.entry(clock).or_insert(0);
                prop_assert_eq!(counts.add(clock), *count, "of {}", clock);
                *count += 1;
                if let Some(least) = forgotten {
                    counts.forget(least);
                    map = map.split_off(&least);
                }
            }
        }
    }

    /// As a log may have them that is wrong: were all that is far looked at for each of
    /// these, it would take minutes.
    #[test]
    fn clocks_that_go_down_take_no_more_time_than_others() {
        let mut counts = ClockCounts::default();
        counts.forget(1_000_000);
        for event in 0..200_000 {
            counts.add(1_000_000 + event);
            counts.add(1_000_000 - 1 - event);
            counts.add(u64::MAX - event);
        }
        assert_eq!(counts.add(1_000_007), 1);
        assert_eq!(counts.add(999_993), 1);
    }

    #[test]
    fn memory_is_in_proportion_to_the_events() {
        let mut counts = ClockCounts::default();
        for clock in (0..1000).map(|step| step * 1_000_000_000) {
            counts.add(clock);
        }
        assert_eq!((counts.near.len(), counts.far.len()), (1, 999));
    }
}
