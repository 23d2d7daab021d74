//! M1 to M5: every message that is received was sent, once, and in its turn.

use std::collections::BTreeMap;

use journal::Receive;

use crate::clocks::{Arrow, judge_arrow};
use crate::findings::{At, Findings, Place, Proof, Sight};
use crate::link::{Early, Gap, Link, Overtaker, Receipt, Sent};
use crate::roster::Roster;
use crate::rule::Rule;
use crate::verdict::Tallies;
use crate::violation::WITNESSES_MAX;

/// The links to one machine, by sender. A machine has few, and a tree of up to
/// eleven is one array, so that this costs no more than a list.
type Inbound = BTreeMap<u32, Box<Link>>;

/// The links among all machines.
#[derive(Debug, Default)]
pub(crate) struct Messages {
    /// To each machine that has a log, by its position.
    to_known: Vec<Inbound>,
    /// To machines that have none, by number.
    to_others: BTreeMap<u32, Inbound>,
    repeated: u64,
}

/// What is known of the send of a message that is received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The judge has consumed it.
    Seen,
    /// There is none: the sender's log was consumed to its end, or there is no
    /// such machine.
    Nowhere,
    /// It may be in a log, or a part of one, that cannot be read.
    Unreadable,
    /// It must come later, if at all: the machines wait for each other in a ring.
    Later,
}

impl Messages {
    pub(crate) fn new(roster: &Roster) -> Self {
        let mut to_known = Vec::new();
        to_known.resize_with(roster.len(), Inbound::new);
        Self { to_known, ..Self::default() }
    }

    /// Whether the judge can tell what a receive of `seq` is.
    pub(crate) fn knows(&self, to: usize, from: u32, seq: u64) -> bool {
        let link = self.to_known[to].get(&from);
        link.is_some_and(|link| link.knows(seq))
    }

    /// One message of a send. Gives its receive, if that was consumed before.
    pub(crate) fn send(
        &mut self,
        at: At<'_>,
        (from, to): (u32, u32),
        to_position: Option<usize>,
        message: Sent,
        findings: &mut Findings,
    ) -> Option<Place> {
        let inbound = match to_position {
            Some(position) => &mut self.to_known[position],
            None => self.to_others.entry(to).or_default(),
        };
        let link = inbound.entry(from).or_default();
        let (last, seq) = (link.last_sent, message.seq);
        findings.judge(Rule::M4, last.checked_add(1) == Some(seq), || {
            Proof::new(
                [at.into()],
                format!("message {} from machine {from} to machine {to}", u128::from(last) + 1),
                format!("message {seq}"),
            )
        });
        let early = link.send(message)?;
        judge_stamp(at, message, early.place, early.stamp, findings);
        judge_arrow((at, message.clock), (early.place, early.clock), findings);
        findings.held(Rule::M7);
        Some(early.place)
    }

    /// A receive. Gives its send, if that has been consumed.
    pub(crate) fn receive(
        &mut self,
        at: At<'_>,
        (sender, to): (Option<usize>, usize),
        receive: &Receive,
        origin: Origin,
        findings: &mut Findings,
    ) -> Option<Arrow> {
        let link = self.to_known[to].entry(receive.from).or_default();
        if origin == Origin::Nowhere {
            link.receive_unsent();
            findings.judge(Rule::M1, false, || nowhere(receive, at));
            return None;
        }
        let by = Overtaker { place: at.place, moment: findings.now() };
        let receipt = link.receive(receive.seq, by);
        self.repeated += u64::from(matches!(receipt, Receipt::Repeated));
        let sent = judge_receipt(receipt, receive, at, findings);
        if origin == Origin::Later {
            findings.held(Rule::M1);
            let early = Early {
                place: at.place,
                moment: findings.now(),
                stamp: receive.stamp,
                clock: receive.clock,
            };
            link.expect_send(receive.seq, early);
        }
        let place = Place { log: sender?, line: sent?.line };
        let sent = sent?;
        judge_stamp(place, sent, at, receive.stamp, findings);
        findings.held(Rule::M7);
        Some(Arrow { place, sent })
    }

    /// What the links still owe the machine at `position`.
    pub(crate) fn owed(&self, position: usize) -> u64 {
        self.to_known[position].values().map(|link| link.owed()).sum()
    }

    /// All logs are consumed: judges what only their ends can tell. `is_whole`
    /// says whether the log of a machine was consumed to its end.
    pub(crate) fn finish(
        &self,
        roster: &Roster,
        is_whole: impl Fn(u32) -> bool,
        findings: &mut Findings,
        tallies: &mut Tallies,
    ) {
        let known = self.to_known.iter().enumerate();
        let known = known.map(|(position, inbound)| (roster.machine(position), inbound));
        let others = self.to_others.iter().map(|(&to, inbound)| (to, inbound));
        for (to, inbound) in known.chain(others) {
            for (&from, link) in inbound {
                let whole = is_whole(from);
                if whole {
                    judge_totals(link, from, to, findings);
                }
                let lost = judge_gaps(link, (from, to), roster.position(from), whole, findings);
                tallies.sent += link.sent;
                tallies.received += link.received;
                tallies.queued += link.owed() - lost;
                tallies.lost += lost;
            }
        }
        tallies.repeated = self.repeated;
    }
}

/// M2 and M5, and M4 of what is received. Gives the send.
fn judge_receipt(
    receipt: Receipt,
    receive: &Receive,
    at: At<'_>,
    findings: &mut Findings,
) -> Option<Sent> {
    let (seq, from) = (receive.seq, receive.from);
    findings.judge(Rule::M2, !matches!(receipt, Receipt::Repeated), || {
        Proof::new(
            [at.into()],
            format!("one receive of message {seq} from machine {from}"),
            "another receive of it".to_owned(),
        )
    });
    match receipt {
        Receipt::Repeated => None,
        Receipt::InOrder(sent) => {
            findings.held(Rule::M4);
            findings.held(Rule::M5);
            sent
        }
        Receipt::Late(sent, by) => {
            findings.held(Rule::M4);
            findings.judge(Rule::M5, false, || {
                Proof::new(
                    [by.place.into(), at.into()],
                    format!("message {seq} from machine {from} before any later one"),
                    format!("message {seq} after a later one"),
                )
            });
            sent
        }
    }
}

/// M1 for a receive whose send is known by link and number.
fn judge_stamp(
    send: impl Into<Sight>,
    sent: Sent,
    receive: impl Into<Sight>,
    stamp: u64,
    findings: &mut Findings,
) {
    findings.judge(Rule::M1, sent.stamp == stamp, || {
        Proof::new(
            [send.into(), receive.into()],
            format!("message {} with stamp {}", sent.seq, sent.stamp),
            format!("message {} with stamp {stamp}", sent.seq),
        )
    });
}

fn nowhere(receive: &Receive, at: At<'_>) -> Proof {
    let Receive { seq, from, stamp, .. } = receive;
    Proof::new(
        [at.into()],
        format!("a send of message {seq} by machine {from}, with stamp {stamp}"),
        "no such send".to_owned(),
    )
}

/// M1 for the receives that waited to the end for their sends, and M3.
fn judge_totals(link: &Link, from: u32, to: u32, findings: &mut Findings) {
    for (seq, early) in link.unsent() {
        findings.violated_at(early.moment, Rule::M1, || {
            Proof::new(
                [early.place.into()],
                format!("a send of message {seq} by machine {from}"),
                "no such send".to_owned(),
            )
        });
    }
    let (sent, received) = (link.sent, link.received);
    findings.judge(Rule::M3, received <= sent, || {
        Proof::new(
            [],
            format!("at most {sent} receives by machine {to} from machine {from}"),
            format!("{received} receives"),
        )
    });
}

/// M4 for the messages that were overtaken for good. Gives how many of them were
/// lost. A gap in what was received says nothing new if it is one in what was
/// sent.
fn judge_gaps(
    link: &Link,
    (from, to): (u32, u32),
    sender: Option<usize>,
    sends_are_known: bool,
    findings: &mut Findings,
) -> u64 {
    let mut lost = 0;
    for gap in link.gaps() {
        let count = link.lost(gap).count() as u64;
        lost += count;
        if count > 0 || !sends_are_known {
            findings
                .violated_at(gap.by.moment, Rule::M4, || lost_proof(link, gap, from, to, sender));
        }
    }
    lost
}

fn lost_proof(link: &Link, gap: &Gap, from: u32, to: u32, sender: Option<usize>) -> Proof {
    let sends = sender.into_iter().flat_map(|log| {
        let sends = link.lost(gap).take(WITNESSES_MAX - 1);
        sends.map(move |sent| Place { log, line: sent.line })
    });
    let messages = match (gap.first, gap.last) {
        (first, last) if first == last => format!("message {first}"),
        (first, last) => format!("messages {first} to {last}"),
    };
    Proof::new(
        sends.chain([gap.by.place]).map(Into::into),
        format!("{messages} from machine {from} received by machine {to} before later ones"),
        "later ones received, but not what lies before them".to_owned(),
    )
}
