//! Who sees what happens.

use journal::{Record, Start, Stop, Time};
use machine::{MachineId, Step};

/// Sees every record once it is in the log of its machine, in the order in which
/// they come to pass.
pub trait Observer {
    /// An incarnation begins.
    fn started(&mut self, start: &Start);

    /// A machine took a step.
    fn stepped(&mut self, machine: MachineId, time: Time, step: &Step<'_>);

    /// An incarnation ends in good order.
    fn stopped(&mut self, machine: MachineId, stop: &Stop);

    /// This machine will probably be the next to take a step. Who keeps something of each of
    /// many machines can ask for it, so that it comes from memory together with the machine.
    #[inline]
    fn recall(&self, _machine: MachineId) {}
}

/// Whoever takes records takes steps as well.
impl<F: FnMut(MachineId, Record)> Observer for F {
    fn started(&mut self, start: &Start) {
        self(MachineId::new(start.machine), Record::from(start.clone()));
    }

    fn stepped(&mut self, machine: MachineId, time: Time, step: &Step<'_>) {
        self(machine, Record::of_step(step, time));
    }

    fn stopped(&mut self, machine: MachineId, stop: &Stop) {
        self(machine, Record::Stop(stop.clone()));
    }
}
