//! Records that the machine would not have written there, each with what is said
//! of it.

use crate::refusals::check;

#[test]
fn a_receive_must_be_the_next_of_its_link() {
    for (line, from, to, expected) in [
        (4, r#""from":2"#, r#""from":0"#, "4: machine 0 is no neighbour"),
        (4, r#""from":2"#, r#""from":1"#, "4: machine 1 is no neighbour"),
        (4, r#""from":2"#, r#""from":4"#, "4: machine 4 is no neighbour"),
        (4, r#""from":2"#, r#""from":4294967295"#, "4: machine 4294967295 is no neighbour"),
        (4, r#""seq":1"#, r#""seq":2"#, "4: message 2 from 2 came where message 1 was due"),
        (4, r#""seq":1"#, r#""seq":0"#, "4: message 0 from 2 came where message 1 was due"),
        (8, r#""seq":2"#, r#""seq":1"#, "8: message 1 from 2 came where message 2 was due"),
        (
            8,
            r#""seq":2"#,
            r#""seq":18446744073709551615"#,
            "8: message 18446744073709551615 from 2 came where message 2 was due",
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
        (r#""seq":1"#, r#""seq":0"#, "5: message 0 from 3 came where message 1 was due"),
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
        (5, r#""queue":3"#, r#""queue":5"#, "6: the machine's code gives queue 5, not 4"),
        (6, r#""queue":4"#, r#""queue":2"#, "6: the machine's code gives queue 3, not 2"),
        (4, r#""queue":1"#, r#""queue":5"#, "5: the machine's code gives queue 4, not 3"),
        (8, r#""queue":0"#, r#""queue":1"#, "9: the machine's code gives a receive, not a send"),
    ] {
        check(line, from, to, expected);
    }
}

#[test]
fn a_stop_must_say_where_the_log_stood() {
    for (from, to, expected) in [
        (r#""ticks":4"#, r#""ticks":5"#, "6: the machine's code gives ticks 4, not 5"),
        (r#""clock":7"#, r#""clock":8"#, "6: the machine's code gives clock 7, not 8"),
        (
            r#""queue":4"#,
            r#""queue":2097153"#,
            "6: a queue of 2097153 is longer than an inbox holds",
        ),
    ] {
        check(6, from, to, expected);
    }
}

#[test]
fn a_step_must_be_what_the_machine_does() {
    for (line, from, to, given) in [
        (2, r#""tick":1"#, r#""tick":2"#, "tick 1, not 2"),
        (2, r#""clock":1"#, r#""clock":2"#, "clock 1, not 2"),
        (2, r#""queue":0"#, r#""queue":1"#, "queue 0, not 1"),
        (3, r#""to":[2,3]"#, r#""to":[3,2]"#, "to [2,3], not [3,2]"),
        (3, r#""to":[2,3]"#, r#""to":[2]"#, "to [2,3], not [2]"),
        (3, r#""seq":[1,1]"#, r#""seq":[1]"#, "seq [1,1], not [1]"),
        (3, r#""seq":[1,1]"#, r#""seq":[1,2]"#, "seq [1,1], not [1,2]"),
        (4, r#""clock":6"#, r#""clock":7"#, "clock 6, not 7"),
        (9, r#""draw":1"#, r#""draw":7"#, "an internal event, not a send"),
        (9, r#""seq":[2]"#, r#""seq":[1]"#, "seq [2], not [1]"),
        (9, r#""tick":6,"draw":1"#, r#""tick":7,"draw":2"#, "tick 6, not 7; to [3], not [2]"),
    ] {
        check(line, from, to, &format!("{line}: the machine's code gives {given}"));
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
