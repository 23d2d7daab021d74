//! The Lamport clock, broken.

use crate::mutant::Mutant;

const LAMPORT: &str = "clock/src/lamport.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "no max: the stamp alone counts",
        file: LAMPORT,
        text: "if stamp > self.time { stamp } else { self.time }",
        becomes: "stamp",
        caught_by: "C2",
        why: "a late message with an old stamp turns the clock back",
    },
    Mutant {
        name: "no max: the stamp is ignored",
        file: LAMPORT,
        text: "if stamp > self.time { stamp } else { self.time }",
        becomes: "{
            let _ = stamp;
            self.time
        }",
        caught_by: "C2",
        why: "a receive may be no later than its send: the clock condition is gone",
    },
    Mutant {
        name: "no + 1 on a receive",
        file: LAMPORT,
        text: "self.advance_past(if stamp > self.time { stamp } else { self.time })",
        becomes: "{
            self.time = if stamp > self.time { stamp } else { self.time };
            Ok(self.time)
        }",
        caught_by: "C2",
        why: "send and receive get the same number",
    },
    Mutant {
        name: "no + 1 on an event",
        file: LAMPORT,
        text: "self.advance_past(self.time)",
        becomes: "Ok(self.time)",
        caught_by: "C1",
        why: "successive events get the same number: IR1",
    },
    Mutant {
        name: "+ 2 instead of + 1",
        file: LAMPORT,
        text: "time.checked_add(1)",
        becomes: "time.checked_add(2)",
        caught_by: "C1",
        why: "clocks are longer than the causal chains that they measure",
    },
    Mutant {
        name: "a clock wraps",
        file: LAMPORT,
        text: "match time.checked_add(1)",
        becomes: "match Some(time.wrapping_add(1))",
        caught_by: "overflow",
        why: "after the largest value the clock would begin again at 0",
    },
    Mutant {
        name: "a clock sticks to its end",
        file: LAMPORT,
        text: "match time.checked_add(1)",
        becomes: "match Some(time.saturating_add(1))",
        caught_by: "overflow",
        why: "at the largest value events would share a number",
    },
];
