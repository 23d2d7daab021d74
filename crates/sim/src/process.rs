//! One simulated node: a machine, its log and how far its life is.

use std::hint::black_box;

use journal::{Manifest, Record};
use machine::draw::Draws;
use machine::{Endpoint, MachineId, Nanos, Slots};

use crate::moment::Moment;
use crate::plan::Plan;
use crate::trouble::Trouble;

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

    /// The slot that is due runs `now`. Gives when the machine looks again.
    #[inline]
    pub(crate) fn tick(&mut self, now: Moment) -> Moment {
        self.slots.ticked();
        self.ticked = now.nanos_since(self.began);
        self.next().max(now)
    }
}

impl Process {
    pub(crate) fn new(plan: &Plan, id: MachineId) -> Self {
        Self {
            endpoint: fresh(&plan.manifest, id),
            draws: draws(&plan.manifest, id),
            stage: Stage::Dead,
            has_lived: false,
            pace: None,
            unmet: 0,
            trouble: match plan.crashes(id) {
                0 => None,
                crashes => Some(Box::new(Trouble::of_crashes(crashes))),
            },
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

    /// Looks at what a tick will look at. Many processes are more than a cache holds: so
    /// all of it comes from memory together, and while another one ticks.
    #[inline]
    pub(crate) fn recall(&self) {
        let began = self.pace.as_ref().map(|pace| pace.began);
        black_box((self.stage, began, self.endpoint.id(), self.endpoint.machine().ticks()));
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

/// The bytes of the log of a process, as long as a crash is to come.
pub(crate) fn log(trouble: &mut Option<Box<Trouble>>) -> Option<&mut Vec<u8>> {
    trouble.as_mut()?.log.as_mut()
}

/// A line of it.
pub(crate) fn line(record: &Record) -> Vec<u8> {
    (record.to_json() + "\n").into_bytes()
}

/// A machine that has no log.
pub(crate) fn fresh(manifest: &Manifest, id: MachineId) -> Endpoint {
    Endpoint::new(id, manifest.machines, manifest.topology.into(), manifest.stamp.into())
}

/// The draws of a machine.
pub(crate) fn draws(manifest: &Manifest, id: MachineId) -> Draws {
    Draws::new(manifest.seed, id, manifest.draw_max)
}
