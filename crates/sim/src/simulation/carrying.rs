//! Frames go onto the network.

use crate::agenda::Frame;
use crate::simulation::Simulation;

impl Simulation {
    /// The sender of a link sends a frame on its connection.
    pub(super) fn send(&mut self, link: usize, frame: Frame) {
        let connection = self.links[link].sender.connection;
        self.carry(link, link, connection, frame);
    }

    /// The receiver of a link answers on a connection.
    pub(super) fn answer(&mut self, link: usize, connection: u32, frame: Frame) {
        self.carry(self.links.reverse(link), link, connection, frame);
    }

    /// Carries a frame of a connection of a link in the direction of a link.
    fn carry(&mut self, direction: usize, link: usize, connection: u32, frame: Frame) {
        let (arrival, copies) = match self.passages.get(direction) {
            None => (self.now, 1),
            Some(passage) => passage.carry(frame, self.now, &mut self.tally),
        };
        let sender = self.links.sender(direction) as u32;
        for _ in 0..copies {
            self.agenda.push_frame(arrival, sender, link as u32, connection, frame);
        }
    }
}
