//! Questions about a run, held against its log and against the graph of its events.

use std::collections::BTreeSet;

use journal::Record;
use report::{Answer, History, Order, Question};

use crate::graph::Graph;
use crate::virtual_run::VirtualRun;

/// The questions about a run of 20 s, and its logs.
fn quiz(count: usize) -> (Vec<Question>, Vec<(u32, Vec<Record>)>) {
    let logs = VirtualRun::new(&[1.0, 3.0, 6.0], 10, 20).logs();
    let mut chosen = 0_usize;
    let questions = History::of(logs.clone()).quiz(count, |count| {
        // Any choice will do, as long as it varies.
        chosen =
            chosen.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (chosen >> 33) % count
    });
    (questions, logs)
}

/// The numbers in a text, in order.
fn numbers(text: &str) -> Vec<u64> {
    let words = text.split(|letter: char| !letter.is_ascii_digit());
    words.filter_map(|word| word.parse().ok()).collect()
}

#[test]
fn clocks_follow_from_what_the_question_says() {
    let (questions, _) = quiz(60);
    let mut kinds = BTreeSet::new();
    for question in &questions {
        let Answer::Clock(clock) = question.answer else { continue };
        // Machine, clock before, tick; of a receive, sender and stamp.
        let said = numbers(&question.ask);
        let (before, stamp) = match question.ask.contains("it reads") {
            true => (said[1], said[4]),
            false => (said[1], 0),
        };
        assert_eq!(clock, before.max(stamp) + 1, "{}", question.ask);
        assert!(question.why.starts_with(&format!("{clock} = ")), "{}", question.why);
        kinds.insert((question.ask.contains("it reads"), stamp.cmp(&before)));
    }
    assert!(kinds.len() >= 3, "{kinds:?}");
}

#[test]
fn order_is_what_the_graph_says() {
    let (questions, logs) = quiz(60);
    let graph = Graph::of(&logs);
    let mut counts = [0; 3];
    for question in &questions {
        let Answer::Order(order) = question.answer else { continue };
        let events: Vec<_> = question
            .ask
            .split("machine ")
            .skip(1)
            .map(numbers)
            .map(|said| graph.find(said[0] as u32, said[1]))
            .collect();
        let [one, other] = events[..] else { panic!("{}", question.ask) };
        let right = match (graph.happened_before(one, other), graph.happened_before(other, one)) {
            (true, _) => Order::Before,
            (_, true) => Order::After,
            _ => Order::Concurrent,
        };
        assert_eq!(order, right, "{}", question.ask);
        counts[order as usize] += 1;
    }
    assert!(counts.iter().all(|&count| count > 3), "{counts:?}");
}

#[test]
fn a_way_from_event_to_event_is_named_by_its_messages() {
    let (questions, logs) = quiz(60);
    let graph = Graph::of(&logs);
    let mut messages = 0;
    for question in &questions {
        if !question.why.contains("from the one to the other: ") {
            continue;
        }
        let (_, way) = question.why.split_once(": ").unwrap();
        for message in way.split(", then ") {
            let [from, sent, to, read] = numbers(message)[..] else { panic!("{message}") };
            let sent = graph.find(from as u32, sent);
            let read = graph.find(to as u32, read);
            let Record::Receive(receive) = &graph.events[read].1 else { panic!("{message}") };
            assert_eq!((u64::from(receive.from), receive.stamp), (from, graph.clock(sent)));
            messages += 1;
        }
    }
    assert!(messages > 5, "{messages}");
}

#[test]
fn nothing_is_asked_twice_and_a_short_run_has_few_questions() {
    let (questions, _) = quiz(60);
    assert_eq!(questions.len(), 60);
    let asked: BTreeSet<_> = questions.iter().map(|question| &question.ask).collect();
    assert_eq!(asked.len(), 60);

    let logs = VirtualRun::new(&[2.0], 10, 2).logs();
    let events = logs[0].1.iter().filter(|record| record.tick().is_some()).count();
    assert_eq!(History::of(logs).quiz(60, |_| 0).len(), events, "one machine has no pairs");
    assert!(History::of([]).quiz(60, |_| 0).is_empty());
}

#[test]
fn an_event_that_breaks_the_rules_is_not_asked_about() {
    let mut logs = VirtualRun::new(&[2.0], 10, 2).logs();
    let right = History::of(logs.clone()).quiz(60, |_| 0).len();
    let last = logs[0].1.iter_mut().rev().find(|record| record.tick().is_some()).unwrap();
    match last {
        Record::Internal(it) => it.clock += 1,
        Record::Send(it) => it.clock += 1,
        other => panic!("{other:?}"),
    }
    assert_eq!(History::of(logs).quiz(60, |_| 0).len(), right - 1);
}

#[test]
fn answers_are_read_as_people_type_them() {
    let clock = Answer::Clock(5);
    assert_eq!(clock.parse(" 1,057\n"), Ok(Answer::Clock(1057)));
    assert!(clock.parse("b").is_err() && clock.parse("").is_err() && clock.parse("-1").is_err());
    let order = Answer::Order(Order::Before);
    for (text, expected) in
        [("b", Order::Before), ("After\n", Order::After), ("conc", Order::Concurrent)]
    {
        assert_eq!(order.parse(text), Ok(Answer::Order(expected)), "{text}");
    }
    assert!(order.parse("5").is_err() && order.parse("\n").is_err());
}
