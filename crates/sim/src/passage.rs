//! The way that frames take from one machine to another.

use machine::MachineId;

use crate::agenda::Frame;
use crate::dice::Dice;
use crate::link::Links;
use crate::moment::Moment;
use crate::network::Conditions;
use crate::plan::Plan;
use crate::process::id_of;
use crate::tally::{Effect, Tally};

/// Those of all links.
#[derive(Debug)]
pub(crate) struct Passages {
    /// None for any link where there is nothing to say of one.
    of: Vec<Option<Box<Passage>>>,
}

impl Passages {
    pub(crate) fn new(plan: &Plan, links: &Links) -> Self {
        let passage = |link| {
            let (from, to) = links.ends(link);
            Passage::of(plan, id_of(from), id_of(to))
        };
        let mut of: Vec<_> = (0..links.len()).map(passage).collect();
        if of.iter().all(Option::is_none) {
            of = Vec::new();
        }
        Self { of }
    }

    /// Whether frames arrive in the instant in which they are sent on all links, and no
    /// connection can be lost.
    pub(crate) fn is_none(&self) -> bool {
        self.of.is_empty()
    }

    /// That of a link; none where frames arrive in the instant in which they are sent, and
    /// no connection can be lost.
    #[inline]
    pub(crate) fn get(&mut self, link: usize) -> Option<&mut Passage> {
        self.of.get_mut(link)?.as_deref_mut()
    }
}

/// The network from one machine to another: it carries what the one sends on its
/// link, and what it answers on the link from the other. And what the sender keeps in
/// mind because it may carry nothing.
#[derive(Debug)]
pub(crate) struct Passage {
    conditions: Conditions,
    /// None where chance has no part.
    dice: Option<Dice>,
    /// The cuts that are on it now, by their index.
    pub(crate) cuts: Vec<usize>,
    /// When the last frame on the present connection of the link arrives.
    last_frame: Moment,
    /// When the last answer on that of the link from the other arrives.
    last_answer: Moment,
    /// When the sender last was answered, or began to wait for an answer.
    pub(crate) heard: Moment,
    /// Whether it will look whether it is answered.
    pub(crate) is_watching: bool,
    /// The last message ever transmitted.
    transmitted: u64,
}

impl Passage {
    /// The one from a machine to another, if there is anything to say of it.
    fn of(plan: &Plan, from: MachineId, to: MachineId) -> Option<Box<Self>> {
        let conditions = plan.network.conditions(from, to);
        if conditions == Conditions::default() && !plan.may_lose_connections() {
            return None;
        }
        let seed = plan.manifest.seed;
        let dice = conditions.are_random().then(|| Dice::of_direction(seed, from, to));
        Some(Box::new(Self {
            conditions,
            dice,
            cuts: Vec::new(),
            last_frame: Moment::EPOCH,
            last_answer: Moment::EPOCH,
            heard: Moment::EPOCH,
            is_watching: false,
            transmitted: 0,
        }))
    }

    /// The sender opens a new connection, and begins to wait for an answer.
    pub(crate) fn begin_connection(&mut self, now: Moment) {
        self.last_frame = Moment::EPOCH;
        self.heard = now;
        self.is_watching = false;
    }

    /// The machine answers on a new connection from the other.
    pub(crate) fn begin_answers(&mut self) {
        self.last_answer = Moment::EPOCH;
    }

    /// Message `seq` is transmitted; true if it has been before.
    pub(crate) fn transmits_again(&mut self, seq: u64) -> bool {
        let again = seq <= self.transmitted;
        self.transmitted = self.transmitted.max(seq);
        again
    }

    /// Carries a frame that is sent now, not to arrive before an earlier one of its
    /// connection. Gives when it arrives, and how often.
    pub(crate) fn carry(&mut self, frame: Frame, now: Moment, tally: &mut Tally) -> (Moment, u32) {
        for &cut in &self.cuts {
            if let (_, Effect::Cut { frames, .. }) = &mut tally.faults[cut] {
                *frames += 1;
            }
        }
        if !self.cuts.is_empty() {
            return (now, 0);
        }
        let Conditions { loss, duplicate, latency } = &self.conditions;
        let (latency, copies) = match &mut self.dice {
            None => (machine::nanos(latency.mean()), 1),
            Some(dice) => {
                let is_lost = dice.happens(*loss);
                let is_doubled = dice.happens(*duplicate);
                let latency = latency.draw(dice);
                tally.lost += u64::from(is_lost);
                tally.duplicated += u64::from(is_doubled && !is_lost);
                (latency, if is_lost { 0 } else { 1 + u32::from(is_doubled) })
            }
        };
        let last = match frame.is_forward() {
            true => &mut self.last_frame,
            false => &mut self.last_answer,
        };
        let arrival = now.after_nanos(latency).max(*last);
        if copies > 0 {
            *last = arrival;
        }
        (arrival, copies)
    }
}
