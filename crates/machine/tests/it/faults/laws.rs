//! What must hold of the logs.

use machine::MachineId;

use super::lab::Lab;
use super::link::Link;
use super::log::{Log, received, sent};

fn log(lab: &Lab, id: MachineId) -> &Log {
    &lab.processes[id.get() as usize - 1].log
}

/// The laws that hold at any moment, whatever has been lost.
pub(crate) fn hold_at_any_time(lab: &Lab) {
    for process in &lab.processes {
        ticks_are_contiguous_and_the_clock_rises(&process.log);
    }
    for link in &lab.links {
        sends_are_numbered(lab, link);
        receipts_are_the_first_sends_in_order(lab, link);
    }
}

fn ticks_are_contiguous_and_the_clock_rises(log: &Log) {
    let steps = log.iter().flatten();
    let mut clock = 0;
    for (step, tick) in steps.zip(1..) {
        assert_eq!(step.tick, tick);
        assert!(step.clock > clock, "the clock fell to {} from {clock}", step.clock);
        clock = step.clock;
    }
}

fn sends_are_numbered(lab: &Lab, link: &Link) {
    for ((seq, _), expected) in sent(log(lab, link.from), link.to).zip(1..) {
        assert_eq!(seq, expected, "sent from {} to {}", link.from, link.to);
    }
}

/// Numbered 1, 2, 3 …: each at most once, none left out, first in, first out; and
/// each is exactly what was sent, earlier by the clocks.
fn receipts_are_the_first_sends_in_order(lab: &Lab, link: &Link) {
    let mut sends = sent(log(lab, link.from), link.to);
    for (message, expected) in received(log(lab, link.to), link.from).zip(1..) {
        assert_eq!(message.seq, expected, "received by {} from {}", link.to, link.from);
        let sent = sends.next();
        assert_eq!(sent, Some((message.seq, message.stamp)), "a receipt without its send");
    }
    for step in log(lab, link.to).iter().flatten() {
        assert!(step.receipt().is_none_or(|message| message.stamp < step.clock));
    }
}

/// The laws that hold when every message has had the time to be received.
pub(crate) fn hold_after_healing(lab: &Lab) {
    for link in &lab.links {
        let sent = sent(log(lab, link.from), link.to).count();
        let received = received(log(lab, link.to), link.from).count();
        assert_eq!(received, sent, "from {} to {}", link.from, link.to);
    }
    for process in &lab.processes {
        assert_eq!(process.endpoint.in_flight(), 0);
        assert_eq!(process.endpoint.machine().queue(), 0);
        let clock = process.log.iter().flatten().last().map_or(0, |step| step.clock);
        assert_eq!(process.endpoint.machine().clock(), clock);
    }
}
