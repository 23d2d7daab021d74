//! What keeps a process from going on as usual.

use std::collections::VecDeque;

use journal::{Start, Time};

use crate::agenda::Entry;

/// Faults that befall a process, and what waits for it meanwhile.
#[derive(Debug, Default)]
pub(crate) struct Trouble {
    /// The crashes that it suffers, by their index: while it is alive, those that
    /// strike in its next write; then those that keep it dead.
    pub(crate) downed_by: Vec<usize>,
    /// The pauses that hold it, by their index.
    pub(crate) paused_by: Vec<usize>,
    /// Whether a slot came while it was paused.
    pub(crate) slept_through_slot: bool,
    /// What it has yet to look at, because it is paused or its inbox is full.
    pub(crate) unread: VecDeque<Entry>,
    /// The bytes of its log, as long as a crash is to come.
    pub(crate) log: Option<Vec<u8>>,
    /// The time of the first start record of one that may be killed.
    pub(crate) run_began: Option<Time>,
    /// The start record of its coming incarnation, but for its time, if its log is not
    /// empty.
    pub(crate) resumes: Option<Box<Start>>,
    /// Its incarnations, with the coming one, if there has been more than one.
    pub(crate) incarnations: u32,
    /// The crashes that are to come.
    crashes_left: usize,
}

impl Trouble {
    /// So many crashes are to come.
    pub(crate) fn of_crashes(count: usize) -> Self {
        Self { log: Some(Vec::new()), crashes_left: count, ..Self::default() }
    }

    /// Forgets the log once no crash is to come any more.
    pub(crate) fn crash_is_over(&mut self) {
        self.crashes_left -= 1;
        if self.crashes_left == 0 {
            self.log = None;
        }
    }
}
