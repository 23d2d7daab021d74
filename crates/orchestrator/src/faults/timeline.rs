//! When faults begin and end in a live run. No clock: times are since the run
//! began.

use std::collections::VecDeque;
use std::time::Duration;

use sim::Fault;

/// A fault begins or ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Turn {
    at: Duration,
    /// Its place in the list of faults.
    pub(crate) fault: usize,
    pub(crate) begins: bool,
}

/// The turns to come, in order.
#[derive(Debug)]
pub(crate) struct Timeline {
    turns: VecDeque<Turn>,
}

impl Timeline {
    /// The turns of `faults` in a run that lasts `duration`.
    pub(crate) fn new(faults: &[Fault], duration: Duration) -> Self {
        let mut turns = Vec::new();
        for (fault, what) in faults.iter().enumerate() {
            let from = what.window().from;
            if from < duration {
                turns.push(Turn { at: from, fault, begins: true });
                let ends = end(*what, duration).map(|at| Turn { at, fault, begins: false });
                turns.extend(ends);
            }
        }
        turns.sort_by_key(|turn| turn.at);
        Self { turns: turns.into() }
    }

    /// When the next is due.
    pub(crate) fn next_at(&self) -> Option<Duration> {
        self.turns.front().map(|turn| turn.at)
    }

    /// The next, if it is due at `now`.
    pub(crate) fn pop_due(&mut self, now: Duration) -> Option<Turn> {
        self.turns.pop_front_if(|turn| turn.at <= now)
    }

    /// Whether `fault` is still to end.
    pub(crate) fn will_end(&self, fault: usize) -> bool {
        self.turns.iter().any(|turn| turn.fault == fault && !turn.begins)
    }

    /// Nothing is to happen any more.
    pub(crate) fn cancel(&mut self) {
        self.turns.clear();
    }
}

/// When `fault` ends, if it does. A machine that would come back after the run stays
/// dead, as the word has it; one that stands still must go on in order to end.
fn end(fault: Fault, duration: Duration) -> Option<Duration> {
    let to = fault.window().to;
    match fault {
        Fault::Cut(_) => to,
        Fault::Crash(_) => to.filter(|to| *to < duration),
        Fault::Pause(_) => Some(to.map_or(duration, |to| to.min(duration))),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use sim::Fault;

    use super::Timeline;

    fn turns(faults: &[Fault]) -> Vec<(u64, usize, bool)> {
        let mut timeline = Timeline::new(faults, Duration::from_secs(60));
        let turn = || timeline.pop_due(Duration::MAX);
        let turns = std::iter::from_fn(turn);
        turns.map(|turn| (turn.at.as_secs(), turn.fault, turn.begins)).collect()
    }

    fn cut(word: &str) -> Fault {
        Fault::Cut(word.parse().unwrap())
    }

    fn crash(word: &str) -> Fault {
        Fault::Crash(word.parse().unwrap())
    }

    fn pause(word: &str) -> Fault {
        Fault::Pause(word.parse().unwrap())
    }

    #[test]
    fn turns_come_in_order() {
        let faults = [cut("all@10s..20s"), crash("1@5s..15s")];
        let expected = [(5, 1, true), (10, 0, true), (15, 1, false), (20, 0, false)];
        assert_eq!(turns(&faults), expected);
    }

    #[test]
    fn what_has_no_end_or_a_late_one() {
        assert_eq!(turns(&[cut("all@10s..")]), [(10, 0, true)]);
        assert_eq!(turns(&[cut("all@10s..61s")]), [(10, 0, true), (61, 0, false)]);
        assert_eq!(turns(&[crash("1@10s..")]), [(10, 0, true)]);
        assert_eq!(turns(&[crash("1@10s..60s")]), [(10, 0, true)]);
        assert_eq!(turns(&[pause("1@10s..")]), [(10, 0, true), (60, 0, false)]);
        assert_eq!(turns(&[pause("1@10s..70s")]), [(10, 0, true), (60, 0, false)]);
        assert_eq!(turns(&[pause("1@60s..70s")]), []);
    }

    #[test]
    fn nothing_is_due_early_or_once_cancelled() {
        let mut timeline = Timeline::new(&[crash("1@5s..15s")], Duration::from_secs(60));
        assert_eq!(timeline.next_at(), Some(Duration::from_secs(5)));
        assert_eq!(timeline.pop_due(Duration::from_secs(4)), None);
        assert!(timeline.will_end(0));
        timeline.cancel();
        assert!(!timeline.will_end(0));
        assert_eq!(timeline.next_at(), None);
    }
}
