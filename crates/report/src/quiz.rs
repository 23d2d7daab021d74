//! Questions about a run, with their answers: what a clock becomes, and what
//! happened before what.
//!
//! The answers come from the rules (Lamport 1978, section "Logical Clocks", IR1 and
//! IR2) and from the graph of causes. An event whose logged clock breaks the rules is
//! not asked about.

mod clock;
mod order;

use std::fmt;

use crate::history::History;

/// A question, what is right, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// What is asked.
    pub ask: String,
    /// What is right.
    pub answer: Answer,
    /// Why.
    pub why: String,
}

/// An answer to a question of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// What the clock is.
    Clock(u64),
    /// How the first of two events lies to the second.
    Order(Order),
}

/// How one event lies to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// It happened before the other.
    Before,
    /// The other happened before it.
    After,
    /// Neither.
    Concurrent,
}

impl Answer {
    /// Reads an answer to the same question as this one.
    ///
    /// # Errors
    /// What would be an answer, as a sentence.
    pub fn parse(self, text: &str) -> Result<Self, &'static str> {
        let text = text.trim().to_lowercase();
        match self {
            Self::Clock(_) => text
                .replace(',', "")
                .parse()
                .map(Self::Clock)
                .map_err(|_| "Say a number, as 57; or q to stop."),
            Self::Order(_) => [Order::Before, Order::After, Order::Concurrent]
                .into_iter()
                .find(|order| !text.is_empty() && order.to_string().starts_with(&text))
                .map(Self::Order)
                .ok_or("Say before, after or concurrent (b, a or c); or q to stop."),
        }
    }
}

/// `57`, `before`
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clock(clock) => write!(f, "{clock}"),
            Self::Order(order) => write!(f, "{order}"),
        }
    }
}

impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Before => "before",
            Self::After => "after",
            Self::Concurrent => "concurrent",
        })
    }
}

impl History {
    /// Up to `count` questions about this run, easy ones first, none of them twice.
    /// `pick` chooses one of so many. There are fewer if the run has no more to ask.
    #[must_use]
    pub fn quiz(&self, count: usize, mut pick: impl FnMut(usize) -> usize) -> Vec<Question> {
        let mut clocks = clock::Kinds::of(self);
        let mut orders = order::Pairs::default();
        let mut questions = Vec::new();
        while questions.len() < count {
            // Every third question is about order.
            let clock = |clocks: &mut clock::Kinds<'_>, pick: &mut _| clocks.ask(pick);
            let order = |orders: &mut order::Pairs, pick: &mut _| orders.ask(self, pick);
            let question = match questions.len() % 3 {
                2 => order(&mut orders, &mut pick).or_else(|| clock(&mut clocks, &mut pick)),
                _ => clock(&mut clocks, &mut pick).or_else(|| order(&mut orders, &mut pick)),
            };
            match question {
                Some(question) => questions.push(question),
                None => break,
            }
        }
        questions
    }
}
