//! One simulated node: a machine, its log and how far its life is.

use std::collections::VecDeque;

use journal::{Manifest, Record, Start, Stop, Time};
use machine::draw::Draws;
use machine::{Endpoint, MachineId, Nanos, Slots};

use crate::agenda::Entry;
use crate::moment::Moment;
use crate::plan::Plan;

/// A node.
#[derive(Debug)]
pub(crate) struct Process {
    pub(crate) id: MachineId,
    /// Its links out are these and on, in the order of its neighbours.
    pub(crate) first_link: usize,
    pub(crate) endpoint: Endpoint,
    pub(crate) draws: Draws,
    pub(crate) stage: Stage,
    /// How often it was started.
    pub(crate) life: u32,
    /// The start record of its present or coming incarnation.
    pub(crate) start: Start,
    /// The time of its first start record.
    pub(crate) run_began: Option<Time>,
    pub(crate) pace: Option<Pace>,
    /// What its stop record will say, but for what is still to come.
    pub(crate) stop: Option<Stop>,
    /// Links in and out that have not been up in its present life.
    pub(crate) unmet: usize,
    /// The crashes that it suffers, by their index: while it is alive, those that
    /// strike in its next write; then those that keep it dead.
    pub(crate) downed_by: Vec<usize>,
    /// The pauses that hold it, by their index.
    pub(crate) paused_by: Vec<usize>,
    /// What it has yet to look at, because it is paused or its inbox is full.
    pub(crate) unread: VecDeque<Entry>,
    /// The bytes of its log, as long as a crash is to come.
    pub(crate) log: Option<Vec<u8>>,
    /// The crashes that are to come.
    pub(crate) crashes_left: usize,
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
    /// When it ends, since it began.
    pub(crate) end: Nanos,
    /// When the last tick was, since it began.
    pub(crate) ticked: Nanos,
}

impl Process {
    pub(crate) fn new(plan: &Plan, id: MachineId, first_link: usize) -> Self {
        let crashes_left = plan.crashes(id);
        Self {
            id,
            first_link,
            endpoint: fresh(&plan.manifest, id),
            draws: draws(&plan.manifest, id),
            stage: Stage::Dead,
            life: 0,
            start: plan.start(id),
            run_began: None,
            pace: None,
            stop: None,
            unmet: 0,
            downed_by: Vec::new(),
            paused_by: Vec::new(),
            unread: VecDeque::new(),
            log: (crashes_left > 0).then(Vec::new),
            crashes_left,
        }
    }

    pub(crate) fn is_paused(&self) -> bool {
        !self.paused_by.is_empty()
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
        if let Some(log) = &mut self.log {
            log.extend_from_slice(record().to_json().as_bytes());
            log.push(b'\n');
        }
    }
}

/// A machine that has no log.
pub(crate) fn fresh(manifest: &Manifest, id: MachineId) -> Endpoint {
    Endpoint::new(id, manifest.machines, manifest.topology.into(), manifest.stamp.into())
}

/// The draws of a machine.
pub(crate) fn draws(manifest: &Manifest, id: MachineId) -> Draws {
    Draws::new(manifest.seed, id, manifest.draw_max)
}
