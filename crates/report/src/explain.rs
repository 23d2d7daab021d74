//! Why an event has the clock that it has, and what has to do with it.
//!
//! Its clock is the length of the longest causal chain that ends in it, so that
//! chain is the whole reason (Lamport 1978).

use std::fmt;

use journal::Record;

use crate::event::Action;
use crate::event_name::EventName;
use crate::history::{History, NoSuchEvent, Node};
use crate::number::{count, counted, percent};

/// What an event is, why its clock is what it is, and how it lies to all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Which event it is, and when.
    pub what: String,
    /// Its clock, worked out.
    pub why: String,
    /// How many events are before it, after it and neither.
    pub around: Vec<String>,
    /// The longest chain that leads to it: how long, and through whom.
    pub chain: String,
    /// The stretches of that chain on one machine each, the first first.
    pub stretches: Vec<Stretch>,
}

/// Events of a chain that follow one another on one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The machine.
    pub machine: u32,
    /// The ticks of its first and last event.
    pub ticks: (u64, u64),
    /// Their clocks.
    pub clocks: (u64, u64),
}

impl History {
    /// Explains an event.
    ///
    /// # Errors
    /// [`NoSuchEvent`], which says what there is around it.
    pub fn explain(&self, name: EventName) -> Result<Explanation, NoSuchEvent> {
        let place = self.find(name)?;
        let chain = self.chain_to(place);
        let stretches = self.stretches(&chain);
        Ok(Explanation {
            what: self.what(place),
            why: self.why(place),
            around: self.around(place),
            chain: format!(
                "The longest chain of causes that leads to it has {}, {}:",
                counted(chain.len() as u64, "event"),
                match stretches.len() {
                    1 => "all on its own machine".to_owned(),
                    more => format!("passed on in {}", counted(more as u64 - 1, "message")),
                },
            ),
            stretches,
        })
    }

    fn what(&self, place: usize) -> String {
        let node = &self.events[place];
        let start = self.events.iter().map(|node| node.record.time()).min();
        let time = node.record.time();
        let seconds = start.map_or(0.0, |start| time.seconds_since(start));
        format!(
            "Machine {}, tick {}: {}, clock {}, at {} ({seconds:.2} s after the first event).",
            self.machine(place),
            count(node.tick()),
            action(&node.record),
            count(node.record.clock()),
            time.clock_time(),
        )
    }

    /// `57 = max(41, 56) + 1, by machine 3's send at tick 40 (stamp 56), which is
    /// 55 + 1.`
    pub(crate) fn why(&self, place: usize) -> String {
        let node = &self.events[place];
        let (clock, before) = (node.record.clock(), node.clock_before);
        let Record::Receive(receive) = &node.record else {
            let from = match node.previous {
                Some(previous) => self.briefly(previous),
                None => "the clock before the first event".to_owned(),
            };
            return format!("{clock} = {before} + 1, one more than {from}.{}", doubt(node));
        };
        let stamp = receive.stamp;
        let by = match node.cause {
            Some(cause) => format!(
                "machine {}'s send at tick {} (stamp {stamp}), which is {} + 1",
                receive.from,
                count(self.events[cause].tick()),
                self.events[cause].clock_before,
            ),
            None => format!(
                "machine {}'s message (stamp {stamp}), whose send is in no log",
                receive.from
            ),
        };
        let who_won = match stamp > before {
            true => format!("by {by}"),
            false => format!("by its own clock; {by}, was not ahead of it"),
        };
        format!("{clock} = max({before}, {stamp}) + 1, {who_won}.{}", doubt(node))
    }

    /// `machine 1's receive from 3 at tick 11`
    fn briefly(&self, place: usize) -> String {
        let node = &self.events[place];
        let (machine, tick) = (self.machine(place), count(node.tick()));
        match &node.record {
            Record::Internal(_) => format!("machine {machine}'s internal event at tick {tick}"),
            record => format!("machine {machine}'s {} at tick {tick}", action(record)),
        }
    }

    fn around(&self, place: usize) -> Vec<String> {
        let past = self.past(place).iter().filter(|&&it| it).count() as u64;
        let future = self.future(place).iter().filter(|&&it| it).count() as u64;
        let others = self.events.len() as u64 - 1;
        let concurrent = others - past - future;
        let line = |part: u64, what: &str| {
            let share = percent(part as f64 / others.max(1) as f64);
            format!("{} {what} ({share}).", counted(part, "event"))
        };
        vec![
            line(past, "happened before it and may have caused it"),
            line(future, "happened after it and may be caused by it"),
            line(
                concurrent,
                "happened neither before nor after it: concurrent, whatever the clocks",
            ),
        ]
    }

    /// Which events happened before the one at `place`.
    pub(crate) fn past(&self, place: usize) -> Vec<bool> {
        let mut is_past = vec![false; self.events.len()];
        for at in (0..=place).rev() {
            if at == place || is_past[at] {
                let node = &self.events[at];
                for parent in node.previous.into_iter().chain(node.cause) {
                    is_past[parent] = true;
                }
            }
        }
        is_past
    }

    /// Which events the one at `place` happened before.
    pub(crate) fn future(&self, place: usize) -> Vec<bool> {
        let mut is_future = vec![false; self.events.len()];
        for at in place + 1..self.events.len() {
            let node = &self.events[at];
            let mut parents = node.previous.into_iter().chain(node.cause);
            is_future[at] = parents.any(|parent| parent == place || is_future[parent]);
        }
        is_future
    }

    /// A way from `first` to `last` along causes, by as few messages as may be; empty if
    /// there is none.
    pub(crate) fn path(&self, first: usize, last: usize) -> Vec<usize> {
        // Of each event, the fewest messages on to `last`, and the event after it there.
        let mut onward = vec![None; last + 1];
        onward[last] = Some((0_u64, last));
        for at in (first..=last).rev() {
            let Some((messages, _)) = onward[at] else { continue };
            let node = &self.events[at];
            let previous = node.previous.map(|parent| (parent, messages));
            let cause = node.cause.map(|parent| (parent, messages + 1));
            for (parent, messages) in previous.into_iter().chain(cause) {
                if onward[parent].is_none_or(|(fewest, _)| messages < fewest) {
                    onward[parent] = Some((messages, at));
                }
            }
        }
        let next = |&at: &usize| onward[at].map(|(_, next)| next).filter(|&next| next != at);
        match onward[first] {
            Some(_) => std::iter::successors(Some(first), next).collect(),
            None => Vec::new(),
        }
    }

    /// The longest chain that ends at `place`, the first event first. Of two as
    /// long, the one that stays on its machine.
    pub(crate) fn chain_to(&self, place: usize) -> Vec<usize> {
        let mut lengths = vec![0_u64; place + 1];
        let longest_parent = |at: usize, lengths: &[u64]| {
            let node = &self.events[at];
            let parents = node.cause.into_iter().chain(node.previous);
            parents.max_by_key(|&parent| lengths[parent])
        };
        for at in 0..=place {
            let parent = longest_parent(at, &lengths);
            lengths[at] = 1 + parent.map_or(0, |parent| lengths[parent]);
        }
        let mut chain: Vec<_> =
            std::iter::successors(Some(place), |&at| longest_parent(at, &lengths)).collect();
        chain.reverse();
        chain
    }

    fn stretches(&self, chain: &[usize]) -> Vec<Stretch> {
        let pieces = chain.chunk_by(|&one, &next| self.events[one].log == self.events[next].log);
        let stretch = |piece: &[usize]| {
            let (first, last) = (piece[0], piece[piece.len() - 1]);
            Stretch {
                machine: self.machine(first),
                ticks: (self.events[first].tick(), self.events[last].tick()),
                clocks: (self.events[first].record.clock(), self.events[last].record.clock()),
            }
        };
        pieces.map(stretch).collect()
    }
}

/// If the clock is not what the rules make it.
fn doubt(node: &Node) -> String {
    let larger = match &node.record {
        Record::Receive(receive) => receive.stamp.max(node.clock_before),
        _ => node.clock_before,
    };
    match larger.checked_add(1) {
        Some(right) if right == node.record.clock() => String::new(),
        _ => " That is wrong: the log breaks the rules here.".to_owned(),
    }
}

pub(crate) fn action(record: &Record) -> String {
    match Action::of(record) {
        None | Some(Action::Internal) => "internal event".to_owned(),
        Some(action) => action.to_string(),
    }
}

/// `machine 3  ticks 1 to 12  clocks 1 to 12`
impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = |what: &str, (first, last): (u64, u64)| match first == last {
            true => format!("{what} {first}"),
            false => format!("{what}s {first} to {last}"),
        };
        let (ticks, clocks) = (range("tick", self.ticks), range("clock", self.clocks));
        write!(f, "machine {}  {ticks:<20}  {clocks}", self.machine)
    }
}

/// All of it, a line each.
impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n", self.what, self.why)?;
        for line in &self.around {
            writeln!(f, "{line}")?;
        }
        write!(f, "\n{}", self.chain)?;
        for stretch in &self.stretches {
            write!(f, "\n  {stretch}")?;
        }
        Ok(())
    }
}
