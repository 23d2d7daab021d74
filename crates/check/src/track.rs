//! What the judge remembers of one machine while its log goes by, and the rules
//! that look at one machine only.

use journal::{Internal, Receive, Send, StampRule, Start, Stop};

use crate::agreement::{Agreement, Known, Standing};
use crate::clocks::{Arrow, Clocks};
use crate::draws::Draws;
use crate::findings::{At, Findings};
use crate::inbox::Inbox;
use crate::life::Life;
use crate::recipients;
use crate::timing::Timing;

/// One machine.
#[derive(Debug)]
pub(crate) struct Track {
    /// Its number, by the name of its log.
    pub(crate) machine: u32,
    pub(crate) life: Life,
    pub(crate) inbox: Inbox,
    pub(crate) draws: Draws,
    /// Its last start record.
    pub(crate) start: Option<Known>,
    clocks: Clocks,
    timing: Timing,
}

impl Track {
    pub(crate) fn new(machine: u32) -> Self {
        Self {
            machine,
            life: Life::default(),
            inbox: Inbox::default(),
            draws: Draws::default(),
            start: None,
            clocks: Clocks::default(),
            timing: Timing::default(),
        }
    }

    /// The stamp that the messages of a send at `clock` carry.
    pub(crate) fn stamp(&self, clock: u64) -> u64 {
        match self.start.as_ref().map(|known| known.start.stamp) {
            Some(StampRule::Before) => clock.saturating_sub(1),
            Some(StampRule::After) | None => clock,
        }
    }

    pub(crate) fn start(
        &mut self,
        at: At<'_>,
        start: &Start,
        agreement: &mut Agreement,
        findings: &mut Findings,
    ) {
        self.life.start(at, findings);
        let standing = Standing {
            machine: self.machine,
            clock: self.clocks.event(),
            last: self.clocks.last(),
            before: self.start.as_ref(),
        };
        agreement.judge(at, start, standing, findings);
        self.draws.start(at, start, agreement.phase(), findings);
        self.clocks.resume(at);
        self.inbox.start(at);
        self.timing.start(at, start);
        self.start = Some(Known { place: at.place, start: start.clone() });
    }

    pub(crate) fn internal(&mut self, at: At<'_>, internal: &Internal, findings: &mut Findings) {
        self.tick(at, internal.tick, findings);
        self.draws.draw(at, internal.tick, internal.draw, findings);
        if let Some(known) = &self.start {
            recipients::judge_internal(at, &known.start, internal, findings);
        }
        self.clocks.local_event(at, findings);
        self.inbox.idle(at, internal.queue, findings);
    }

    /// A send, its messages apart.
    pub(crate) fn send(&mut self, at: At<'_>, send: &Send, findings: &mut Findings) {
        self.tick(at, send.tick, findings);
        self.draws.draw(at, send.tick, send.draw, findings);
        if let Some(known) = &self.start {
            recipients::judge_send(at, &known.start, send, findings);
        }
        self.clocks.local_event(at, findings);
        self.inbox.idle(at, send.queue, findings);
    }

    /// The tick of a receive.
    pub(crate) fn tick(&mut self, at: At<'_>, tick: u64, findings: &mut Findings) {
        self.life.tick(at, tick, findings);
        self.timing.tick(at, findings);
    }

    /// A receive, its tick and its link apart; `arrow` is its message, if its
    /// send is known.
    pub(crate) fn receive(
        &mut self,
        at: At<'_>,
        receive: &Receive,
        arrow: Option<Arrow>,
        findings: &mut Findings,
    ) {
        self.clocks.receive(at, receive, arrow, findings);
        self.inbox.receive(at, receive.queue, findings);
    }

    pub(crate) fn stop(&mut self, at: At<'_>, stop: &Stop, findings: &mut Findings) {
        self.life.stop(at, stop, findings);
        self.clocks.resume(at);
        self.inbox.stop(at, stop, findings);
        self.timing.stop(at, stop, findings);
    }
}
