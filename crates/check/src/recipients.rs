//! M6: who a draw sends to.

use journal::{Internal, Send, Start, Topology};

use crate::findings::{At, Findings, Proof};
use crate::rule::Rule;

/// The recipients of a draw: a run of the neighbours of a machine, which are
/// taken in ring order, i+1, i+2, … or, in a ring, i+1 and i-1.
#[derive(Clone, Copy, Debug)]
struct Recipients {
    machine: u64,
    machines: u64,
    topology: Topology,
    first: u64,
    count: u64,
}

impl Recipients {
    /// None if the machine is none of those that there are.
    fn of_draw(start: &Start, draw: u64) -> Option<Self> {
        let (machine, machines) = (u64::from(start.machine), u64::from(start.machines));
        if !(1..=machines).contains(&machine) {
            return None;
        }
        let neighbours = match start.topology {
            Topology::Full => machines - 1,
            Topology::Ring => (machines - 1).min(2),
        };
        let (first, count) = match draw {
            1 => (0, neighbours.min(1)),
            2 if neighbours > 1 => (1, 1),
            2 | 3 => (0, neighbours),
            _ => (0, 0),
        };
        Some(Self { machine, machines, topology: start.topology, first, count })
    }

    fn iter(self) -> impl Iterator<Item = u64> {
        (self.first..self.first + self.count).map(move |neighbour| {
            let ahead = match self.topology {
                Topology::Ring if neighbour == 1 => self.machines - 1,
                _ => neighbour + 1,
            };
            (self.machine - 1 + ahead) % self.machines + 1
        })
    }

    fn are(self, to: &[u32]) -> bool {
        self.count == to.len() as u64 && self.iter().eq(to.iter().map(|&to| u64::from(to)))
    }

    fn described(self) -> String {
        const SHOWN_MAX: usize = 20;
        if self.count == 0 {
            return "no send".to_owned();
        }
        let shown = self.iter().take(SHOWN_MAX).map(|to| to.to_string());
        let more = if self.count > SHOWN_MAX as u64 { ", …" } else { "" };
        format!("a send to {}{more}", shown.collect::<Vec<_>>().join(", "))
    }
}

/// A send, by the terms of its machine's start record.
pub(crate) fn judge_send(at: At<'_>, start: &Start, send: &Send, findings: &mut Findings) {
    let Some(recipients) = Recipients::of_draw(start, send.draw) else {
        return;
    };
    let holds = recipients.are(&send.to) && !send.to.is_empty() && send.to.len() == send.seq.len();
    findings.judge(Rule::M6, holds, || {
        Proof::new(
            [at.into()],
            format!("draw {}: {}", send.draw, recipients.described()),
            found(send),
        )
    });
}

/// An internal event, by the terms of its machine's start record.
pub(crate) fn judge_internal(
    at: At<'_>,
    start: &Start,
    internal: &Internal,
    findings: &mut Findings,
) {
    let Some(recipients) = Recipients::of_draw(start, internal.draw) else {
        return;
    };
    findings.judge(Rule::M6, recipients.count == 0, || {
        Proof::new(
            [at.into()],
            format!("draw {}: {}", internal.draw, recipients.described()),
            "an internal event".to_owned(),
        )
    });
}

/// With how many messages only where that is what is wrong.
fn found(send: &Send) -> String {
    let to = if send.to.is_empty() { "no one".to_owned() } else { machines(&send.to) };
    match send.to.len() == send.seq.len() {
        true => format!("a send to {to}"),
        false => format!("a send to {to} with {} numbers", send.seq.len()),
    }
}

fn machines(to: &[u32]) -> String {
    let to = to.iter().take(20).map(u32::to_string);
    to.collect::<Vec<_>>().join(", ")
}
