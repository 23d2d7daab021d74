//! Of a record that the machine would not have written there: what was expected,
//! and what was found.

use crate::refusals::{LOG, refusal, refusal_of_edit};

/// A line as it is written, where LOG leaves out the microseconds.
fn written(line: &str) -> String {
    line.replace("Z\"", ".000000Z\"")
}

#[test]
fn both_are_lines_of_the_log() {
    for (line, from, to) in [
        (1, r#""clock":0"#, r#""clock":9"#),
        (2, r#""queue":0"#, r#""queue":3"#),
        (3, r#""to":[2,3]"#, r#""to":[3]"#),
        (4, r#""clock":6"#, r#""clock":7"#),
        (4, r#""seq":1"#, r#""seq":2"#),
        // It was looked at three lines before its turn.
        (5, r#""clock":7"#, r#""clock":6"#),
        (6, r#""ticks":4"#, r#""ticks":3"#),
        (7, r#""incarnation":2"#, r#""incarnation":3"#),
        (9, r#""to":[2]"#, r#""to":[3]"#),
    ] {
        let (edited, (_, expected, found)) = refusal_of_edit(line, from, to);
        assert_eq!((expected, found), (written(LOG[line - 1]), written(&edited)));
    }
}

/// A queue that falls is expected to be what nothing but the receive leaves of it.
#[test]
fn a_queue_is_expected_to_hold_what_had_arrived() {
    let (_, (_, expected, _)) = refusal_of_edit(5, r#""queue":3"#, r#""queue":5"#);
    assert_eq!(expected, written(LOG[5]).replace(r#""queue":4"#, r#""queue":5"#));
    let (_, (_, expected, _)) = refusal_of_edit(4, r#""queue":1"#, r#""queue":5"#);
    assert_eq!(expected, written(LOG[4]).replace(r#""queue":3"#, r#""queue":4"#));
}

#[test]
fn where_no_single_line_would_do_it_is_said_in_words() {
    let [start, internal, send, receive, other, stop, ..] = LOG;
    let good = [start, internal, send, receive, other, stop];
    let unknown = receive.replace(r#""from":2"#, r#""from":7"#);
    let endless = receive.replace(r#""queue":1"#, r#""queue":2097153"#);
    let late = receive.replace(r#""stamp":5"#, r#""stamp":18446744073709551615"#);
    let format = start.replace("offbeat-log/1", "offbeat-log/2");
    let crowd = start.replace(r#""machines":3"#, r#""machines":1"#);
    let third = start.replace(r#""machine":1"#, r#""machine":4"#);
    let drawless = start.replace(r#""draw_max":10"#, r#""draw_max":0"#);
    let after_queue = internal.replace(r#""tick":1"#, r#""tick":4"#);
    for (before, line, words) in [
        (0, internal, "a start record"),
        (6, internal, "a start record"),
        (6, stop, "a start record"),
        (0, &format, "log offbeat-log/1"),
        (0, &crowd, "machines from 2 to 1048576"),
        (0, &third, "machine from 1 to 3"),
        (0, &drawless, "draw_max of 1 or more"),
        (3, &unknown, "a receive from a neighbour"),
        (3, &endless, "queue of at most 2097152"),
        (3, &late, "no more ticks"),
        (4, &after_queue, "a receive of what the inbox held"),
    ] {
        let log = [&good[..before], &[line]].concat();
        let (_, expected, found) = refusal(&log);
        assert_eq!((expected.as_str(), found), (words, written(line)));
    }
}
