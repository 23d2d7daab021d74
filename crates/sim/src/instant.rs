//! What happens in the present instant, in its order.

use std::collections::VecDeque;

use crate::agenda::Entry;

/// A queue of entries, pushed in the order in which they happen.
///
/// When a run begins and when it ends, a million machines say the same on all of their
/// links in one instant. So a frame that comes on one link after the other takes the room
/// of one.
#[derive(Debug)]
pub(crate) struct Instant {
    runs: VecDeque<Run>,
    /// How many links in a row one process sends on.
    degree: usize,
}

/// An entry, and the same frame on so many links after it.
#[derive(Debug)]
struct Run {
    first: Entry,
    more: u32,
}

impl Instant {
    /// Nothing.
    pub(crate) fn new(degree: usize) -> Self {
        Self { runs: VecDeque::new(), degree }
    }

    /// The first entry, if there is one.
    pub(crate) fn first(&self) -> Option<&Entry> {
        self.runs.front().map(|run| &run.first)
    }

    /// The last entry, if there is one.
    pub(crate) fn last(&self) -> Option<Entry> {
        let &Run { first, more } = self.runs.back()?;
        match more {
            0 => Some(first),
            _ => first.on_later_link(more, self.degree),
        }
    }

    /// Adds an entry that comes after all others.
    pub(crate) fn push(&mut self, entry: Entry) {
        if let Some(run) = self.runs.back_mut()
            && let Some(next) = run.first.on_later_link(run.more + 1, self.degree)
            && next.is(&entry)
        {
            run.more += 1;
        } else {
            self.runs.push_back(Run { first: entry, more: 0 });
        }
    }

    /// Takes the first entry.
    pub(crate) fn pop(&mut self) -> Option<Entry> {
        let run = self.runs.front_mut()?;
        let first = run.first;
        match run.more.checked_sub(1).zip(first.on_later_link(1, self.degree)) {
            None => drop(self.runs.pop_front()),
            Some((more, next)) => *run = Run { first: next, more },
        }
        Some(first)
    }
}
