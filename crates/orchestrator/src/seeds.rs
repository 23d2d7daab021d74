//! A range of seeds.

use std::fmt;
use std::str::FromStr;

/// Seeds from the first to the last, both included: `1..1000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seeds {
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Seeds {
    /// How many there are.
    pub(crate) fn count(self) -> u64 {
        (self.last - self.first).saturating_add(1)
    }

    /// Those that are left when so many are done.
    pub(crate) fn after(self, done: u64) -> Option<Self> {
        let first = self.first.checked_add(done)?;
        (first <= self.last).then_some(Self { first, ..self })
    }
}

impl fmt::Display for Seeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Seeds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends = text.split_once("..").map(|(first, last)| (first, last.trim_start_matches('=')));
        let number = |text: &str| text.trim().parse::<u64>().ok();
        match ends.map(|(first, last)| (number(first), number(last))) {
            Some((Some(first), Some(last))) if first <= last => Ok(Self { first, last }),
            _ => {
                Err(format!("\"{text}\" is no range of seeds: say 1..1000, both ends are included"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_begins_after_what_is_done() {
        let last = u64::MAX;
        let seeds = Seeds { first: last - 2, last };
        assert_eq!(seeds.after(0), Some(seeds));
        assert_eq!(seeds.after(2), Some(Seeds { first: last, last }));
        assert_eq!(seeds.after(3), None);
        assert_eq!(Seeds { first: 0, last: 5 }.after(6), None);
    }
}
