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

/// What is said of a log of these lines.
fn refusal(log: &[&str]) -> String {
    let log = Log::of(lines(log));
    let before = log.content();
    match recover(&log.path) {
        Ok(recovered) => panic!("recovered {recovered:?} from {before}"),
        Err(error) => {
            assert!(matches!(error, RecoveryError::NotReplayable { .. }), "{error}");
            assert_eq!(log.content(), before);
            shown(&error, &log.path)
        }
    }
}

/// One edit of the log, and what is said of it.
pub(crate) fn check(line: usize, from: &str, to: &str, expected: &str) {
    let mut log = LOG;
    let original = log[line - 1];
    assert!(original.contains(from), "{from}");
    let edited = original.replacen(from, to, 1);
    log[line - 1] = &edited;
    assert_eq!(refusal(&log), format!("machine-1.jsonl:{expected}"), "{edited}");
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
        (1, r#""clock":0"#, r#""clock":9"#, "1: it starts with clock 9, but its clock was 0"),
        (1, r#""incarnation":1"#, r#""incarnation":0"#, "1: incarnation 0 follows incarnation 0"),
        (1, r#""incarnation":1"#, r#""incarnation":2"#, "1: incarnation 2 follows incarnation 0"),
    ] {
        check(line, from, to, expected);
    }
}

#[test]
fn a_restart_must_agree_with_the_first_start() {
    let first = "7: the start record differs from the first in its";
    for (from, to, expected) in [
        (
            "offbeat-log/1",
            "offbeat-log/2",
            format!("{first} log: offbeat-log/2, not offbeat-log/1"),
        ),
        (r#""run":"a""#, r#""run":"b""#, format!("{first} run: b, not a")),
        (r#""machine":1"#, r#""machine":0"#, format!("{first} machine: 0, not 1")),
        (
            r#""machines":3"#,
            r#""machines":4294967295"#,
            format!("{first} machines: 4294967295, not 3"),
        ),
        (r#""rate":4"#, r#""rate":4.5"#, format!("{first} rate: 4.5, not 4")),
        (r#""draw_max":10"#, r#""draw_max":0"#, format!("{first} draw_max: 0, not 10")),
        (r#""phase""#, r#""seed":1,"phase""#, format!("{first} seed: 1, not none")),
        (r#""clock":7"#, r#""clock":6"#, "7: it starts with clock 6, but its clock was 7".into()),
        (
            r#""incarnation":2"#,
            r#""incarnation":1"#,
            "7: incarnation 1 follows incarnation 1".into(),
        ),
        (
            r#""incarnation":2"#,
            r#""incarnation":4"#,
            "7: incarnation 4 follows incarnation 1".into(),
        ),
    ] {
        check(7, from, to, &expected);
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
        (vec![restart], "1: incarnation 2 follows incarnation 0"),
        (vec![start, start], "2: incarnation 1 follows incarnation 1"),
        (
            vec![start, internal, send, receive, other, stop, next],
            "7: a record follows the stop record",
        ),
        (
            vec![start, internal, send, receive, other, stop, stop],
            "7: a record follows the stop record",
        ),
        (vec![start, receive, internal], "2: the machine's code gives"),
        (vec![start, internal, internal], "3: the machine's code gives"),
        (
            vec![start, internal, send, receive, last],
            "5: 2 messages had arrived, but only 1 were received or are queued",
        ),
    ] {
        let refusal = refusal(&log);
        assert!(refusal.starts_with(&format!("machine-1.jsonl:{expected}")), "{refusal}");
    }
}

/// With a generator that is known, a draw must be the seed's.
#[test]
fn a_draw_must_be_that_of_its_seed() {
    let start = LOG[0].replace(r#""phase""#, r#""seed":42,"generator":"chacha8","phase""#);
    let draw_8 = LOG[1].replace(r#""draw":7"#, r#""draw":8"#);
    let refusal = refusal(&[&start, LOG[1]]);
    let given = draw_8.replace("Z\"", ".000000Z\"");
    assert_eq!(refusal, format!("machine-1.jsonl:2: the machine's code gives {given} here"));
    assert!(recover(&Log::of(lines(&[&start, &draw_8])).path).unwrap().is_some());
    let unseeded = start.replace(r#""seed":42,"#, "");
    assert!(recover(&Log::of(lines(&[&unseeded, LOG[1]])).path).unwrap().is_some());
}
