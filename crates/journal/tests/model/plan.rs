//! What a check is of: how many machines, within which bounds, and how closely
//! the network is looked at. It knows nothing of what happens within them.

use machine::{MachineId, Topology};

use crate::sight::Sight;

/// A model: the world that it starts with, and what may happen in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// What the report calls it.
    pub(crate) name: &'static str,
    /// How many machines, in full topology.
    pub(crate) machines: u32,
    pub(crate) network: Network,
    /// Records that may wait to be written at once; 0 if each tick writes its own.
    pub(crate) unwritten_max: usize,
    /// Ticks of each machine, over all its incarnations.
    pub(crate) ticks_max: u64,
    /// Messages sent by all machines together.
    pub(crate) sends_max: usize,
    /// Acknowledgements written by all machines together.
    pub(crate) acknowledgements_max: u8,
    /// Crashes of all machines together.
    pub(crate) crashes_max: u8,
    /// Connections lost or given up, other than by a crash.
    pub(crate) losses_max: u8,
    /// What must be seen to happen.
    pub(crate) sights: &'static [Sight],
    /// What this laboratory does wrong, if it is to be caught.
    pub(crate) flaw: Option<Flaw>,
}

/// How closely the network is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Network {
    /// Every frame is an event of its own: Hello, Welcome, each message as it is
    /// handed to the connection and as it arrives, each acknowledgement as it is
    /// written and as it is read.
    ByFrame,
    /// A connection is dialled and welcomed in one event, and an acknowledgement
    /// is read as it is written. What is in the log is handed to the connection
    /// at once. The messages themselves take their time.
    Prompt,
}

/// A driver, or a network, that breaks its promise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// A machine says that a record is in the log before it is written.
    CommitsBeforeWriting,
    /// A crash takes the last record out of the log.
    LosesTheLastRecord,
    /// A receiver hears the messages of a connection that a newer one has
    /// replaced.
    HearsReplacedConnections,
    /// A sender goes on from what it remembers, whatever the Welcome says.
    IgnoresTheWelcome,
    /// A connection delivers the last frame first.
    DeliversOutOfOrder,
    /// Messages carry the clock before the send's own increment.
    StampsBefore,
}

impl Plan {
    /// The numbers of the machines.
    pub(crate) fn ids(&self) -> impl Iterator<Item = MachineId> {
        (1..=self.machines).map(MachineId::new)
    }

    /// Each link as its sender and its receiver.
    pub(crate) fn links(&self) -> impl Iterator<Item = (MachineId, MachineId)> {
        let neighbours = |from| Topology::Full.neighbours(from, self.machines);
        self.ids().flat_map(move |from| neighbours(from).map(move |to| (from, to)))
    }

    /// Whether the laboratory does this wrong.
    pub(crate) fn has(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }
}
