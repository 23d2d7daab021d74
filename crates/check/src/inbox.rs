//! Q1 to Q3: the inbox, as its length shows in the log.

use journal::Stop;

use crate::findings::{At, Findings, Place, Proof};
use crate::rule::Rule;

/// What the judge remembers of the inbox of one machine.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    /// Receives over the machine's life.
    received: u64,
    /// Receives of this incarnation.
    received_now: u64,
    /// Receives and queue at the last record of this incarnation: what had
    /// arrived by then.
    arrived: u64,
    last: Option<Place>,
    /// Of all stops the one that claims the most arrivals.
    boldest: Option<Claim>,
    last_stop: Option<Claim>,
}

/// What a stop record says of the inbox.
#[derive(Clone, Copy, Debug)]
struct Claim {
    queue: u64,
    received: u64,
    place: Place,
}

impl Claim {
    fn arrivals(self) -> u128 {
        u128::from(self.queue) + u128::from(self.received)
    }
}

impl Inbox {
    /// An incarnation begins, with an empty inbox.
    pub(crate) fn start(&mut self, at: At<'_>) {
        self.received_now = 0;
        self.arrived = 0;
        self.last = Some(at.place);
    }

    /// An internal event or a send, which happens only if the inbox is empty.
    pub(crate) fn idle(&mut self, at: At<'_>, queue: u64, findings: &mut Findings) {
        findings.judge(Rule::Q1, queue == 0, || {
            Proof::new([at.into()], "queue 0".to_owned(), format!("queue {queue}"))
        });
        self.judge_arrivals(at, queue, findings);
    }

    pub(crate) fn receive(&mut self, at: At<'_>, queue: u64, findings: &mut Findings) {
        self.received += 1;
        self.received_now += 1;
        self.judge_arrivals(at, queue, findings);
    }

    pub(crate) fn stop(&mut self, at: At<'_>, stop: &Stop, findings: &mut Findings) {
        self.judge_arrivals(at, stop.queue, findings);
        let claim = Claim { queue: stop.queue, received: self.received, place: at.place };
        if self.boldest.is_none_or(|boldest| claim.arrivals() > boldest.arrivals()) {
            self.boldest = Some(claim);
        }
        self.last_stop = Some(claim);
    }

    /// Q2, when all logs are consumed. `owed` is what has been sent to this
    /// machine and not received; `settled` whether nothing can be left but what
    /// the inboxes held.
    pub(crate) fn finish(&self, owed: u64, settled: bool, findings: &mut Findings) {
        let (Some(boldest), Some(last)) = (self.boldest, self.last_stop) else {
            return;
        };
        let sent = u128::from(owed) + u128::from(self.received);
        let is_possible = boldest.arrivals() <= sent;
        let holds = is_possible && (!settled || last.queue == owed);
        findings.judge(Rule::Q2, holds, || {
            if is_possible {
                return claim_proof(
                    last,
                    format!("queue {owed}: sent to it, not received, and not in flight"),
                );
            }
            let most = sent.saturating_sub(u128::from(boldest.received));
            claim_proof(boldest, format!("queue at most {most}: sent to it and not received"))
        });
    }

    /// Q3: what has arrived stays arrived.
    fn judge_arrivals(&mut self, at: At<'_>, queue: u64, findings: &mut Findings) {
        let arrived = self.received_now.saturating_add(queue);
        findings.judge(Rule::Q3, arrived >= self.arrived, || {
            Proof::new(
                self.last.map(Into::into).into_iter().chain([at.into()]),
                format!("at least {} received or in the inbox", self.arrived),
                format!("{} received and {queue} in the inbox", self.received_now),
            )
        });
        self.arrived = arrived;
        self.last = Some(at.place);
    }
}

fn claim_proof(claim: Claim, expected: String) -> Proof {
    Proof::new([claim.place.into()], expected, format!("queue {}", claim.queue))
}
