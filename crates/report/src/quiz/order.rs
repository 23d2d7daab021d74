//! Which of two events happened before the other, if either did?

use std::collections::BTreeSet;

use super::{Answer, Order, Question};
use crate::explain::action;
use crate::history::History;
use crate::number::count;

/// How many events with the nearest clocks are chosen among: those far apart are
/// told at a glance.
const NEAREST: usize = 10;

/// Events that are tried in search of one with a partner.
const TRIES_MAX: usize = 50;

/// The pairs asked about.
#[derive(Default)]
pub(super) struct Pairs {
    asked: BTreeSet<(usize, usize)>,
    turn: usize,
}

impl Pairs {
    /// A question about a pair, in the order whose turn it is if there is such a pair.
    pub(super) fn ask(
        &mut self,
        history: &History,
        pick: &mut impl FnMut(usize) -> usize,
    ) -> Option<Question> {
        const TURNS: [Order; 3] = [Order::Concurrent, Order::Before, Order::After];
        for turn in 0..TURNS.len() {
            let wanted = TURNS[(self.turn + turn) % TURNS.len()];
            for _ in 0..TRIES_MAX.min(history.events.len()) {
                let one = pick(history.events.len());
                let partners = self.partners(history, one, wanted);
                if partners.is_empty() {
                    continue;
                }
                let other = partners[pick(partners.len())];
                self.asked.insert((one.min(other), one.max(other)));
                self.turn += turn + 1;
                return Some(question(history, one, other, wanted));
            }
        }
        None
    }

    /// Events of other machines to which `one` lies as `wanted`, those with the nearest
    /// clocks.
    fn partners(&self, history: &History, one: usize, wanted: Order) -> Vec<usize> {
        let (past, future) = (history.past(one), history.future(one));
        let order = |other: usize| match (past[other], future[other]) {
            (true, _) => Order::After,
            (_, true) => Order::Before,
            _ => Order::Concurrent,
        };
        let clock = |place: usize| history.events[place].record.clock();
        let mut partners: Vec<_> = (0..history.events.len())
            .filter(|&other| history.events[other].log != history.events[one].log)
            .filter(|&other| order(other) == wanted)
            .filter(|&other| !self.asked.contains(&(one.min(other), one.max(other))))
            .collect();
        partners.sort_by_key(|&other| (clock(other).abs_diff(clock(one)), other));
        partners.truncate(NEAREST);
        partners
    }
}

fn question(history: &History, one: usize, other: usize, order: Order) -> Question {
    let why = match order {
        Order::Before => led(history, one, other),
        Order::After => led(history, other, one),
        Order::Concurrent => apart(history, one, other),
    };
    Question {
        ask: format!(
            "Two events: {}; and {}. Did the first happen before the second, after it, or are they \
             concurrent?",
            told(history, one),
            told(history, other)
        ),
        answer: Answer::Order(order),
        why,
    }
}

/// `machine 1's tick 12 (receive from 3, clock 57)`
fn told(history: &History, place: usize) -> String {
    let node = &history.events[place];
    format!(
        "machine {}'s tick {} ({}, clock {})",
        history.machine(place),
        count(node.tick()),
        action(&node.record),
        node.record.clock()
    )
}

/// By which messages the `first` event is known to the `last`.
fn led(history: &History, first: usize, last: usize) -> String {
    let messages: Vec<_> = history
        .path(first, last)
        .windows(2)
        .filter(|step| history.events[step[0]].log != history.events[step[1]].log)
        .map(|step| {
            let at = |place: usize| {
                format!(
                    "{} at tick {}",
                    history.machine(place),
                    count(history.events[place].tick())
                )
            };
            format!("from machine {} to machine {}", at(step[0]), at(step[1]))
        })
        .collect();
    let (kind, verb) = match messages.len() {
        1 => ("A message", "leads"),
        _ => ("Messages", "lead"),
    };
    format!("{kind} {verb} from the one to the other: {}.", messages.join(", then "))
}

/// What each of two concurrent events knows of the other's machine.
fn apart(history: &History, one: usize, other: usize) -> String {
    let knows = |place: usize, of: usize| {
        let past = history.past(place);
        let log = history.events[of].log;
        let known = history.of_machine[log].iter().rev().find(|&&event| past[event]);
        let what = match known {
            Some(&event) => format!("up to tick {}", count(history.events[event].tick())),
            None => "nothing".to_owned(),
        };
        let (knower, known) = (history.machine(place), history.machine(of));
        format!("machine {knower} knew {what} of machine {known}")
    };
    format!(
        "No chain of messages leads from either to the other: there, {}, and {}. Which clock is \
         larger says nothing about that.",
        knows(one, other),
        knows(other, one)
    )
}
