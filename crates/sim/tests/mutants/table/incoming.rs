//! The receiver's end of a link, broken.

use crate::mutant::Mutant;

const LINK: &str = "machine/src/link.rs";
const ENDPOINT: &str = "machine/src/endpoint.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "acknowledged before it is logged",
        file: LINK,
        text: "self.received = seq;",
        becomes: "self.received = seq;
        self.progress.logged = seq;",
        caught_by: "write-ahead",
        why: "the sender would forget a message whose receipt a crash undoes",
    },
    Mutant {
        name: "receipts are never committed",
        file: ENDPOINT,
        text: "touched.received.clone().for_each(|link| self.links[link].incoming.commit());",
        becomes: "",
        caught_by: "committed",
        why: "senders could forget nothing, and would stop at last",
    },
    Mutant {
        name: "no dedup",
        file: ENDPOINT,
        text: "if !self.links[link].incoming.arrive(message.seq)? {",
        becomes: "if self.links[link].incoming.arrive(message.seq).is_err() {",
        caught_by: "M2",
        why: "a message sent again would be received again",
    },
    Mutant {
        name: "a repeated message counts",
        file: LINK,
        text: "let is_new = seq == expected;",
        becomes: "let is_new = seq <= expected;",
        caught_by: "M2",
        why: "the next one would be taken for a repeat",
    },
    Mutant {
        name: "a gap accepted",
        file: LINK,
        text: "return Err(LinkFault::Gap { seq, expected });",
        becomes: "self.progress.arrived = seq;
            return Ok(true);",
        caught_by: "M4",
        why: "a lost frame would be a lost message",
    },
    Mutant {
        name: "a gap taken for a repeat",
        file: LINK,
        text: "if seq > expected {",
        becomes: "if false {",
        caught_by: "gap",
        why: "the connection must be closed, so that the next one brings what is missing; here the sender finds out by its patience alone",
    },
    Mutant {
        name: "expects what is logged after a reconnect",
        file: LINK,
        text: "Ok(self.progress)",
        becomes: "self.progress.arrived = self.progress.logged;
        Ok(self.progress)",
        caught_by: "M2",
        why: "what lies in the inbox would come again",
    },
    Mutant {
        name: "a stale incarnation accepted",
        file: LINK,
        text: "if incarnation < self.incarnation {",
        becomes: "if false {",
        caught_by: "stale",
        why: "a connection from before a crash would replace the one from after it",
    },
    Mutant {
        name: "the same incarnation refused",
        file: LINK,
        text: "if incarnation < self.incarnation {",
        becomes: "if incarnation <= self.incarnation {",
        caught_by: "arrived",
        why: "a lost connection could never be replaced",
    },
    Mutant {
        name: "a restart counts as nothing logged",
        file: LINK,
        text: "self.commit();
        self.progress.arrived = self.progress.logged;",
        becomes: "self.progress.arrived = self.progress.logged;",
        caught_by: "refusal",
        why: "senders have forgotten what was logged",
    },
    Mutant {
        name: "a restart counts as nothing arrived",
        file: LINK,
        text: "self.progress.arrived = self.progress.logged;",
        becomes: "",
        caught_by: "refusal",
        why: "what is logged has arrived",
    },
    Mutant {
        name: "a stamp from nowhere accepted",
        file: ENDPOINT,
        text: "if stamp > clock.saturating_add(STAMP_LEAD_MAX) {",
        becomes: "if false {",
        caught_by: "stamp",
        why: "one bad machine would take all clocks near their end",
    },
];
