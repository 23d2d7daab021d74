//! One tick of the machine, broken: inbox, instructions, recipients.

use crate::mutant::Mutant;

const MODEL: &str = "machine/src/model.rs";
const ENDPOINT: &str = "machine/src/endpoint.rs";
const TOPOLOGY: &str = "machine/src/topology.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "stamped before the increment",
        file: MODEL,
        text: "StampRule::After => after,",
        becomes: "StampRule::After => before,",
        caught_by: "M1",
        why: "the common misreading: C(receive) <= C(send) becomes possible",
    },
    Mutant {
        name: "the clock moves on arrival",
        file: MODEL,
        text: "self.inbox.push_back(message);",
        becomes: "let _ = self.clock.receive(message.stamp);
        self.inbox.push_back(message);",
        caught_by: "C2",
        why: "a message is received when a tick takes it, not when it comes in",
    },
    Mutant {
        name: "two increments for a send to all",
        file: MODEL,
        text: "let after = self.clock.event()?;",
        becomes: "let mut after = self.clock.event()?;
                if draw == 3 {
                    after = self.clock.event()?;
                }",
        caught_by: "C1",
        why: "draw 3 is one event, however many it goes to",
    },
    Mutant {
        name: "different stamps for one event",
        file: ENDPOINT,
        text: "link.outgoing.push(recipient.seq, stamp);",
        becomes: "link.outgoing.push(recipient.seq, stamp + u64::from(recipient.to < self.id));",
        caught_by: "M1",
        why: "every message of an event carries the clock of that event",
    },
    Mutant {
        name: "draw 3 sends to the first only",
        file: MODEL,
        text: "2 | 3 => 0..neighbours,",
        becomes: "2 => 0..neighbours,
        3 => 0..1,",
        caught_by: "M6",
        why: "a quarter of all messages would be missing",
    },
    Mutant {
        name: "draw 2 sends to the first",
        file: MODEL,
        text: "2 if neighbours > 1 => 1..2,",
        becomes: "2 if neighbours > 1 => 0..1,",
        caught_by: "M6",
        why: "one neighbour would get what two should share",
    },
    Mutant {
        name: "draw 2 of one neighbour is internal",
        file: MODEL,
        text: "2 | 3 => 0..neighbours,",
        becomes: "3 => 0..neighbours,",
        caught_by: "M6",
        why: "shows with two machines only",
    },
    Mutant {
        name: "neighbours in the wrong order",
        file: TOPOLOGY,
        text: "_ => position as u32 + 1,",
        becomes: "_ => machines - 1 - position as u32,",
        caught_by: "M6",
        why: "draws 1 and 2 count by the order of the ring",
    },
    Mutant {
        name: "a ring's neighbours in the wrong order",
        file: TOPOLOGY,
        text: "Self::Ring if position == 1 => machines - 1,",
        becomes: "Self::Ring if position == 0 => machines - 1,
            Self::Ring => 1,",
        caught_by: "M6",
        why: "shows in the topology ring only",
    },
    Mutant {
        name: "the newest message is received first",
        file: MODEL,
        text: "self.inbox.push_back(message);",
        becomes: "self.inbox.push_front(message);",
        caught_by: "M5",
        why: "a link delivers in the order of sending",
    },
    Mutant {
        name: "a tick takes two messages",
        file: MODEL,
        text: "self.inbox.pop_front();",
        becomes: "self.inbox.pop_front();
                self.inbox.pop_front();",
        caught_by: "M4",
        why: "one tick is one instruction; here a message is lost by it",
    },
    Mutant {
        name: "a received message stays",
        file: MODEL,
        text: "self.inbox.pop_front();",
        becomes: "",
        caught_by: "M2",
        why: "it is received again and again",
    },
    Mutant {
        name: "a draw of 1 goes before the inbox",
        file: MODEL,
        text: "match self.inbox.front() {",
        becomes: "match self.inbox.front().filter(|_| draw != 1) {",
        caught_by: "Q1",
        why: "only an empty inbox lets a machine look at its draw",
    },
    Mutant {
        name: "queue logged before the dequeue",
        file: MODEL,
        text: "queue: self.inbox.len() as u64,",
        becomes: "queue: self.inbox.len() as u64 + u64::from(matches!(event, Event::Receive(_))),",
        caught_by: "Q3",
        why: "every queue figure of a report would be one too long",
    },
    Mutant {
        name: "a receive takes no tick number",
        file: MODEL,
        text: "self.ticks = tick;",
        becomes: "if !matches!(event, Event::Receive(_)) {
            self.ticks = tick;
        }",
        caught_by: "L1",
        why: "draws belong to tick numbers, so these must have no repeats",
    },
    Mutant {
        name: "a number of a link is left out",
        file: MODEL,
        text: "recipient.seq += 1",
        becomes: "recipient.seq += 2",
        caught_by: "panic: messages of a link are numbered without a gap",
        why: "the receiver would wait for it for ever",
    },
    Mutant {
        name: "pushed to another's link",
        file: ENDPOINT,
        text: "let links = addressed(draw, self.links.len());",
        becomes: "let links = addressed(draw.max(3), self.links.len());",
        caught_by: "panic: messages of a link are numbered without a gap",
        why: "each neighbour has a link of its own",
    },
];
