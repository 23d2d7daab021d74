//! Machines that misreport their inbox, tick too often or too seldom, lose count
//! of their ticks, or start as what they are not.

use std::time::Duration;

use check::Rule::{C1, C5, L1, L2, L3, Q1, Q2, Q3, S2, T1, T2};
use journal::{Record, Time};

use crate::corruption::{Corruption, Edit, GOOD, RESTARTED};
use crate::records::{internal, place, receives, starts, stop, tick, time};
use crate::run::{Files, Logs};

pub(crate) const CORRUPTIONS: &[Corruption] = &[
    Corruption {
        name: "22-busy-machine-does-something-else",
        what: "Machine 2 does an internal event although a message waits in its inbox.",
        from: GOOD,
        edit: Edit::Records(busy_machine_does_something_else),
        finds: &[Q1],
    },
    Corruption {
        name: "23-queue-counts-one-too-many",
        what: "Machine 1 stops with one message more in its inbox than were sent to it.",
        from: GOOD,
        edit: Edit::Records(queue_counts_one_too_many),
        finds: &[Q2],
    },
    Corruption {
        name: "24-queue-before-the-dequeue",
        what: "A receive logs the length of the queue from before it took the message off.",
        from: GOOD,
        edit: Edit::Records(queue_before_the_dequeue),
        finds: &[Q3],
    },
    Corruption {
        name: "25-burst-after-a-stall",
        what: "Machine 3 stalls for 2 seconds and then makes up for the 12 ticks it missed.",
        from: GOOD,
        edit: Edit::Records(burst_after_a_stall),
        finds: &[T1],
    },
    Corruption {
        name: "26-sleep-that-drifts",
        what: "Machine 3 sleeps a sixth of a second after each tick, and its work comes on top.",
        from: GOOD,
        edit: Edit::Records(sleep_that_drifts),
        finds: &[T2],
    },
    Corruption {
        name: "27-line-gone",
        what: "A line is missing from the log of machine 3.",
        from: GOOD,
        edit: Edit::Records(line_gone),
        finds: &[L1, C1, C5],
    },
    Corruption {
        name: "28-missed-slot-counted-as-a-tick",
        what: "Machine 3 skips a tick number, as if a slot that it missed had been a tick.",
        from: GOOD,
        edit: Edit::Records(missed_slot_counted_as_a_tick),
        finds: &[L1, S2],
    },
    Corruption {
        name: "29-ticks-counted-anew-after-a-restart",
        what: "Machine 3 is killed and counts its ticks from 1 again.",
        from: RESTARTED,
        edit: Edit::Records(ticks_counted_anew_after_a_restart),
        finds: &[L1, S2],
    },
    Corruption {
        name: "30-event-after-the-stop",
        what: "Machine 1 logs its stop while a last receive is still under way.",
        from: GOOD,
        edit: Edit::Records(event_after_the_stop),
        finds: &[L1, L3],
    },
    Corruption {
        name: "31-restart-not-counted",
        what: "Machine 3 is killed and says that it is in its first incarnation again.",
        from: RESTARTED,
        edit: Edit::Records(restart_not_counted),
        finds: &[L2],
    },
    Corruption {
        name: "32-restart-buys-a-tick",
        what: "Machine 3 is killed and ticks at once instead of waiting for a full period.",
        from: RESTARTED,
        edit: Edit::Records(restart_buys_a_tick),
        finds: &[L2],
    },
    Corruption {
        name: "33-run-toml-says-otherwise",
        what: "In run.toml the rate of machine 3 is 5; it ticked 6 times a second and says so.",
        from: GOOD,
        edit: Edit::Files(run_toml_says_otherwise),
        finds: &[L2],
    },
];

fn busy_machine_does_something_else(logs: &mut Logs) {
    internal(&mut logs[2], 8).queue = 1;
}

fn queue_counts_one_too_many(logs: &mut Logs) {
    stop(&mut logs[1]).queue += 1;
}

fn queue_before_the_dequeue(logs: &mut Logs) {
    for receive in logs.0.values_mut().flat_map(receives) {
        receive.queue += 1;
    }
}

fn burst_after_a_stall(logs: &mut Logs) {
    let log = &mut logs[3];
    let (first, after) = (place(log, 20), place(log, 32));
    let due = log[after].time();
    for (place, left) in (first..after).zip((1..=12).rev()) {
        *time(&mut log[place]) = Time::from_micros(due.as_micros() - left * 1000);
    }
}

/// 10 ms of work on each sixth of a second: 6 % longer.
fn sleep_that_drifts(logs: &mut Logs) {
    let log = &mut logs[3];
    let began = log[0].time();
    for record in log {
        let due = record.time().seconds_since(began);
        *time(record) = began.after(Duration::from_secs_f64(due * 1.06));
    }
}

fn line_gone(logs: &mut Logs) {
    let gone = place(&logs[3], 34);
    logs[3].remove(gone);
}

fn missed_slot_counted_as_a_tick(logs: &mut Logs) {
    let after = place(&logs[3], 31);
    logs[3][after..].iter_mut().filter_map(tick).for_each(|tick| *tick += 1);
}

fn ticks_counted_anew_after_a_restart(logs: &mut Logs) {
    let log = &mut logs[3];
    let restart = log.iter().rposition(|record| matches!(record, Record::Start(_))).unwrap();
    let ticks = log[restart - 1].tick().unwrap();
    log[restart..].iter_mut().filter_map(tick).for_each(|tick| *tick -= ticks);
}

/// The stop says what was true when it was written: a tick less, a message more.
fn event_after_the_stop(logs: &mut Logs) {
    let log = &mut logs[1];
    let last = log.len() - 2;
    let before = log[last - 1].clock();
    let stop = stop(log);
    let (late, left) = (stop.time.after(Duration::from_millis(1)), stop.queue);
    (stop.ticks, stop.queue, stop.clock) = (stop.ticks - 1, left + 1, before);
    let receive = receives(log).next_back().unwrap();
    (receive.time, receive.queue) = (late, left);
    log[last..].reverse();
}

fn restart_not_counted(logs: &mut Logs) {
    starts(&mut logs[3]).for_each(|start| start.incarnation = 1);
}

fn restart_buys_a_tick(logs: &mut Logs) {
    starts(&mut logs[3]).next_back().unwrap().phase = 0.0;
}

fn run_toml_says_otherwise(files: &mut Files) {
    let manifest = files.get_mut("run.toml").unwrap();
    *manifest = manifest.replace("rates = [1, 3, 6]", "rates = [1, 3, 5]");
}
