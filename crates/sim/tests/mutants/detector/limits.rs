//! Where numbers end, and what a seed must mean for ever.

use machine::draw::{self, RateRange};
use machine::{MachineId, Message, UNLOGGED_MESSAGES_MAX};

use super::finding::{Finding, same};
use super::links::{INTERNAL, RECEIVER, SENDER, endpoint, sender_of};

pub(crate) fn hold() -> Result<(), Finding> {
    a_clock_ends_and_never_wraps()?;
    a_stamp_from_nowhere_is_refused()?;
    a_sender_stops_before_its_memory_does()?;
    rates_are_those_of_the_seed()
}

/// One tick takes the clock to the largest value that it can hold, and no further.
fn a_clock_ends_and_never_wraps() -> Result<(), Finding> {
    let mut machine = endpoint(RECEIVER);
    machine.deliver(Message { from: SENDER, seq: 1, stamp: u64::MAX - 1 });
    let last = machine.tick(INTERNAL).map(|step| step.clock);
    same("overflow", "the last tick", last, Ok(u64::MAX))?;
    let beyond = machine.tick(INTERNAL).map(|step| step.clock);
    same("overflow", "a tick beyond it is refused", beyond.is_err(), true)?;
    same("overflow", "the clock", machine.machine().clock(), u64::MAX)
}

fn a_stamp_from_nowhere_is_refused() -> Result<(), Finding> {
    for stamp in [(1 << 32) + 1, u64::MAX - 1] {
        let mut machine = endpoint(RECEIVER);
        let taken = machine.arrive(Message { from: SENDER, seq: 1, stamp }).is_ok();
        same("stamp", &format!("stamp {stamp} is taken"), taken, false)?;
    }
    Ok(())
}

/// A machine whose peer logs nothing must stop ticking, but none may do so for what
/// an earlier incarnation sent.
fn a_sender_stops_before_its_memory_does() -> Result<(), Finding> {
    let mut sender = sender_of(UNLOGGED_MESSAGES_MAX as u64 - 1);
    same("saturation", "one message below the bound", sender.is_saturated(), false)?;
    sender.tick(super::links::SEND).unwrap();
    same("saturation", "at the bound", sender.is_saturated(), true)?;
    sender.begin_incarnation();
    same("saturation", "after a restart", sender.is_saturated(), false)
}

fn rates_are_those_of_the_seed() -> Result<(), Finding> {
    let rate = |machine| draw::rate(42, MachineId::new(machine), RateRange::default());
    same("rates", "the rates of seed 42", [1, 2, 3].map(rate), [5.0, 3.0, 2.0])
}
