//! When machines tick, broken.

use crate::mutant::Mutant;

const SLOTS: &str = "machine/src/slots.rs";

pub(crate) const MUTANTS: &[Mutant] = &[
    Mutant {
        name: "missed slots made up in a burst",
        file: SLOTS,
        text: "self.miss_before(now.saturating_sub(self.lateness_max()));",
        becomes: "",
        caught_by: "T1",
        why: "a stall would be followed by a machine faster than its rate",
    },
    Mutant {
        name: "missed slots not counted",
        file: SLOTS,
        text: "self.missed += first - self.next;",
        becomes: "",
        caught_by: "T2",
        why: "a log could not tell a stall from a wrong rate",
    },
    Mutant {
        name: "what is due at the stop is not missed",
        file: SLOTS,
        text: "self.miss_before(now.saturating_add(1));",
        becomes: "let _ = now;",
        caught_by: "missed",
        why: "shows only when a machine is stopped in a stall",
    },
    Mutant {
        name: "late slots are missed",
        file: SLOTS,
        text: "whole_nanos(0.5 / self.rate).max(LATENESS_MIN)",
        becomes: "0",
        caught_by: "lateness",
        why: "a live machine is always a little late",
    },
    Mutant {
        name: "a fast machine may not be late",
        file: SLOTS,
        text: "whole_nanos(0.5 / self.rate).max(LATENESS_MIN)",
        becomes: "whole_nanos(0.5 / self.rate)",
        caught_by: "lateness",
        why: "schedulers are late by milliseconds, whatever the rate",
    },
    Mutant {
        name: "the end is included",
        file: SLOTS,
        text: "match due < self.end {",
        becomes: "match due <= self.end {",
        caught_by: "on time",
        why: "a slot due at the end belongs to no run; shows with aligned phases",
    },
    Mutant {
        name: "the last slot is left out",
        file: SLOTS,
        text: "self.next_due = self.after_due;",
        becomes: "let is_last = self.due(self.next + 1) >= self.end;
        self.next_due = if is_last { self.end } else { self.after_due };",
        caught_by: "on time",
        why: "a slot is in the run if it is due before the end, however shortly",
    },
    Mutant {
        name: "lateness adds up",
        file: SLOTS,
        text: "let seconds = slot as i64 as f64 / self.rate;",
        becomes: "let seconds = slot as f64 * (1e3 / self.rate).floor() / 1e3;",
        caught_by: "on time",
        why: "a period rounded once is an error that grows with every slot",
    },
    Mutant {
        name: "the phase is ignored",
        file: SLOTS,
        text: "self.phase.saturating_add(after_phase)",
        becomes: "after_phase",
        caught_by: "on time",
        why: "machines of one rate would all tick together",
    },
    Mutant {
        name: "a burst is even",
        file: SLOTS,
        text: "Pacing::Burst => (seconds as u64).saturating_mul(SECOND),",
        becomes: "Pacing::Burst => whole_nanos(seconds),",
        caught_by: "on time",
        why: "the two would show the same",
    },
];
