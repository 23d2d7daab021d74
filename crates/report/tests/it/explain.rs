//! Why an event has its clock, against the graph of the run.

use insta::assert_snapshot;
use journal::{Record, StampRule};
use proptest::prelude::*;
use report::{EventName, History, Which};

use crate::graph::Graph;
use crate::virtual_run::VirtualRun;

fn short() -> VirtualRun {
    VirtualRun::new(&[1.0, 3.0, 6.0], 10, 12)
}

fn explain(run: &VirtualRun, name: &str) -> String {
    let history = History::of(run.logs());
    match history.explain(name.parse().unwrap()) {
        Ok(explanation) => explanation.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_receive_that_jumped() {
    assert_snapshot!(explain(&short(), "1:tick:2"), @r"
    Machine 1, tick 2: receive from 3, clock 6, at 00:00:01.080 (1.01 s after the first event).
    6 = max(1, 5) + 1, by machine 3's send at tick 5 (stamp 5), which is 4 + 1.

    6 events happened before it and may have caused it (5.0 %).
    10 events happened after it and may be caused by it (8.4 %).
    103 events happened neither before nor after it: concurrent, whatever the clocks (87 %).

    The longest chain of causes that leads to it has 6 events, passed on in 1 message:
      machine 3  ticks 1 to 5          clocks 1 to 5
      machine 1  tick 2                clock 6
    ");
}

#[test]
fn a_receive_of_what_was_not_ahead() {
    let logs = short().logs();
    let behind =
        |record: &&Record| matches!(record, Record::Receive(it) if it.stamp < it.clock - 1);
    let receive = logs[2].1.iter().find(behind).unwrap();
    let name = format!("3:{}", receive.clock());
    assert_snapshot!(explain(&short(), &name), @r"
    Machine 3, tick 43: receive from 2, clock 43, at 00:00:07.118 (7.05 s after the first event).
    43 = max(42, 38) + 1, by its own clock; machine 2's send at tick 22 (stamp 38), which is 37 + 1, was not ahead of it.

    64 events happened before it and may have caused it (54 %).
    43 events happened after it and may be caused by it (36 %).
    12 events happened neither before nor after it: concurrent, whatever the clocks (10 %).

    The longest chain of causes that leads to it has 43 events, all on its own machine:
      machine 3  ticks 1 to 43         clocks 1 to 43
    ");
}

#[test]
fn the_first_event() {
    assert_snapshot!(explain(&short(), "3:1"), @r"
    Machine 3, tick 1: internal event, clock 1, at 00:00:00.118 (0.05 s after the first event).
    1 = 0 + 1, one more than the clock before the first event.

    0 events happened before it and may have caused it (0.0 %).
    116 events happened after it and may be caused by it (97 %).
    3 events happened neither before nor after it: concurrent, whatever the clocks (2.5 %).

    The longest chain of causes that leads to it has 1 event, all on its own machine:
      machine 3  tick 1                clock 1
    ");
}

#[test]
fn an_event_by_clock_is_the_same_by_tick() {
    let run = short();
    let tick = run.logs()[0].1.iter().find(|record| record.clock() > 5).unwrap().clone();
    let (clock, tick) = (tick.clock(), tick.tick().unwrap());
    assert_eq!(explain(&run, &format!("1:{clock}")), explain(&run, &format!("1:tick:{tick}")));
}

#[test]
fn errors_say_what_there_is() {
    assert_snapshot!(explain(&short(), "4:1"), @"there is no machine 4 in this run, only 1, 2 and 3");
    assert_snapshot!(explain(&short(), "1:2"), @"machine 1 has no event 1:2: after clock 1 (tick 1) comes clock 6 (tick 2)");
    assert_snapshot!(explain(&short(), "1:999"), @"machine 1 has no event 1:999: its last has clock 35 (tick 12)");
    assert_snapshot!(explain(&short(), "1:tick:0"), @"machine 1 has no event 1:tick:0: its first has clock 1 (tick 1)");
    let wrong = "1-57".parse::<EventName>().unwrap_err();
    assert_snapshot!(wrong, @r#""1-57" is no event: say machine and clock, as 1:57, or machine and tick, as 1:tick:12"#);
}

#[test]
fn a_wrong_clock_is_not_explained_away() {
    let mut logs = short().logs();
    let Record::Internal(internal) = &mut logs[2].1[1] else { panic!("internal") };
    internal.clock = 4;
    let history = History::of(logs);
    let explanation = history.explain("3:tick:1".parse().unwrap()).unwrap();
    assert_eq!(
        explanation.why,
        "4 = 0 + 1, one more than the clock before the first event. That is wrong: the log \
         breaks the rules here."
    );
}

#[test]
fn names_are_read_as_written() {
    for (text, machine, which) in [("1:57", 1, Which::Clock(57)), ("2:tick:3", 2, Which::Tick(3))] {
        let name: EventName = text.parse().unwrap();
        assert_eq!((name, name.to_string()), (EventName { machine, which }, text.to_owned()));
    }
    for wrong in ["", "1", "1:", ":57", "a:1", "1:tock:3", "1:2:3", "1:-3"] {
        assert!(wrong.parse::<EventName>().is_err(), "{wrong}");
    }
}

/// The counts that a line begins with.
fn counts(lines: &[String]) -> Vec<usize> {
    let first = |line: &String| line.split(' ').next().unwrap().replace(',', "").parse().unwrap();
    lines.iter().map(first).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// Past, future and chain of every event are those of the graph.
    #[test]
    fn all_events_are_explained(seed in any::<u64>(), seconds in 1_u64..6, before in any::<bool>()) {
        let run = VirtualRun::new(&[1.0, 3.0, 6.0], 5, seconds).seed(seed).with(|run| {
            run.stamp = if before { StampRule::Before } else { StampRule::After };
        });
        let logs = run.logs();
        let (graph, history) = (Graph::of(&logs), History::of(logs));
        for (place, (machine, record)) in graph.events.iter().enumerate() {
            let which = Which::Tick(record.tick().unwrap());
            let explained = history.explain(EventName { machine: *machine, which }).unwrap();
            let all = 0..graph.events.len();
            let past = all.clone().filter(|&other| graph.happened_before(other, place)).count();
            let future = all.clone().filter(|&other| graph.happened_before(place, other)).count();
            let concurrent = all.len() - 1 - past - future;
            prop_assert_eq!(counts(&explained.around), [past, future, concurrent]);
            let length: u64 = explained.stretches.iter().map(|it| it.ticks.1 - it.ticks.0 + 1).sum();
            if !before {
                prop_assert_eq!(length, record.clock());
                prop_assert!(!explained.why.contains("wrong"));
            }
        }
    }
}
