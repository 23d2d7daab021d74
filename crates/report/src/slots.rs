//! Where what is remembered of the sends in flight lies.

/// Numbers for the sends of which messages are in flight, small and used again:
/// whoever remembers something of a send keeps it in a list, at its slot.
#[derive(Debug, Default)]
pub(crate) struct Slots {
    /// How many messages of each are in flight.
    messages: Vec<usize>,
    free: Vec<usize>,
}

impl Slots {
    /// A slot for a send of so many messages.
    pub(crate) fn take(&mut self, messages: usize) -> usize {
        let slot = self.free.pop().unwrap_or(self.messages.len());
        self.messages.resize(self.messages.len().max(slot + 1), 0);
        self.messages[slot] = messages;
        if messages == 0 {
            self.free.push(slot);
        }
        slot
    }

    /// One message of the slot has arrived.
    pub(crate) fn give_back(&mut self, slot: usize) {
        self.messages[slot] -= 1;
        if self.messages[slot] == 0 {
            self.free.push(slot);
        }
    }
}

/// Puts a copy of `what` into `slots` at `slot`, in the memory of what lay there.
pub(crate) fn keep<T: Clone + Default>(slots: &mut Vec<T>, slot: usize, what: &T) {
    slots.resize_with(slots.len().max(slot + 1), T::default);
    slots[slot].clone_from(what);
}
