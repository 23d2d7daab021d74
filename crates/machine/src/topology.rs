//! Who is whose neighbour, and in which order.

use std::fmt;
use std::num::NonZeroU32;

/// The number of a machine, 1 to N.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MachineId(NonZeroU32);

impl MachineId {
    /// The machine numbered `id`; machines are numbered from 1.
    ///
    /// # Panics
    /// If `id` is 0: numbers from outside are checked before they become ids.
    #[inline]
    #[must_use]
    pub const fn new(id: u32) -> Self {
        Self(NonZeroU32::new(id).expect("machines are numbered from 1"))
    }

    /// The number.
    #[inline]
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0.get()
    }
}

impl fmt::Display for MachineId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which machines a machine is connected to. Both are symmetric: whoever is my
/// neighbour has me as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Topology {
    /// Everyone else, in ring order: i+1, i+2, ….
    #[default]
    Full,
    /// i+1, then i-1; with two machines these are one.
    Ring,
}

impl Topology {
    /// The neighbours of `machine` among `machines` machines, in the order that
    /// draws 1 and 2 count by.
    pub fn neighbours(
        self,
        machine: MachineId,
        machines: u32,
    ) -> impl ExactSizeIterator<Item = MachineId> {
        (0..self.degree(machines)).map(move |position| self.at(machine, machines, position))
    }

    /// Where `other` stands in the neighbours of `machine`, counted from 0; none
    /// if it is not one of them.
    #[inline]
    #[must_use]
    pub fn position(self, machine: MachineId, machines: u32, other: MachineId) -> Option<usize> {
        if other == machine || other.get() > machines || machine.get() > machines {
            return None;
        }
        let ahead = match other > machine {
            true => other.get() - machine.get(),
            false => other.get() + machines - machine.get(),
        };
        match self {
            Self::Full => Some(ahead as usize - 1),
            Self::Ring if ahead == 1 => Some(0),
            Self::Ring if ahead == machines - 1 => Some(1),
            Self::Ring => None,
        }
    }

    /// How many neighbours each of `machines` machines has.
    #[must_use]
    pub fn degree(self, machines: u32) -> usize {
        let others = machines.saturating_sub(1) as usize;
        match self {
            Self::Full => others,
            Self::Ring => others.min(2),
        }
    }

    fn at(self, machine: MachineId, machines: u32, position: usize) -> MachineId {
        let ahead = match self {
            Self::Ring if position == 1 => machines - 1,
            _ => position as u32 + 1,
        };
        MachineId::new((machine.get() - 1 + ahead) % machines + 1)
    }
}
