//! Records that the machine would not have written there, each with what is said
//! of it.

use crate::refusals::{LOG, check};

#[test]
fn a_receive_must_be_the_next_of_its_link() {
    for (line, from, to, expected) in [
        (4, r#""from":2"#, r#""from":0"#, "4: machine 0 is no neighbour"),
        (4, r#""from":2"#, r#""from":1"#, "4: machine 1 is no neighbour"),
        (4, r#""from":2"#, r#""from":4"#, "4: machine 4 is no neighbour"),
        (4, r#""from":2"#, r#""from":4294967295"#, "4: machine 4294967295 is no neighbour"),
        (4, r#""seq":1"#, r#""seq":2"#, "4: message 2 from 2 where message 1 was due"),
        (4, r#""seq":1"#, r#""seq":0"#, "4: message 0 from 2 where message 1 was due"),
        (8, r#""seq":2"#, r#""seq":1"#, "8: message 1 from 2 where message 2 was due"),
        (
            8,
            r#""seq":2"#,
            r#""seq":18446744073709551615"#,
            "8: message 18446744073709551615 from 2 where message 2 was due",
        ),
    ] {
        check(line, from, to, expected);
    }
}

/// Its message is in the inbox long before its record is looked at.
#[test]
fn a_receive_of_a_message_that_came_long_before_must_be_good_too() {
    for (from, to, expected) in [
        (r#""from":3"#, r#""from":0"#, "5: machine 0 is no neighbour"),
        (r#""from":3"#, r#""from":1"#, "5: machine 1 is no neighbour"),
        (r#""from":3"#, r#""from":4294967295"#, "5: machine 4294967295 is no neighbour"),
        (r#""seq":1"#, r#""seq":0"#, "5: message 0 from 3 where message 1 was due"),
    ] {
        check(5, from, to, expected);
    }
}

#[test]
fn a_queue_must_not_fall_faster_than_messages_are_received() {
    for (line, from, to, expected) in [
        (
            5,
            r#""queue":3"#,
            r#""queue":18446744073709551615"#,
            "5: a queue of 18446744073709551615 is longer than an inbox holds",
        ),
        (
            5,
            r#""queue":3"#,
            r#""queue":2097153"#,
            "5: a queue of 2097153 is longer than an inbox holds",
        ),
        (
            5,
            r#""queue":3"#,
            r#""queue":5"#,
            "6: 7 messages had arrived, but only 6 were received or are queued",
        ),
        (
            6,
            r#""queue":4"#,
            r#""queue":2"#,
            "6: 5 messages had arrived, but only 4 were received or are queued",
        ),
        (
            4,
            r#""queue":1"#,
            r#""queue":5"#,
            "5: 6 messages had arrived, but only 5 were received or are queued",
        ),
        (
            8,
            r#""queue":0"#,
            r#""queue":1"#,
            "9: 2 messages had arrived, but only 1 were received or are queued",
        ),
    ] {
        check(line, from, to, expected);
    }
}

#[test]
fn a_stop_must_say_where_the_log_stood() {
    let stood = "but the log stood at tick 4 and clock 7";
    check(
        6,
        r#""ticks":4"#,
        r#""ticks":5"#,
        &format!("6: it stops at tick 5 and clock 7, {stood}"),
    );
    check(
        6,
        r#""clock":7"#,
        r#""clock":8"#,
        &format!("6: it stops at tick 4 and clock 8, {stood}"),
    );
}

#[test]
fn a_step_must_be_what_the_machine_does() {
    for (line, from, to, given) in [
        (2, r#""tick":1"#, r#""tick":2"#, LOG[1]),
        (2, r#""clock":1"#, r#""clock":2"#, LOG[1]),
        (3, r#""to":[2,3]"#, r#""to":[3,2]"#, LOG[2]),
        (3, r#""to":[2,3]"#, r#""to":[2]"#, LOG[2]),
        (3, r#""seq":[1,1]"#, r#""seq":[1]"#, LOG[2]),
        (3, r#""seq":[1,1]"#, r#""seq":[1,2]"#, LOG[2]),
        (4, r#""clock":6"#, r#""clock":7"#, LOG[3]),
        (9, r#""seq":[2]"#, r#""seq":[1]"#, LOG[8]),
    ] {
        let given = given.replace("Z\"", ".000000Z\"");
        check(line, from, to, &format!("{line}: the machine's code gives {given} here"));
    }
}

#[test]
fn a_clock_cannot_pass_its_top() {
    check(
        4,
        r#""stamp":5"#,
        r#""stamp":18446744073709551615"#,
        "4: the logical clock stands at its largest value and cannot advance",
    );
}
