//! The network: frames are delayed, lost, brought twice, and cut off.

use crate::agenda::{Frame, What};
use crate::moment::Moment;
use crate::simulation::Simulation;
use crate::tally::Effect;

impl Simulation {
    /// The sender of a link sends a frame on its connection.
    pub(super) fn send(&mut self, link: usize, frame: Frame) {
        let connection = self.links[link].sender.connection;
        let last_arrival = self.links[link].sender.last_arrival;
        let what = What::Frame { link: link as u32, connection, frame };
        if let Some(arrival) = self.carry(link, what, last_arrival) {
            self.links[link].sender.last_arrival = arrival;
        }
    }

    /// The receiver of a link answers on a connection.
    pub(super) fn answer(&mut self, link: usize, connection: u32, frame: Frame) {
        let last_arrival = self.links[link].receiver.last_arrival;
        let what = What::Frame { link: link as u32, connection, frame };
        if let Some(arrival) = self.carry(self.links[link].reverse, what, last_arrival) {
            self.links[link].receiver.last_arrival = arrival;
        }
    }

    /// Carries a frame in a direction, not to arrive before an earlier one of its
    /// connection. Gives when it arrives, if it does.
    fn carry(&mut self, direction: usize, what: What, not_before: Moment) -> Option<Moment> {
        let Some(way) = &mut self.links[direction].direction else {
            let arrival = self.now.max(not_before);
            self.schedule(direction, arrival, what);
            return Some(arrival);
        };
        if !way.cuts.is_empty() {
            for &cut in &way.cuts {
                if let (_, Effect::Cut { frames, .. }) = &mut self.tally.faults[cut] {
                    *frames += 1;
                }
            }
            return None;
        }
        let conditions = way.conditions;
        let Some(dice) = &mut way.dice else {
            let latency = conditions.latency.mean();
            let arrival = self.now.after(latency).max(not_before);
            self.schedule(direction, arrival, what);
            return Some(arrival);
        };
        let is_lost = dice.happens(conditions.loss);
        let is_doubled = dice.happens(conditions.duplicate);
        let latency = conditions.latency.draw(dice);
        if is_lost {
            self.tally.lost += 1;
            return None;
        }
        let arrival = self.now.after_nanos(latency).max(not_before);
        self.schedule(direction, arrival, what);
        if is_doubled {
            self.tally.duplicated += 1;
            self.schedule(direction, arrival, what);
        }
        Some(arrival)
    }

    fn schedule(&mut self, direction: usize, arrival: Moment, what: What) {
        match what {
            What::Frame { frame: Frame::Message { .. } | Frame::Closed, .. } => {
                let sender = self.links[direction].from as u32;
                self.agenda.push_message(arrival, sender, what);
            }
            _ => self.agenda.push(arrival, what),
        }
    }
}
