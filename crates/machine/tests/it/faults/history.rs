//! What can happen to machines and connections, and arbitrary sequences of it.

use proptest::prelude::*;

/// Something that happens. Machines and links are named by any number, of which
/// the remainder counts.
#[derive(Clone, Debug)]
pub(crate) enum Op {
    Tick {
        machine: usize,
        draw: u64,
    },
    /// All steps so far are written, and the endpoint is told so.
    Commit {
        machine: usize,
    },
    /// The process dies; of the steps that were not in the log yet, the first
    /// `written` had just reached it. It starts again at once.
    Crash {
        machine: usize,
        written: usize,
    },
    /// The sender opens a connection and says Hello.
    Dial {
        link: usize,
    },
    Transmit {
        link: usize,
        messages_max: usize,
    },
    /// The receiver reads the next frame of one of the link's connections.
    Deliver {
        link: usize,
        connection: usize,
    },
    /// The receiver writes an acknowledgement.
    Acknowledge {
        link: usize,
    },
    /// The sender reads the next frame of its connection.
    Return {
        link: usize,
    },
    /// The sender abandons its connection; what is in it may still arrive.
    GiveUp {
        link: usize,
    },
    /// The sender abandons its connection for a new one, which is up before what
    /// is left in the old one arrives.
    Reconnect {
        link: usize,
    },
    /// The connection is lost, and what is in it.
    Cut {
        link: usize,
    },
}

/// What receivers do with the frames of a connection that a newer one has
/// replaced. Theirs is to ignore them, but the links must not depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drivers {
    IgnoreReplacedConnections,
    HearReplacedConnections,
}

#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) machines: u32,
    pub(crate) drivers: Drivers,
    pub(crate) ops: Vec<Op>,
}

pub(crate) fn history() -> impl Strategy<Value = History> {
    let machines = prop_oneof![2 => Just(2_u32), 1 => Just(3)];
    let drivers = prop_oneof![
        Just(Drivers::IgnoreReplacedConnections),
        Just(Drivers::HearReplacedConnections),
    ];
    let op = (0..60_usize, 0..6_usize, 0..6_usize).prop_map(op);
    (machines, drivers, prop::collection::vec(op, 0..600))
        .prop_map(|(machines, drivers, ops)| History { machines, drivers, ops })
}

/// A die of sixty faces says what happens: much faster than a union of
/// strategies, each with a generator of its own. `number` names the machine or
/// the link, `count` is what else the op needs.
fn op((die, number, count): (usize, usize, usize)) -> Op {
    let (machine, link) = (number, number);
    match die {
        0..10 => Op::Tick { machine, draw: count as u64 + 1 },
        10..15 => Op::Commit { machine },
        15..21 => Op::Dial { link },
        21..28 => Op::Transmit { link, messages_max: count.min(3) },
        28..43 => Op::Deliver { link, connection: count },
        43..48 => Op::Acknowledge { link },
        48..55 => Op::Return { link },
        55 => Op::GiveUp { link },
        56..58 => Op::Reconnect { link },
        58 => Op::Cut { link },
        _ => Op::Crash { machine, written: count },
    }
}
