//! M7: happened-before has no cycle.
//!
//! Where machines wait for each other in a ring, each for a message that is not
//! sent yet, either their histories form a cycle or some of these messages were
//! never sent, which is another rule's business. Which of the two shows only when
//! the judge has let one of them go on.

use crate::findings::{Findings, Moment, Place, Proof};
use crate::rule::Rule;

/// The most rings that are kept in mind at once. In a good run there is none.
const OPEN_MAX: usize = 64;

/// The rings of receives whose sends have not all been seen.
#[derive(Debug, Default)]
pub(crate) struct Cycles {
    open: Vec<Ring>,
}

#[derive(Debug)]
struct Ring {
    moment: Moment,
    members: Vec<Member>,
}

/// A receive whose send is by the next machine of the ring, and comes there
/// after the receive of that machine if it comes at all.
#[derive(Debug)]
struct Member {
    receive: Place,
    send: Option<Place>,
}

impl Cycles {
    /// The machines of these receives wait for each other, each for the next.
    pub(crate) fn suspect(&mut self, receives: impl Iterator<Item = Place>, moment: Moment) {
        if self.open.len() < OPEN_MAX {
            let members = receives.map(|receive| Member { receive, send: None });
            self.open.push(Ring { moment, members: members.collect() });
        }
    }

    /// The send of `receive` is found, or it is clear that there is none.
    pub(crate) fn settle(&mut self, receive: Place, send: Option<Place>, findings: &mut Findings) {
        self.open.retain_mut(|ring| {
            let mut members = ring.members.iter_mut();
            let Some(member) = members.find(|member| member.receive == receive) else {
                return true;
            };
            member.send = send;
            if send.is_some() && ring.is_closed() {
                findings.violated_at(ring.moment, Rule::M7, || ring.proof());
            }
            send.is_some() && !ring.is_closed()
        });
    }
}

impl Ring {
    fn is_closed(&self) -> bool {
        self.members.iter().all(|member| member.send.is_some())
    }

    fn proof(&self) -> Proof {
        let count = self.members.len();
        let events = self.members.iter().flat_map(|member| {
            let send = member.send.map(Into::into);
            [member.receive.into()].into_iter().chain(send)
        });
        Proof::new(
            events,
            match count {
                1 => "a send before its receive".to_owned(),
                _ => format!("one of these {count} messages sent before another is received"),
            },
            match count {
                1 => "a machine that receives its own message, and sends it later".to_owned(),
                _ => "each sent only after its sender had received another".to_owned(),
            },
        )
    }
}
