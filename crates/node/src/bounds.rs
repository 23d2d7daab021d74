//! Says when the machine reaches a bound of its queues, and when it is below it
//! again.

use machine::{Endpoint, INBOX_MESSAGES_MAX, UNLOGGED_MESSAGES_MAX};
use tracing::{info, warn};

/// What was said of the bounds last.
#[derive(Debug, Default)]
pub(crate) struct Bounds {
    saturated: bool,
    full: bool,
}

impl Bounds {
    /// Says what has changed.
    pub(crate) fn report(&mut self, endpoint: &Endpoint) {
        let (saturated, full) = (endpoint.is_saturated(), endpoint.inbox_is_full());
        match (self.saturated, saturated) {
            (false, true) => warn!(
                "saturated: a peer has not logged {UNLOGGED_MESSAGES_MAX} messages of ours; \
                 ticking stops"
            ),
            (true, false) => info!("no longer saturated: ticking goes on"),
            _ => {}
        }
        match (self.full, full) {
            (false, true) => {
                warn!("the inbox holds {INBOX_MESSAGES_MAX} messages: reading from the links stops")
            }
            (true, false) => info!("the inbox has room: reading from the links goes on"),
            _ => {}
        }
        (self.saturated, self.full) = (saturated, full);
    }
}
