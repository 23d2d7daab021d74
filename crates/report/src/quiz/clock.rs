//! What does the clock become?

use journal::Record;

use super::{Answer, Question};
use crate::history::{History, Node};
use crate::number::{count, list};

/// The kinds of events in the order in which they are asked about: by how much there
/// is to think.
const KINDS: [fn(&Node) -> bool; 4] = [
    |node| !matches!(node.record, Record::Receive(_)),
    |node| stamp(node).is_some_and(|stamp| stamp > node.clock_before),
    |node| stamp(node).is_some_and(|stamp| stamp < node.clock_before),
    |node| stamp(node).is_some(),
];

/// The events not asked about yet, kind by kind.
pub(super) struct Kinds<'a> {
    history: &'a History,
    places: [Vec<usize>; KINDS.len()],
    asked: usize,
}

impl<'a> Kinds<'a> {
    pub(super) fn of(history: &'a History) -> Self {
        let mut places = [const { Vec::new() }; KINDS.len()];
        for (place, node) in history.events.iter().enumerate() {
            let is_right = by_the_rules(node) == Some(node.record.clock());
            if let (true, Some(kind)) = (is_right, KINDS.iter().position(|kind| kind(node))) {
                places[kind].push(place);
            }
        }
        Self { history, places, asked: 0 }
    }

    /// A question about an event of the kind whose turn it is, or of the next that has one.
    pub(super) fn ask(&mut self, pick: &mut impl FnMut(usize) -> usize) -> Option<Question> {
        let turns = (0..KINDS.len()).map(|turn| (self.asked + turn) % KINDS.len());
        let kind = turns.into_iter().find(|&kind| !self.places[kind].is_empty())?;
        self.asked = kind + 1;
        let places = &mut self.places[kind];
        let place = places.swap_remove(pick(places.len()));
        Some(self.question(place))
    }

    fn question(&self, place: usize) -> Question {
        let node = &self.history.events[place];
        let (machine, tick) = (self.history.machine(place), count(node.tick()));
        let what = match &node.record {
            Record::Receive(receive) => format!(
                "At tick {tick} it reads a message from machine {} with the stamp {}",
                receive.from, receive.stamp
            ),
            Record::Send(send) if send.to.len() == 1 => {
                format!("At tick {tick} it sends a message to machine {}", send.to[0])
            }
            Record::Send(send) => {
                format!("At tick {tick} it sends to machines {}", list(&send.to))
            }
            _ => format!("Tick {tick} is an internal event"),
        };
        Question {
            ask: format!(
                "Machine {machine}'s clock is {}. {what}. What is its clock then?",
                node.clock_before
            ),
            answer: Answer::Clock(node.record.clock()),
            why: self.history.why(place),
        }
    }
}

fn stamp(node: &Node) -> Option<u64> {
    match &node.record {
        Record::Receive(receive) => Some(receive.stamp),
        _ => None,
    }
}

/// The clock after an event; none if it would be too large.
fn by_the_rules(node: &Node) -> Option<u64> {
    node.clock_before.max(stamp(node).unwrap_or(0)).checked_add(1)
}
