//! Which machines have a log, and where each stands among them.

/// The machines that have a log, by number.
#[derive(Debug)]
pub(crate) struct Roster {
    machines: Vec<u32>,
}

impl Roster {
    /// `machines` in ascending order, each once.
    pub(crate) fn new(machines: Vec<u32>) -> Self {
        debug_assert!(machines.is_sorted_by(|a, b| a < b), "each machine once, in order");
        Self { machines }
    }

    pub(crate) fn len(&self) -> usize {
        self.machines.len()
    }

    /// The machine at `position`.
    pub(crate) fn machine(&self, position: usize) -> u32 {
        self.machines[position]
    }

    /// Where `machine` stands; none if it has no log.
    pub(crate) fn position(&self, machine: u32) -> Option<usize> {
        // Where nothing is missing, machine i is the i-th.
        let guess = (machine as usize).wrapping_sub(1);
        if self.machines.get(guess) == Some(&machine) {
            return Some(guess);
        }
        self.machines.binary_search(&machine).ok()
    }
}
