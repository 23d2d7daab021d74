//! Clocks that are kept wrongly: mistakes that people make when they write
//! Lamport's two rules down for the first time.

use check::Rule::{C1, C2, C3, C4, C5, L2, M1};
use journal::StampRule;

use crate::corruption::{Corruption, Edit, GOOD, RESTARTED};
use crate::implementation::{Implementation, Now, RIGHT, Sending};
use crate::records::starts;
use crate::run::{Files, Logs, parse, write};

pub(crate) const CORRUPTIONS: &[Corruption] = &[
    Corruption {
        name: "01-receive-without-max",
        what: "A receive sets the clock to the stamp + 1, even if the clock was ahead.",
        from: GOOD,
        edit: Edit::Records(receive_without_max),
        finds: &[C2, C3, C5],
    },
    Corruption {
        name: "02-receive-ignores-the-stamp",
        what: "A receive adds 1 and does not look at the stamp.",
        from: GOOD,
        edit: Edit::Records(receive_ignores_the_stamp),
        finds: &[C2, C4, C5],
    },
    Corruption {
        name: "03-receive-without-plus-one",
        what: "A receive takes the maximum and forgets to add 1.",
        from: GOOD,
        edit: Edit::Records(receive_without_plus_one),
        finds: &[C2, C3, C4, C5],
    },
    Corruption {
        name: "04-internal-events-do-not-count",
        what: "An internal event leaves the clock as it is.",
        from: GOOD,
        edit: Edit::Records(internal_events_do_not_count),
        finds: &[C1, C3, C5],
    },
    Corruption {
        name: "05-sends-do-not-count",
        what: "A send leaves the clock as it is.",
        from: GOOD,
        edit: Edit::Records(sends_do_not_count),
        finds: &[C1, C3, C5],
    },
    Corruption {
        name: "06-stamp-before-the-increment",
        what: "Messages carry the clock from before the send, as `--stamp before` does.",
        from: GOOD,
        edit: Edit::Files(stamp_before_the_increment),
        finds: &[C4, C5],
    },
    Corruption {
        name: "07-stamp-before-the-increment-unsaid",
        what: "The same, but the start records say that stamps are from after the send.",
        from: GOOD,
        edit: Edit::Records(stamp_before_the_increment_unsaid),
        finds: &[M1, C4, C5],
    },
    Corruption {
        name: "08-one-increment-per-recipient",
        what: "A send to two machines adds 2 to the clock and stamps each message differently.",
        from: GOOD,
        edit: Edit::Records(one_increment_per_recipient),
        finds: &[C1, C4, C5, M1],
    },
    Corruption {
        name: "09-clocks-do-not-begin-at-0",
        what: "Each machine begins with its clock at 100 times its number.",
        from: GOOD,
        edit: Edit::Records(clocks_do_not_begin_at_0),
        finds: &[L2, C5],
    },
    Corruption {
        name: "10-system-time-for-a-clock",
        what: "The clock is the system time in milliseconds since the run began.",
        from: GOOD,
        edit: Edit::Records(system_time_for_a_clock),
        finds: &[C1, C2, C5],
    },
    Corruption {
        name: "11-clock-reset-by-a-restart",
        what: "Machine 3 is killed and begins again with its clock at 0.",
        from: RESTARTED,
        edit: Edit::Records(clock_reset_by_a_restart),
        finds: &[L2, C3, C5],
    },
];

fn receive_without_max(logs: &mut Logs) {
    Implementation { receive: |_, stamp| stamp + 1, ..RIGHT }.retell(logs);
}

fn receive_ignores_the_stamp(logs: &mut Logs) {
    Implementation { receive: |now, _| now.clock + 1, ..RIGHT }.retell(logs);
}

fn receive_without_plus_one(logs: &mut Logs) {
    Implementation { receive: |now, stamp| now.clock.max(stamp), ..RIGHT }.retell(logs);
}

fn internal_events_do_not_count(logs: &mut Logs) {
    Implementation { internal: |now| now.clock, ..RIGHT }.retell(logs);
}

fn sends_do_not_count(logs: &mut Logs) {
    Implementation { send: |now, _| now.clock, ..RIGHT }.retell(logs);
}

fn stamp_before_the_increment(files: &mut Files) {
    let manifest = files.get_mut("run.toml").unwrap();
    *manifest = manifest.replace("stamp = \"after\"", "stamp = \"before\"");
    let mut logs = parse(files);
    for start in logs.0.values_mut().flat_map(starts) {
        start.stamp = StampRule::Before;
    }
    stamp_before_the_increment_unsaid(&mut logs);
    write(&logs, files);
}

fn stamp_before_the_increment_unsaid(logs: &mut Logs) {
    Implementation { stamp: |sending| sending.before, ..RIGHT }.retell(logs);
}

fn one_increment_per_recipient(logs: &mut Logs) {
    let send = |now: Now, recipients| now.clock + recipients;
    let stamp = |sending: Sending| sending.before + 1 + sending.recipient;
    Implementation { send, stamp, ..RIGHT }.retell(logs);
}

fn clocks_do_not_begin_at_0(logs: &mut Logs) {
    Implementation { start: |_, machine| 100 * u64::from(machine), ..RIGHT }.retell(logs);
}

fn system_time_for_a_clock(logs: &mut Logs) {
    Implementation {
        internal: |now| now.millis,
        send: |now, _| now.millis,
        receive: |now, _| now.millis,
        ..RIGHT
    }
    .retell(logs);
}

fn clock_reset_by_a_restart(logs: &mut Logs) {
    Implementation { start: |_, _| 0, ..RIGHT }.retell(logs);
}
