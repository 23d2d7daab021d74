//! L1: the records of one log follow one another as a life does.

use journal::Stop;

use crate::findings::{At, Findings, Place, Proof};
use crate::rule::Rule;

/// How far the life of one machine has got.
#[derive(Debug, Default)]
pub(crate) struct Life {
    state: State,
    /// The number of the last tick, 0 before the first.
    tick: u64,
    /// The clock of the last record.
    clock: u64,
    last: Option<Place>,
    incarnations: u64,
    /// What the last record, a stop, said of its own messages under way.
    in_flight: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Unborn,
    Running,
    Stopped,
}

impl Life {
    /// Whether the last record was a stop.
    pub(crate) fn is_stopped(&self) -> bool {
        self.state == State::Stopped
    }

    /// Whether it lived once, and stopped with nothing under way.
    pub(crate) fn settled_at_once(&self) -> bool {
        self.incarnations == 1 && self.is_stopped() && self.in_flight == Some(0)
    }

    /// A start may come at any time: after nothing, a stop or a crash.
    pub(crate) fn start(&mut self, at: At<'_>, findings: &mut Findings) {
        findings.held(Rule::L1);
        self.incarnations += 1;
        self.go_on(at);
    }

    pub(crate) fn tick(&mut self, at: At<'_>, tick: u64, findings: &mut Findings) {
        self.judge_running(at, findings);
        findings.judge(Rule::L1, self.tick.checked_add(1) == Some(tick), || {
            let expected = format!("tick {}", u128::from(self.tick) + 1);
            self.proof(at, expected, format!("tick {tick}"))
        });
        self.tick = tick;
        self.go_on(at);
    }

    /// A stop repeats where the machine got to.
    pub(crate) fn stop(&mut self, at: At<'_>, stop: &Stop, findings: &mut Findings) {
        self.judge_running(at, findings);
        let holds = stop.ticks == self.tick && stop.clock == self.clock;
        findings.judge(Rule::L1, holds, || {
            self.proof(
                at,
                format!("a stop after tick {} at clock {}", self.tick, self.clock),
                format!("one after tick {} at clock {}", stop.ticks, stop.clock),
            )
        });
        self.tick = stop.ticks;
        self.go_on(at);
        self.state = State::Stopped;
        self.in_flight = Some(stop.in_flight);
    }

    fn judge_running(&mut self, at: At<'_>, findings: &mut Findings) {
        if self.state == State::Running {
            return;
        }
        findings.judge(Rule::L1, false, || {
            let found = match self.state {
                State::Stopped => "something else after a stop",
                _ => "a log that begins with something else",
            };
            self.proof(at, "a start".to_owned(), found.to_owned())
        });
        // Said once: what follows is judged as if it had been there.
        self.state = State::Running;
    }

    fn go_on(&mut self, at: At<'_>) {
        self.state = State::Running;
        self.clock = at.record.clock();
        self.last = Some(at.place);
    }

    fn proof(&self, at: At<'_>, expected: String, found: String) -> Proof {
        let witnesses = self.last.map(Into::into).into_iter().chain([at.into()]);
        Proof::new(witnesses, expected, found)
    }
}
