//! Messages that are lost, repeated, overtaken, forged or sent astray: what
//! networks do, and what people forget when they write links.

use std::collections::BTreeMap;

use check::Rule::{C1, C2, C3, C5, L1, M1, M2, M3, M4, M5, M6, M7, Q2};

use journal::Receive;

use crate::corruption::{Corruption, Edit, GOOD, RESTARTED};
use crate::implementation::{Implementation, RIGHT};
use crate::records::{place, receive, receive_instead, receives, sends, stop, with_own_generator};
use crate::run::Logs;

pub(crate) const CORRUPTIONS: &[Corruption] = &[
    Corruption {
        name: "12-message-received-twice",
        what: "Machine 3 receives a message of machine 2 a second time.",
        from: GOOD,
        edit: Edit::Records(message_received_twice),
        finds: &[M2, M3],
    },
    Corruption {
        name: "13-message-received-again-after-a-restart",
        what: "Machine 3 is killed, forgets what it received, and takes the last message again.",
        from: RESTARTED,
        edit: Edit::Records(message_received_again_after_a_restart),
        finds: &[M2, M3],
    },
    Corruption {
        name: "14-message-lost",
        what: "A message from machine 3 to machine 1 never arrives, but later ones do.",
        from: GOOD,
        edit: Edit::Records(message_lost),
        finds: &[M4, Q2],
    },
    Corruption {
        name: "15-last-message-lost",
        what: "The last message to machine 1 never arrives; no later one tells.",
        from: GOOD,
        edit: Edit::Records(last_message_lost),
        finds: &[Q2],
    },
    Corruption {
        name: "16-messages-overtake",
        what: "The inbox is a stack: of two messages, machine 1 takes the later one first.",
        from: GOOD,
        edit: Edit::Records(messages_overtake),
        finds: &[M5],
    },
    Corruption {
        name: "17-forged-stamp",
        what: "The network adds 1000 to the stamp of one message.",
        from: GOOD,
        edit: Edit::Records(forged_stamp),
        finds: &[M1, C5],
    },
    Corruption {
        name: "18-message-of-an-earlier-run",
        what: "Machine 3 receives a message that machine 1 did not send in this run.",
        from: GOOD,
        edit: Edit::Records(message_of_an_earlier_run),
        finds: &[M1, M3],
    },
    Corruption {
        name: "19-numbers-across-links",
        what: "Machine 3 numbers its messages 1, 2, 3, … whoever they go to, not link by link.",
        from: GOOD,
        edit: Edit::Records(numbers_across_links),
        finds: &[M4],
    },
    Corruption {
        name: "20-neighbours-in-the-wrong-order",
        what: "Machine 2 takes machine 1 for its first neighbour; in ring order that is machine 3.",
        from: GOOD,
        edit: Edit::Records(neighbours_in_the_wrong_order),
        finds: &[M6],
    },
    Corruption {
        name: "21-received-before-it-was-caused",
        what: "Machine 3 logs a receive before the send that machine 2 answered with that message.",
        from: GOOD,
        edit: Edit::Records(received_before_it_was_caused),
        finds: &[M7, C1, C2, C3, C5, L1],
    },
];

fn message_received_twice(logs: &mut Logs) {
    let again = receive(&mut logs[3], 47).clone();
    receive_instead(&mut logs[3], 48, again);
}

fn message_received_again_after_a_restart(logs: &mut Logs) {
    let again = receive(&mut logs[3], 27).clone();
    receive_instead(&mut logs[3], 30, again);
}

/// It is message 4, which had come before the second tick of machine 1: from
/// there on the inbox holds one less, and each later message is taken one turn
/// earlier.
fn message_lost(logs: &mut Logs) {
    for receive in receives(&mut logs[1]) {
        receive.queue -= 1;
        receive.seq += u64::from(receive.from == 3 && receive.seq >= 4);
    }
    stop(&mut logs[1]).queue -= 1;
    RIGHT.retell(logs);
}

fn last_message_lost(logs: &mut Logs) {
    stop(&mut logs[1]).queue -= 1;
}

fn messages_overtake(logs: &mut Logs) {
    receive(&mut logs[1], 3).seq = 3;
    receive(&mut logs[1], 4).seq = 2;
    RIGHT.retell(logs);
}

fn forged_stamp(logs: &mut Logs) {
    let network = |message: &Receive, stamp| match (message.from, message.seq) {
        (2, 3) => stamp + 1000,
        _ => stamp,
    };
    Implementation { network, ..RIGHT }.retell(logs);
}

fn message_of_an_earlier_run(logs: &mut Logs) {
    let stray = Receive { from: 1, seq: 1, stamp: 17, ..receive(&mut logs[3], 13).clone() };
    receive_instead(&mut logs[3], 20, stray);
}

fn numbers_across_links(logs: &mut Logs) {
    let mut numbers = BTreeMap::new();
    for send in sends(&mut logs[3]) {
        for (to, seq) in send.to.iter().zip(&mut send.seq) {
            let number = numbers.len() as u64 + 1;
            numbers.insert((*to, *seq), number);
            *seq = number;
        }
    }
    for machine in [1, 2] {
        for receive in receives(&mut logs[machine]).filter(|receive| receive.from == 3) {
            receive.seq = numbers[&(machine, receive.seq)];
        }
    }
}

/// With a generator of its own, so that its draws are what it makes them.
fn neighbours_in_the_wrong_order(logs: &mut Logs) {
    with_own_generator(&mut logs[2]);
    for send in sends(&mut logs[2]) {
        send.draw = if send.draw == 1 { 2 } else { send.draw };
        send.to.reverse();
        send.seq.reverse();
    }
}

/// As it happens if one thread sends and logs later, while another one receives.
fn received_before_it_was_caused(logs: &mut Logs) {
    let log = &mut logs[3];
    let (send, receive) = (place(log, 36), place(log, 41));
    log[send..=receive].rotate_right(1);
}
