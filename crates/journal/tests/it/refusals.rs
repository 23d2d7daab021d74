//! Logs that no machine wrote, each with what is said of it.

use journal::{RecoveryError, recover};

use crate::sample::{Log, lines, shown};

/// A log of two incarnations whose generator is not known.
pub(crate) const LOG: [&str; 9] = [
    r#"{"event":"start","log":"offbeat-log/1","time":"2026-11-23T20:02:53Z","run":"a","machine":1,"machines":3,"topology":"full","rate":4,"draw_max":10,"phase":0,"pacing":"even","stamp":"after","incarnation":1,"clock":0}"#,
    r#"{"event":"internal","time":"2026-11-23T20:02:54Z","tick":1,"draw":7,"queue":0,"clock":1}"#,
    r#"{"event":"send","time":"2026-11-23T20:02:54Z","tick":2,"draw":3,"to":[2,3],"seq":[1,1],"queue":0,"clock":2}"#,
    r#"{"event":"receive","time":"2026-11-23T20:02:54Z","tick":3,"from":2,"seq":1,"stamp":5,"queue":1,"clock":6}"#,
    r#"{"event":"receive","time":"2026-11-23T20:02:54Z","tick":4,"from":3,"seq":1,"stamp":2,"queue":3,"clock":7}"#,
    r#"{"event":"stop","time":"2026-11-23T20:02:55Z","reason":"signal","ticks":4,"missed":0,"queue":4,"in_flight":0,"clock":7}"#,
    r#"{"event":"start","log":"offbeat-log/1","time":"2026-11-23T20:02:56Z","run":"a","machine":1,"machines":3,"topology":"full","rate":4,"draw_max":10,"phase":0.25,"pacing":"even","stamp":"after","incarnation":2,"clock":7}"#,
    r#"{"event":"receive","time":"2026-11-23T20:02:57Z","tick":5,"from":2,"seq":2,"stamp":9,"queue":0,"clock":10}"#,
    r#"{"event":"send","time":"2026-11-23T20:02:58Z","tick":6,"draw":1,"to":[2],"seq":[2],"queue":0,"clock":11}"#,
];

/// What is said of a log of these lines, and what was expected and found.
pub(crate) fn refusal(log: &[&str]) -> (String, String, String) {
    let log = Log::of(lines(log));
    let before = log.content();
    match recover(&log.path) {
        Ok(recovered) => panic!("recovered {recovered:?} from {before}"),
        Err(error) => {
            assert_eq!(log.content(), before);
            let said = shown(&error, &log.path);
            let RecoveryError::NotReplayable { expected, found, .. } = error else {
                panic!("{error}");
            };
            (said, expected, found)
        }
    }
}

/// One edit of the log: the line that it makes, and what [`refusal`] gives.
pub(crate) fn refusal_of_edit(
    line: usize,
    from: &str,
    to: &str,
) -> (String, (String, String, String)) {
    let mut log = LOG;
    let original = log[line - 1];
    assert!(original.contains(from), "{from}");
    let edited = original.replacen(from, to, 1);
    log[line - 1] = &edited;
    let refusal = refusal(&log);
    (edited, refusal)
}

/// One edit of the log, and what is said of it.
pub(crate) fn check(line: usize, from: &str, to: &str, expected: &str) {
    let (edited, (said, ..)) = refusal_of_edit(line, from, to);
    assert_eq!(said, format!("machine-1.jsonl:{expected}"), "{edited}");
}

#[test]
fn the_log_itself_is_good() {
    let recovered = recover(&Log::of(lines(&LOG)).path).unwrap().unwrap();
    assert_eq!((recovered.records, recovered.incarnations), (9, 2));
}

#[test]
fn a_start_must_make_sense() {
    for (line, from, to, expected) in [
        (1, "offbeat-log/1", "offbeat-log/2", "1: the format is offbeat-log/2, not offbeat-log/1"),
        (1, r#""machines":3"#, r#""machines":0"#, "1: 0 machines: there are 2 to 1048576"),
        (1, r#""machines":3"#, r#""machines":1"#, "1: 1 machines: there are 2 to 1048576"),
        (
            1,
            r#""machines":3"#,
            r#""machines":4294967295"#,
            "1: 4294967295 machines: there are 2 to 1048576",
        ),
        (1, r#""machine":1"#, r#""machine":0"#, "1: machine 0 of 3"),
        (1, r#""machine":1"#, r#""machine":4"#, "1: machine 4 of 3"),
        (1, r#""draw_max":10"#, r#""draw_max":0"#, "1: draw_max is 0"),
        (1, r#""clock":0"#, r#""clock":9"#, "1: the first start must have clock 0, not 9"),
        (
            1,
            r#""incarnation":1"#,
            r#""incarnation":0"#,
            "1: the first start must have incarnation 1, not 0",
        ),
        (
            1,
            r#""incarnation":1,"clock":0"#,
            r#""incarnation":2,"clock":7"#,
            "1: the first start must have clock 0, not 7; incarnation 1, not 2",
        ),
    ] {
        check(line, from, to, expected);
    }
}

#[test]
fn a_restart_must_go_on_where_the_log_stands() {
    for (from, to, given) in [
        ("offbeat-log/1", "offbeat-log/2", "log offbeat-log/1, not offbeat-log/2"),
        (r#""run":"a""#, r#""run":"b""#, "run a, not b"),
        (r#""machine":1"#, r#""machine":0"#, "machine 1, not 0"),
        (r#""machines":3"#, r#""machines":4294967295"#, "machines 3, not 4294967295"),
        (r#""rate":4"#, r#""rate":4.5"#, "rate 4, not 4.5"),
        (r#""draw_max":10"#, r#""draw_max":0"#, "draw_max 10, not 0"),
        (r#""phase""#, r#""seed":1,"phase""#, "seed none, not 1"),
        (r#""clock":7"#, r#""clock":6"#, "clock 7, not 6"),
        (r#""incarnation":2"#, r#""incarnation":1"#, "incarnation 2, not 1"),
        (r#""incarnation":2"#, r#""incarnation":4"#, "incarnation 2, not 4"),
        (r#""phase":0.25"#, r#""phase":0"#, "phase 0.25, not 0"),
        (r#""phase":0.25"#, r#""phase":0.25001"#, "phase 0.25, not 0.25001"),
        // Only a burst is of whole seconds.
        (r#""phase":0.25"#, r#""phase":1"#, "phase 0.25, not 1"),
    ] {
        check(7, from, to, &format!("7: the log so far gives {given}"));
    }
}

/// Another program may write a period to the microsecond only, and start a burst
/// with its second. As fast as it goes, a machine has no period.
#[test]
fn the_period_that_a_restart_waits_may_be_written_in_other_ways() {
    for (rate, pacing, phase) in [
        ("4", "even", "0.2500009"),
        ("3", "even", "0.333333"),
        ("3", "even", "0.3333333333333333"),
        ("4", "burst", "1"),
        ("4", "burst", "0.25"),
        (r#""max""#, "even", "0"),
        (r#""max""#, "even", "7"),
    ] {
        let log = LOG.map(|line| {
            line.replace(r#""rate":4"#, &format!(r#""rate":{rate}"#))
                .replace(r#""even""#, &format!(r#""{pacing}""#))
                .replace(r#""phase":0.25"#, &format!(r#""phase":{phase}"#))
        });
        let log = Log::of(lines(&log.each_ref().map(String::as_str)));
        assert_eq!(recover(&log.path).unwrap().unwrap().records, 9, "{rate}, {pacing}, {phase}");
    }
}

#[test]
fn records_must_stand_in_order() {
    let [start, internal, send, receive, other, stop, restart, next, last] = LOG;
    let first = "1: a log begins with a start record";
    for (log, expected) in [
        (vec![internal], first),
        (vec![stop], first),
        (vec![send, start], first),
        (vec![restart], "1: the first start must have clock 0, not 7; incarnation 1, not 2"),
        (vec![start, start], "2: the log so far gives incarnation 2, not 1; phase 0.25, not 0"),
        (
            vec![start, internal, send, receive, other, stop, next],
            "7: a record follows the stop record",
        ),
        (
            vec![start, internal, send, receive, other, stop, stop],
            "7: a record follows the stop record",
        ),
        (vec![start, receive, internal], "2: the machine's code gives tick 1, not 3"),
        (
            vec![start, internal, internal],
            "3: the machine's code gives clock 2, not 1; tick 2, not 1",
        ),
        (
            vec![start, internal, send, receive, last],
            "5: the machine's code gives a receive, not a send",
        ),
    ] {
        assert_eq!(refusal(&log).0, format!("machine-1.jsonl:{expected}"));
    }
}

/// With a generator that is known, a draw must be the seed's.
#[test]
fn a_draw_must_be_that_of_its_seed() {
    let start = LOG[0].replace(r#""phase""#, r#""seed":42,"generator":"chacha8","phase""#);
    let draw_8 = LOG[1].replace(r#""draw":7"#, r#""draw":8"#);
    let (said, ..) = refusal(&[&start, LOG[1]]);
    assert_eq!(said, "machine-1.jsonl:2: the machine's code gives draw 8, not 7");
    assert!(recover(&Log::of(lines(&[&start, &draw_8])).path).unwrap().is_some());
    let unseeded = start.replace(r#""seed":42,"#, "");
    assert!(recover(&Log::of(lines(&[&unseeded, LOG[1]])).path).unwrap().is_some());
}
