//! The end of all faults: every link gets a connection that lasts, every machine
//! ticks on without sending until its inbox is empty.

use super::history::Op;
use super::lab::Lab;

/// A draw that sends nothing.
const INTERNAL: u64 = 10;

pub(crate) fn everything(lab: &mut Lab) {
    (0..lab.processes.len()).for_each(|machine| lab.commit(machine));
    (0..lab.links.len()).for_each(|link| reconnect(lab, link));
    (0..lab.links.len()).for_each(|link| carry(lab, link));
    (0..lab.processes.len()).for_each(|machine| drain(lab, machine));
    (0..lab.links.len()).for_each(|link| carry(lab, link));
    for link in 0..lab.links.len() {
        assert_eq!(lab.outgoing(link).unlogged(), 0, "all is acknowledged as logged");
    }
}

fn reconnect(lab: &mut Lab, link: usize) {
    lab.cut(link);
    lab.links[link].connections.clear();
    lab.apply(&Op::Dial { link });
    lab.apply(&Op::Deliver { link, connection: 0 });
    lab.apply(&Op::Return { link });
    assert!(lab.outgoing(link).is_connected());
}

/// Carries all messages of a link, and what the receiver says of them.
fn carry(lab: &mut Lab, link: usize) {
    lab.apply(&Op::Transmit { link, messages_max: usize::MAX });
    while lab.links[link].connections[0].forward.front().is_some() {
        lab.apply(&Op::Deliver { link, connection: 0 });
    }
    lab.apply(&Op::Acknowledge { link });
    lab.apply(&Op::Return { link });
}

fn drain(lab: &mut Lab, machine: usize) {
    while lab.processes[machine].endpoint.machine().queue() > 0 {
        lab.tick(machine, INTERNAL);
    }
    lab.commit(machine);
}
