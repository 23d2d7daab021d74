//! C1 to C5: the clocks (Lamport, "Time, Clocks, and the Ordering of Events in a
//! Distributed System", CACM 21(7), 1978).
//!
//! C1 to C4 hold each clock against the logged ones it came from. C5 asks
//! differently: it follows the message graph and never looks at a stamp, so that
//! a wrong stamp that sender and receiver agree on does not pass. None of this
//! shares code with the clocks that it judges.

use journal::Receive;

use crate::findings::{At, Findings, Place, Proof, Sight};
use crate::link::Sent;
use crate::rule::Rule;

/// What the judge remembers of the clock of one machine.
#[derive(Debug, Default)]
pub(crate) struct Clocks {
    /// As the last record says, be it an event or not.
    clock: u64,
    /// As the last event says.
    event: u64,
    /// The length of the longest causal chain that ends in the last event; the
    /// event's clock if that was wrong.
    chain: u64,
    last: Option<Place>,
}

impl Clocks {
    /// The clock that the log stands at.
    pub(crate) fn event(&self) -> u64 {
        self.event
    }

    /// The last record.
    pub(crate) fn last(&self) -> Option<Place> {
        self.last
    }

    /// A record that is no event: an incarnation goes on from its clock.
    pub(crate) fn resume(&mut self, at: At<'_>) {
        self.clock = at.record.clock();
        self.last = Some(at.place);
    }

    /// An internal event or a send.
    pub(crate) fn local_event(&mut self, at: At<'_>, findings: &mut Findings) {
        let clock = at.record.clock();
        findings.judge(Rule::C1, self.clock.checked_add(1) == Some(clock), || {
            let expected = format!("clock {} + 1 = {}", self.clock, next(self.clock));
            self.proof(at, None, expected)
        });
        self.judge_growth(at, findings);
        self.judge_chain(at, None, findings);
        self.go_on(at);
    }

    /// A receive; `sent` is its send, if that is known and no later event.
    pub(crate) fn receive(
        &mut self,
        at: At<'_>,
        receive: &Receive,
        sent: Option<Arrow>,
        findings: &mut Findings,
    ) {
        let larger = self.clock.max(receive.stamp);
        let holds = larger.checked_add(1) == Some(receive.clock);
        findings.judge(Rule::C2, holds, || {
            let (clock, stamp) = (self.clock, receive.stamp);
            let expected = format!("clock max({clock}, {stamp}) + 1 = {}", next(larger));
            self.proof(at, None, expected)
        });
        self.judge_growth(at, findings);
        if let Some(arrow) = sent {
            judge_arrow((arrow.place, arrow.sent.clock), (at, receive.clock), findings);
            self.judge_chain(at, Some(arrow), findings);
        }
        self.go_on(at);
    }

    fn judge_growth(&self, at: At<'_>, findings: &mut Findings) {
        findings.judge(Rule::C3, at.record.clock() > self.event, || {
            self.proof(at, None, format!("clock above {}", self.event))
        });
    }

    fn judge_chain(&self, at: At<'_>, arrow: Option<Arrow>, findings: &mut Findings) {
        let before = self.chain.max(arrow.map_or(0, |arrow| arrow.sent.clock));
        let holds = before.checked_add(1) == Some(at.record.clock());
        findings.judge(Rule::C5, holds, || {
            let expected = format!("clock {}, the length of the chain", next(before));
            self.proof(at, arrow, expected)
        });
    }

    fn go_on(&mut self, at: At<'_>) {
        self.clock = at.record.clock();
        self.event = self.clock;
        self.chain = self.clock;
        self.last = Some(at.place);
    }

    fn proof(&self, at: At<'_>, arrow: Option<Arrow>, expected: String) -> Proof {
        let causes = arrow.map(|arrow| arrow.place).into_iter().chain(self.last);
        let witnesses = causes.map(Into::into).chain([at.into()]);
        Proof::new(witnesses, expected, format!("clock {}", at.record.clock()))
    }
}

/// A message's arrow in the space-time diagram, from its send.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arrow {
    pub(crate) place: Place,
    pub(crate) sent: Sent,
}

/// C4, between a send and its receive, each with its clock.
pub(crate) fn judge_arrow(
    sent: (impl Into<Sight>, u64),
    received: (impl Into<Sight>, u64),
    findings: &mut Findings,
) {
    findings.judge(Rule::C4, sent.1 < received.1, || {
        Proof::new(
            [sent.0.into(), received.0.into()],
            format!("C(receive) above C(send) = {}", sent.1),
            format!("C(receive) = {}", received.1),
        )
    });
}

/// `clock` + 1 in words that have room for the top of u64.
fn next(clock: u64) -> u128 {
    u128::from(clock) + 1
}
