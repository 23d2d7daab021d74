//! One direction between two machines: what befalls a frame that travels there.
//! No IO, and no time but lengths of it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use machine::MachineId;
use sim::{Conditions, Dice};
use tokio::sync::watch;
use wire::Frame;

/// A connection ends in the middle of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// The kind of the frame.
    pub kind: &'static str,
    /// How many of its bytes still arrive.
    pub bytes: usize,
}

/// What befalls a frame.
#[derive(Debug)]
pub(crate) enum Fate {
    /// It arrives so long from now, if nothing earlier is still under way then.
    Arrives(Duration),
    /// A cut swallows it, which ends when this says.
    Taken(Mend),
    /// It is lost, and its connection with it.
    Lost,
    /// A part of it arrives, and then its connection ends.
    Broken(Break),
}

/// A direction. Both links between the two machines use it: the one's messages and
/// the other's acknowledgements travel the same way.
#[derive(Debug)]
pub(crate) struct Way {
    state: Mutex<State>,
    /// How often a cut has ended here.
    mends: watch::Sender<u64>,
}

#[derive(Debug)]
struct State {
    conditions: Conditions,
    dice: Dice,
    /// The faults that cut it now.
    cuts: Vec<usize>,
    /// The frames that each fault took.
    taken: BTreeMap<usize, u64>,
    break_at: Option<Break>,
}

impl Way {
    /// The way `from` one machine `to` another, its chances drawn from `seed` as
    /// those of virtual time are.
    pub(crate) fn new(conditions: Conditions, seed: u64, from: MachineId, to: MachineId) -> Self {
        let state = State {
            conditions,
            dice: Dice::of_direction(seed, from, to),
            cuts: Vec::new(),
            taken: BTreeMap::new(),
            break_at: None,
        };
        Self { state: Mutex::new(state), mends: watch::Sender::new(0) }
    }

    /// What befalls `frame`, which is sent now.
    pub(crate) fn fate(&self, frame: &Frame) -> Fate {
        let mut state = self.state();
        let State { conditions, dice, cuts, taken, break_at } = &mut *state;
        if !cuts.is_empty() {
            cuts.iter().for_each(|cut| *taken.entry(*cut).or_default() += 1);
            return Fate::Taken(Mend::of(&self.mends));
        }
        if let Some(at) = break_at.filter(|at| at.kind == frame.kind()) {
            return Fate::Broken(at);
        }
        match dice.happens(conditions.loss) {
            true => Fate::Lost,
            false => Fate::Arrives(Duration::from_nanos(conditions.latency.draw(dice))),
        }
    }

    pub(crate) fn cut(&self, fault: usize) {
        self.state().cuts.push(fault);
    }

    pub(crate) fn mend(&self, fault: usize) {
        let mut state = self.state();
        let was_cut = !state.cuts.is_empty();
        state.cuts.retain(|cut| *cut != fault);
        if was_cut && state.cuts.is_empty() {
            self.mends.send_modify(|mends| *mends += 1);
        }
    }

    /// If the way is cut: what to wait for until it no longer is.
    pub(crate) fn cut_now(&self) -> Option<Mend> {
        let state = self.state();
        (!state.cuts.is_empty()).then(|| Mend::of(&self.mends))
    }

    pub(crate) fn is_cut_by(&self, fault: usize) -> bool {
        self.state().cuts.contains(&fault)
    }

    pub(crate) fn taken(&self, fault: usize) -> u64 {
        self.state().taken.get(&fault).copied().unwrap_or_default()
    }

    pub(crate) fn break_at(&self, at: Break) {
        self.state().break_at = Some(at);
    }

    /// A connection has ended as it was to.
    pub(crate) fn broken(&self, at: Break) {
        self.state().break_at.take_if(|next| *next == at);
    }

    pub(crate) fn is_breaking(&self) -> bool {
        self.state().break_at.is_some()
    }

    /// A panic elsewhere leaves counters and lists as good as they were.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of a cut, to be waited for.
#[derive(Debug)]
pub(crate) struct Mend {
    mends: watch::Receiver<u64>,
    before: u64,
}

impl Mend {
    /// The next one. Whoever asks keeps cuts from changing meanwhile.
    fn of(mends: &watch::Sender<u64>) -> Self {
        let mends = mends.subscribe();
        let before = *mends.borrow();
        Self { mends, before }
    }

    /// Waits for it. If the way is gone, so is the proxy.
    pub(crate) async fn mended(&mut self) {
        let _ = self.mends.wait_for(|mends| *mends > self.before).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use machine::MachineId;
    use sim::{Network, On, Probability};
    use wire::Frame;

    use super::{Break, Fate, Way};

    const MESSAGE: Frame = Frame::Message { seq: 1, stamp: 1 };

    fn way(network: &Network) -> Way {
        let (from, to) = (MachineId::new(1), MachineId::new(2));
        Way::new(network.conditions(from, to), 5, from, to)
    }

    fn on_all<T>(what: T) -> Vec<On<T>> {
        vec![On { links: sim::Links::All, what }]
    }

    fn arrives_at_once(way: &Way, frame: &Frame) -> bool {
        matches!(way.fate(frame), Fate::Arrives(Duration::ZERO))
    }

    fn is_taken(way: &Way, frame: &Frame) -> bool {
        matches!(way.fate(frame), Fate::Taken(_))
    }

    #[test]
    fn a_perfect_way_delays_nothing() {
        assert!(arrives_at_once(&way(&Network::default()), &MESSAGE));
    }

    #[test]
    fn every_cut_counts_what_it_takes_until_the_last_ends() {
        let way = way(&Network::default());
        way.cut(0);
        assert!(is_taken(&way, &MESSAGE));
        way.cut(1);
        assert!(is_taken(&way, &Frame::Heartbeat));
        way.mend(0);
        assert!(way.cut_now().is_some());
        assert!(is_taken(&way, &MESSAGE));
        way.mend(1);
        assert!(way.cut_now().is_none());
        assert!(arrives_at_once(&way, &MESSAGE));
        assert_eq!((way.taken(0), way.taken(1), way.taken(2)), (2, 2, 0));
    }

    #[test]
    fn a_break_strikes_frames_of_its_kind_until_it_is_done() {
        let way = way(&Network::default());
        let at = Break { kind: "Message", bytes: 3 };
        way.break_at(at);
        assert!(arrives_at_once(&way, &Frame::Heartbeat));
        assert!(matches!(way.fate(&MESSAGE), Fate::Broken(Break { bytes: 3, .. })));
        assert!(way.is_breaking(), "the connection may be lost before it is done");
        way.broken(at);
        assert!(!way.is_breaking());
        assert!(arrives_at_once(&way, &MESSAGE));
    }

    #[test]
    fn chance_loses_as_many_as_it_is_told_and_delays_the_others() {
        let network = Network {
            loss: on_all(Probability::new(0.25).unwrap()),
            latency: on_all("uniform:1ms..3ms".parse().unwrap()),
            ..Network::default()
        };
        let way = way(&network);
        let fates: Vec<_> = (0..1000).map(|_| way.fate(&MESSAGE)).collect();
        let lost = fates.iter().filter(|fate| matches!(fate, Fate::Lost)).count();
        assert!((200..300).contains(&lost), "{lost}");
        for fate in fates {
            if let Fate::Arrives(after) = fate {
                assert!((1..=3).contains(&after.as_millis()), "{after:?}");
            }
        }
    }
}
