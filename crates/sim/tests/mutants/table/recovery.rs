//! What a killed machine comes back as, broken.

use crate::mutant::Mutant;

const MODEL: &str = "machine/src/model.rs";
const ENDPOINT: &str = "machine/src/endpoint.rs";
const RECOVER: &str = "journal/src/recover.rs";
const INCARNATION: &str = "journal/src/incarnation.rs";
const LIFE: &str = "journal/src/life.rs";
const READER: &str = "journal/src/reader.rs";
const WRITER: &str = "journal/src/writer.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "numbers of a link restart",
        file: MODEL,
        text: "self.inbox.clear();",
        becomes: "self.inbox.clear();
        self.neighbours.iter_mut().for_each(|neighbour| neighbour.seq = 0);",
        caught_by: "panic: messages of a link are numbered without a gap",
        why: "receivers would drop new messages as repeats",
    },
    Mutant {
        name: "tick numbers restart",
        file: MODEL,
        text: "self.inbox.clear();",
        becomes: "self.inbox.clear();
        self.ticks = 0;",
        caught_by: "L1",
        why: "the draws of a life would be used twice",
    },
    Mutant {
        name: "clock one short after recovery",
        file: MODEL,
        text: "self.inbox.clear();",
        becomes: "self.inbox.clear();
        let mut short = LamportClock::new();
        if self.clock.time() > 1 {
            let _ = short.receive(self.clock.time() - 2);
            self.clock = short;
        }",
        caught_by: "L2",
        why: "the first event after a crash would share its number with the last one before it",
    },
    Mutant {
        name: "clock lost in recovery",
        file: MODEL,
        text: "self.inbox.clear();",
        becomes: "self.inbox.clear();
        self.clock = LamportClock::new();",
        caught_by: "L2",
        why: "the clock turns back",
    },
    Mutant {
        name: "the inbox survives a crash",
        file: ENDPOINT,
        text: "self.machine.lose_inbox();",
        becomes: "",
        caught_by: "M1",
        why: "what is in memory is lost; of its placeholders in replay the senders are unknown",
    },
    Mutant {
        name: "a recovered machine begins no incarnation",
        file: RECOVER,
        text: "endpoint.begin_incarnation();",
        becomes: "let _ = &mut endpoint;",
        caught_by: "M1",
        why: "the placeholders of replay would be received as messages",
    },
    Mutant {
        name: "the incarnation stays the same",
        file: INCARNATION,
        text: "incarnation: incarnations + 1,",
        becomes: "incarnation: incarnations,",
        caught_by: "L2",
        why: "connections from before a crash could not be told from new ones",
    },
    Mutant {
        name: "the start record's clock is one short",
        file: INCARNATION,
        text: "incarnations + 1, clock,",
        becomes: "incarnations + 1, clock: clock.saturating_sub(1),",
        caught_by: "L2",
        why: "the log would say that the clock turned back",
    },
    Mutant {
        name: "a slot after a restart at once",
        file: INCARNATION,
        text: "|rate| 1.0 / rate",
        becomes: "|rate| 0.0 / rate",
        caught_by: "L2",
        why: "whoever restarts often would tick faster than its rate",
    },
    Mutant {
        name: "a restart begins the duration anew",
        file: INCARNATION,
        text: "let left = began.after(duration)",
        becomes: "let left = now.after(duration)",
        caught_by: "on time",
        why: "a run ends at one time for all its machines",
    },
    Mutant {
        name: "recovery is a draw behind",
        file: LIFE,
        text: "draws.of_tick(self.endpoint.machine().ticks() + 1)",
        becomes: "draws.of_tick(self.endpoint.machine().ticks().max(1))",
        caught_by: "replay",
        why: "replay must use the draw of each tick",
    },
    Mutant {
        name: "torn tail kept",
        file: RECOVER,
        text: "redrive.lines().offset(),",
        becomes: "redrive.lines().offset() + redrive.lines().torn_line().len() as u64,",
        caught_by: "refusal",
        why: "the next record would be written into the torn one",
    },
    Mutant {
        name: "a torn line taken for a whole one",
        file: READER,
        text: "let is_whole = self.buffer.last()",
        becomes: r#"if self.buffer.last() == Some(&b'}') {
            self.buffer.push(b'\n');
        }
        let is_whole = self.buffer.last()"#,
        caught_by: "torn",
        why: "the record that follows would stand on the same line",
    },
    Mutant {
        name: "the whole log is cut off",
        file: READER,
        text: "self.offset += length;",
        becomes: "",
        caught_by: "refusal",
        why: "a machine would forget its life, and keep its name",
    },
    Mutant {
        name: "torn bytes stay in the file",
        file: WRITER,
        text: "self.overhang = length < self.length;",
        becomes: "self.overhang = false;",
        caught_by: "file",
        why: "the next record would be written into the torn one",
    },
    Mutant {
        name: "a record is written twice",
        file: WRITER,
        text: "self.pending.clear();",
        becomes: "",
        caught_by: "file",
        why: "a log with an event twice does not replay",
    },
];
