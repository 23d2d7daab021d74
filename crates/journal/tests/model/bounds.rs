//! The plans of the checks: small ones for every test run, and deep ones for
//! `just model-deep`, which sets `OFFBEAT_MODEL`.

use crate::plan::{Network, Plan};
use crate::sight::Sight;

/// Two machines, one event for a whole connection: the longest histories.
pub(crate) fn two_machines() -> Plan {
    let deep = Plan { ticks_max: 3, sends_max: 3, acknowledgements_max: 2, losses_max: 1, ..TWO };
    if is_deep() { deep } else { TWO }
}

/// Two machines that crash twice, and may have two records to write.
pub(crate) fn two_crashes() -> Plan {
    let small = Plan {
        name: "two crashes",
        unwritten_max: 2,
        sends_max: 1,
        acknowledgements_max: 0,
        crashes_max: 2,
        ..TWO
    };
    let deep = Plan { ticks_max: 3, sends_max: 2, ..small };
    if is_deep() { deep } else { small }
}

/// Two machines, each frame an event of its own.
pub(crate) fn two_machines_by_frame() -> Plan {
    let small = Plan {
        name: "two machines, by frame",
        network: Network::ByFrame,
        ticks_max: 1,
        sends_max: 1,
        losses_max: 1,
        sights: &FAULTS_BY_FRAME,
        ..TWO
    };
    let deep = Plan { ticks_max: 2, sends_max: 2, ..small };
    if is_deep() { deep } else { small }
}

/// Three machines without faults: all orders in which messages can overtake.
pub(crate) fn three_machines() -> Plan {
    let deep = Plan { unwritten_max: 1, ticks_max: 3, ..THREE };
    if is_deep() { deep } else { THREE }
}

/// Three machines that write each step before the next event; one crashes.
pub(crate) fn three_machines_and_a_crash() -> Plan {
    let small = Plan {
        name: "three machines and a crash",
        sends_max: 1,
        crashes_max: 1,
        sights: &FAULTS_OF_A_CRASH,
        ..THREE
    };
    let deep = Plan { sends_max: 3, ..small };
    if is_deep() { deep } else { small }
}

/// Besides, a connection is lost.
pub(crate) fn three_machines_a_crash_and_a_loss() -> Plan {
    let small = Plan {
        name: "three machines, a crash and a loss",
        sends_max: 1,
        crashes_max: 1,
        losses_max: 1,
        sights: &FAULTS_OF_CONNECTIONS,
        ..THREE
    };
    let deep = Plan { sends_max: 2, acknowledgements_max: 1, ..small };
    if is_deep() { deep } else { small }
}

/// Whether there is time for the deep bounds.
pub(crate) fn is_deep() -> bool {
    std::env::var_os("OFFBEAT_MODEL").is_some_and(|depth| depth == "deep")
}

pub(crate) const TWO: Plan = Plan {
    name: "two machines",
    machines: 2,
    network: Network::Prompt,
    unwritten_max: 1,
    ticks_max: 2,
    sends_max: 2,
    acknowledgements_max: 1,
    crashes_max: 1,
    losses_max: 0,
    sights: &FAULTS,
    flaw: None,
};

const THREE: Plan = Plan {
    name: "three machines",
    machines: 3,
    unwritten_max: 0,
    sends_max: 3,
    acknowledgements_max: 0,
    crashes_max: 0,
    sights: &[],
    ..TWO
};

/// What is seen after a crash.
const FAULTS_OF_A_CRASH: [Sight; 5] =
    [Sight::Resent, Sight::Refilled, Sight::InboxLost, Sight::Outlived, Sight::CutOff];

/// What is seen after a crash and a loss.
const FAULTS_OF_CONNECTIONS: [Sight; 6] = [
    Sight::Resent,
    Sight::Refilled,
    Sight::FellBack,
    Sight::InboxLost,
    Sight::Outlived,
    Sight::CutOff,
];

/// What is seen besides where steps wait to be written.
const FAULTS: [Sight; 9] = [
    Sight::Resent,
    Sight::Refilled,
    Sight::FellBack,
    Sight::InboxLost,
    Sight::Outlived,
    Sight::CutOff,
    Sight::RecordLost,
    Sight::WrittenUnsent,
    Sight::HelloWhileUnwritten,
];

/// What is seen where Hello, Welcome and acknowledgements can be late or lost.
const FAULTS_BY_FRAME: [Sight; 12] = [
    Sight::Resent,
    Sight::Refilled,
    Sight::FellBack,
    Sight::InboxLost,
    Sight::Outlived,
    Sight::RecordLost,
    Sight::WrittenUnsent,
    Sight::HelloWhileUnwritten,
    Sight::AckLost,
    Sight::WelcomeLate,
    Sight::LateHello,
    Sight::StaleHello,
];
