//! One simulated node: a machine, its log and how far its life is.

use journal::{Manifest, Record};
use machine::draw::Draws;
use machine::{Endpoint, MachineId, Nanos, Pacing, Slots, StampRule, Topology};
use shelf::{Pass, Rest, Shelf, WholeLine, prefetch};

use crate::moment::Moment;
use crate::plan::Plan;
use crate::trouble::Trouble;

/// All processes of a run: of many those that nothing happens to lie packed, and most of
/// them in this room.
pub(crate) type Processes = Shelf<Process, 112>;

/// A node. There may be a million: what most of them never need is kept apart.
#[derive(Debug)]
#[repr(C, align(64))]
pub(crate) struct Process {
    pub(crate) pace: Option<Pace>,
    pub(crate) draws: Draws,
    pub(crate) stage: Stage,
    /// Whether it has ever been started.
    pub(crate) has_lived: bool,
    /// Links in and out that have not been up in its present life.
    pub(crate) unmet: u32,
    /// What keeps it from going on as usual. Most processes never have any.
    pub(crate) trouble: Option<Box<Trouble>>,
    pub(crate) endpoint: Endpoint,
}

/// How far the life of a process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// There is no process: it was killed, or not yet started.
    Dead,
    /// It has never ticked and waits for its links.
    Waiting,
    Ticking,
    /// It waits until its messages have arrived.
    Arriving,
    /// It waits until its peers have closed their links.
    Closing,
    Ended,
}

/// All of them, in the order of their numbers.
const STAGES: [Stage; 6] =
    [Stage::Dead, Stage::Waiting, Stage::Ticking, Stage::Arriving, Stage::Closing, Stage::Ended];

/// What all processes of a run have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mould {
    seed: u64,
    draw_max: u64,
    machines: u32,
    topology: Topology,
    stamp: StampRule,
}

impl Mould {
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let &Manifest { seed, draw_max, machines, topology, stamp, .. } = manifest;
        Self { seed, draw_max, machines, topology: topology.into(), stamp: stamp.into() }
    }

    /// A machine that has no log.
    pub(crate) fn endpoint(&self, id: MachineId) -> Endpoint {
        Endpoint::new(id, self.machines, self.topology, self.stamp)
    }

    /// The draws of a machine.
    pub(crate) fn draws(&self, id: MachineId) -> Draws {
        Draws::new(self.seed, id, self.draw_max)
    }
}

/// The slots of an incarnation.
#[derive(Debug)]
pub(crate) struct Pace {
    pub(crate) began: Moment,
    pub(crate) slots: Slots,
    /// When it last ticked, since it began; once it ticks no more, when that ended.
    pub(crate) ticked: Nanos,
}

impl Pace {
    /// When the next slot is due, or the run ends if that is earlier.
    #[inline]
    pub(crate) fn next(&self) -> Moment {
        self.began.after_nanos(self.slots.next_due().min(self.slots.end()))
    }

    fn blank() -> Self {
        Self { began: Moment::EPOCH, slots: Slots::new(1.0, 0, Pacing::Even, None), ticked: 0 }
    }

    fn pass(&mut self, through: &mut impl Pass) {
        let [began] = through.numbers([self.began.nanos()]);
        self.began = Moment::EPOCH.after_nanos(began);
        self.slots.pass(through);
        self.ticked = through.large_number(self.ticked);
    }

    /// The slot that is due runs `now`. Gives when the machine looks again.
    #[inline]
    pub(crate) fn tick(&mut self, now: Moment) -> Moment {
        self.slots.ticked();
        self.ticked = now.nanos_since(self.began);
        self.next().max(now)
    }
}

impl Process {
    pub(crate) fn new(mould: &Mould, plan: &Plan, id: MachineId) -> Self {
        let trouble = match plan.crashes(id) {
            0 => None,
            crashes => Some(Box::new(Trouble::of_crashes(crashes))),
        };
        Self { trouble, ..Self::untroubled(mould, id) }
    }

    fn untroubled(mould: &Mould, id: MachineId) -> Self {
        Self {
            endpoint: mould.endpoint(id),
            draws: mould.draws(id),
            stage: Stage::Dead,
            has_lived: false,
            pace: None,
            unmet: 0,
            trouble: None,
        }
    }

    /// Its machine.
    #[inline]
    pub(crate) fn id(&self) -> MachineId {
        self.endpoint.id()
    }

    /// The number of its present or coming incarnation.
    pub(crate) fn incarnation(&self) -> u32 {
        self.trouble.as_ref().map_or(1, |trouble| trouble.incarnations.max(1))
    }

    #[inline]
    pub(crate) fn is_paused(&self) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| !trouble.paused_by.is_empty())
    }

    /// Whether something waits that it has yet to look at.
    #[inline]
    pub(crate) fn has_unread(&self) -> bool {
        self.trouble.as_ref().is_some_and(|trouble| !trouble.unread.is_empty())
    }

    /// The crashes that it suffers, by their index.
    #[inline]
    pub(crate) fn downed_by(&self) -> &[usize] {
        self.trouble.as_ref().map_or(&[], |trouble| &trouble.downed_by)
    }

    /// All of its trouble, to be added to.
    pub(crate) fn trouble(&mut self) -> &mut Trouble {
        self.trouble.get_or_insert_default()
    }

    /// Whether it dials its neighbours.
    pub(crate) fn is_dialling(&self) -> bool {
        matches!(self.stage, Stage::Waiting | Stage::Ticking | Stage::Arriving)
    }

    /// Whether there is a process at all.
    pub(crate) fn is_alive(&self) -> bool {
        !matches!(self.stage, Stage::Dead | Stage::Ended)
    }

    /// Writes a record into the log, if it will be needed.
    pub(crate) fn write(&mut self, record: impl FnOnce() -> Record) {
        if let Some(log) = log(&mut self.trouble) {
            log.extend_from_slice(&line(&record()));
        }
    }
}

/// A process in trouble never rests.
impl Rest for Process {
    type Common = Mould;
    type Alignment = WholeLine;

    fn blank(mould: &Mould, index: usize) -> Self {
        Self::untroubled(mould, id_of(index))
    }

    fn renumber(&mut self, index: usize) {
        let id = id_of(index);
        self.draws.renumber(id);
        self.endpoint.renumber(id);
    }

    fn can_rest(&self) -> bool {
        self.trouble.is_none()
    }

    fn pass(&mut self, through: &mut impl Pass) {
        let Self { pace, draws, stage, has_lived, unmet, trouble: _, endpoint } = self;
        let is_paced = pace.is_some();
        let numbers = [*stage as u64, (*has_lived).into(), (*unmet).into(), is_paced.into()];
        let [stands, lived, not_met, is_paced] = through.numbers(numbers);
        (*stage, *has_lived, *unmet) = (STAGES[stands as usize], lived != 0, not_met as u32);
        match is_paced {
            0 => *pace = None,
            _ => pace.get_or_insert_with(Pace::blank).pass(through),
        }
        draws.pass(through);
        endpoint.pass(through);
    }

    /// All that a tick looks at comes from memory together.
    #[inline]
    fn recall(&self) {
        prefetch(&self.pace);
        prefetch(&self.draws);
        prefetch(&self.stage);
        prefetch(self.endpoint.machine());
    }
}

/// The machine of a process, by its index.
#[inline]
pub(crate) fn id_of(index: usize) -> MachineId {
    MachineId::new(index as u32 + 1)
}

/// The process of a machine, by its index.
#[inline]
pub(crate) fn index_of(id: MachineId) -> usize {
    id.get() as usize - 1
}

/// The bytes of the log of a process, as long as a crash is to come.
pub(crate) fn log(trouble: &mut Option<Box<Trouble>>) -> Option<&mut Vec<u8>> {
    trouble.as_mut()?.log.as_mut()
}

/// A line of it.
pub(crate) fn line(record: &Record) -> Vec<u8> {
    (record.to_json() + "\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use journal::Topology;
    use machine::StampRule;

    use super::{Mould, Process, STAGES, id_of};

    #[test]
    fn stages_have_their_numbers() {
        assert!(STAGES.iter().enumerate().all(|(number, &stage)| stage as usize == number));
    }

    /// What a tick looks at lies in these, but for the messages that it sends or receives.
    #[test]
    fn the_lines_that_are_recalled_are_the_first_four() {
        let (seed, draw_max, machines) = (1, 10, 3);
        let topology = Topology::Ring.into();
        let mould = Mould { seed, draw_max, machines, topology, stamp: StampRule::After };
        let process = Process::untroubled(&mould, id_of(0));
        let line = |it: *const u8| (it.addr() - (&raw const process).addr()) / 64;
        let recalled = [
            line((&raw const process.pace).cast()),
            line((&raw const process.draws).cast()),
            line((&raw const process.stage).cast()),
            line(std::ptr::from_ref(process.endpoint.machine()).cast()),
        ];
        assert_eq!(recalled, [0, 1, 2, 3]);
    }
}
