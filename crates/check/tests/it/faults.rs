//! One fault each in a good run, and the rule that catches it.

use check::{Outcome, Rule, Verdict};
use journal::{
    Internal, Pacing, Phase, Rate, Receive, Record, Send, StampRule, Start, Stop, Time, Topology,
};

use crate::simulator::Run;
use crate::{Logs, judge, judge_by, violated};

/// Expects that the faults are caught: the first of `rules` first, and no others
/// than `rules`.
#[track_caller]
fn check(run: &Run, fault: impl FnOnce(&mut Logs), rules: &[Rule]) -> Verdict {
    let mut logs = run.simulate();
    assert_eq!(judge(&logs).outcome, Outcome::Holds);
    fault(&mut logs);
    expect(judge(&logs), rules)
}

#[track_caller]
fn expect(verdict: Verdict, rules: &[Rule]) -> Verdict {
    assert_eq!(violated(&verdict), rules, "{verdict}");
    assert_eq!(verdict.outcome, Outcome::Violated);
    let violation = verdict.first_violation().unwrap();
    assert_eq!(violation.rule, rules[0]);
    assert!(violation.witnesses.len() <= check::WITNESSES_MAX);
    assert_ne!(violation.expected, violation.found);
    verdict
}

/// The last record of its kind that `is` accepts.
macro_rules! last {
    ($log:expr, $kind:ident, $is:expr) => {
        $log.iter_mut()
            .rev()
            .find_map(|record| match record {
                Record::$kind(it) if $is(it) => Some(it),
                _ => None,
            })
            .unwrap()
    };
}

fn last_internal(log: &mut [Record]) -> &mut Internal {
    last!(log, Internal, |_: &Internal| true)
}

fn last_send(log: &mut [Record]) -> &mut Send {
    last!(log, Send, |_: &Send| true)
}

fn stop(log: &mut [Record]) -> &mut Stop {
    last!(log, Stop, |_: &Stop| true)
}

fn start(log: &mut [Record]) -> &mut Start {
    last!(log, Start, |_: &Start| true)
}

fn position(log: &[Record], is: impl Fn(&Record, &Record) -> bool) -> usize {
    let mut pairs = log.windows(2);
    pairs.position(|pair| is(&pair[0], &pair[1])).unwrap() + 1
}

/// A receive that the clock did not need: an internal event would have given the
/// same.
fn position_of_idle_receive(log: &[Record]) -> usize {
    position(log, |before, record| match record {
        Record::Receive(receive) => {
            receive.stamp <= before.clock() && receive.queue == 0 && before.queue() == Some(0)
        }
        _ => false,
    })
}

#[test]
fn c1_an_internal_event_adds_two() {
    let fault = |logs: &mut Logs| {
        let log = &mut logs[2];
        let last = log.len() - 1;
        let place = position(&log[..last], |before, record| {
            matches!((before, record), (Record::Internal(_), Record::Internal(_)))
        });
        for record in &mut log[place..] {
            add_to_clock(record, 1);
        }
    };
    let verdict = check(&Run::default(), fault, &[Rule::C1, Rule::C4, Rule::C5, Rule::M1]);
    assert_eq!(verdict.finding(Rule::C1).violations, 1, "said once");
    assert_eq!(verdict.first_violation().unwrap().witnesses.len(), 2);
}

fn add_to_clock(record: &mut Record, more: u64) {
    match record {
        Record::Start(it) => it.clock += more,
        Record::Internal(it) => it.clock += more,
        Record::Send(it) => it.clock += more,
        Record::Receive(it) => it.clock += more,
        Record::Stop(it) => it.clock += more,
    }
}

#[test]
fn c1_a_send_forgets_to_add() {
    let fault = |logs: &mut Logs| last_send(&mut logs[0]).clock -= 1;
    let verdict = check(&Run::default(), fault, &[Rule::C1, Rule::C3, Rule::C5, Rule::M1]);
    let found = &verdict.finding(Rule::C1).first_violation;
    assert!(found.as_ref().unwrap().found.starts_with("clock "));
}

#[test]
fn c2_a_receive_takes_the_maximum_without_adding() {
    let fault = |logs: &mut Logs| {
        let log = &mut logs[1];
        let end = log.len() - 2;
        assert!(log[end].tick().is_some());
        let receive = last!(log, Receive, |_: &Receive| true);
        receive.clock -= 1;
    };
    let verdict = judged(fault);
    assert_eq!(verdict.first, Some(Rule::C2));
    assert!(verdict.finding(Rule::C5).violations > 0);
}

/// As [`check`], where which rules follow is chance.
fn judged(fault: impl FnOnce(&mut Logs)) -> Verdict {
    let mut logs = Run::default().simulate();
    fault(&mut logs);
    judge(&logs)
}

#[test]
fn c3_a_restart_turns_the_clock_back() {
    let mut logs = Run::with_crash().simulate();
    let log = &mut logs[1];
    let restart = log.iter().rposition(|it| matches!(it, Record::Start(_))).unwrap();
    start(log).clock = 0;
    match &mut log[restart + 1] {
        Record::Internal(it) => it.clock = 1,
        Record::Send(it) => it.clock = 1,
        Record::Receive(it) => it.clock = 1,
        _ => unreachable!("a start is followed by events"),
    }
    let verdict = judge(&logs);
    assert_eq!(verdict.first, Some(Rule::L2), "{verdict}");
    assert_eq!(verdict.finding(Rule::C3).violations, 1, "{verdict}");
}

#[test]
fn c4_c5_stamps_from_before_the_increment() {
    let run = Run { stamp: StampRule::Before, ..Run::default() };
    let verdict = expect(judge(&run.simulate()), &[Rule::C4, Rule::C5]);
    let violation = verdict.finding(Rule::C4).first_violation.as_ref().unwrap();
    assert_eq!(violation.witnesses.len(), 2, "the send and the receive");
    let [wrong, judged] = [Rule::C4, Rule::C5].map(|rule| verdict.finding(rule).violations);
    assert!(wrong <= judged && judged <= verdict.tallies.received);
}

#[test]
fn c5_a_clock_that_begins_ahead() {
    let fault = |logs: &mut Logs| {
        // Everything of machine 3 and what follows from it would have to move;
        // its last stretch without messages moves alone.
        let log = &mut logs[2];
        let tail = log.iter().rposition(|it| matches!(it, Record::Send(_))).unwrap() + 1;
        for record in &mut log[tail..] {
            add_to_clock(record, 3);
        }
    };
    let verdict = judged(fault);
    assert_eq!(verdict.finding(Rule::C5).violations, 1, "said once: {verdict}");
}

#[test]
fn m1_a_stamp_is_not_the_one_sent() {
    let fault = |logs: &mut Logs| {
        let place = position_of_idle_receive(&logs[2]);
        let Record::Receive(receive) = &mut logs[2][place] else { unreachable!() };
        receive.stamp -= 1;
    };
    let verdict = check(&Run::default(), fault, &[Rule::M1]);
    assert_eq!(verdict.first_violation().unwrap().witnesses.len(), 2);
}

#[test]
fn m1_a_message_that_nobody_sent() {
    let fault = |logs: &mut Logs| {
        let place = position(
            &logs[2],
            |_, record| matches!(record, Record::Internal(internal) if internal.tick > 100),
        );
        let &Record::Internal(Internal { time, tick, queue, clock, .. }) = &logs[2][place] else {
            unreachable!()
        };
        logs[2][place] = Record::Receive(Receive {
            time,
            tick,
            from: 1,
            seq: 1_000_000,
            stamp: 1,
            queue,
            clock,
        });
    };
    let verdict = check(&Run::default(), fault, &[Rule::M1, Rule::M3]);
    assert_eq!(verdict.finding(Rule::M1).violations, 1);
    assert_eq!(verdict.tallies.lost, 0);
}

#[test]
fn m1_a_message_of_nobody() {
    let fault = |logs: &mut Logs| {
        let place = position_of_idle_receive(&logs[2]);
        let Record::Receive(receive) = &mut logs[2][place] else { unreachable!() };
        receive.from = 9;
    };
    let verdict = judged(fault);
    assert_eq!(verdict.first, Some(Rule::M1), "{verdict}");
}

#[test]
fn m1_the_last_messages_of_a_machine_are_not_in_its_log() {
    let fault = |logs: &mut Logs| {
        let last = logs[2].iter().rposition(|it| matches!(it, Record::Receive(_))).unwrap();
        let Record::Receive(receive) = logs[2][last].clone() else { unreachable!() };
        let sender = &mut logs[receive.from as usize - 1];
        let sent = sender.iter_mut().find_map(|record| match record {
            Record::Send(send) => {
                let place = send.to.iter().position(|&to| to == 3)?;
                (send.seq[place] == receive.seq).then_some((send, place))
            }
            _ => None,
        });
        let (send, place) = sent.unwrap();
        send.to[place] = 6 - 3 - receive.from;
    };
    let verdict = judged(fault);
    assert!(violated(&verdict).contains(&Rule::M1), "{verdict}");
    assert!(violated(&verdict).contains(&Rule::M6), "{verdict}");
}

/// Puts a copy of the last receive but one where an internal event was.
fn repeat_a_receive(logs: &mut Logs) {
    let log = &mut logs[2];
    let place = position(log, |before, record| match (before, record) {
        (Record::Receive(receive), Record::Internal(_)) => receive.queue == 0,
        _ => false,
    });
    let (Record::Receive(receive), Record::Internal(internal)) = (&log[place - 1], &log[place])
    else {
        unreachable!()
    };
    log[place] = Record::Receive(Receive {
        time: internal.time,
        tick: internal.tick,
        clock: internal.clock,
        ..receive.clone()
    });
}

#[test]
fn m2_a_message_is_received_twice() {
    let verdict = check(&Run::default(), repeat_a_receive, &[Rule::M2, Rule::M3]);
    assert_eq!(verdict.tallies.repeated, 1);
}

#[test]
fn m4_a_number_is_skipped_by_the_sender() {
    let verdict = judged(|logs| last_send(&mut logs[0]).seq[0] += 1);
    assert_eq!(verdict.first, Some(Rule::M4), "{verdict}");
    let verdict = judged(|logs| last_send(&mut logs[0]).seq[0] = u64::MAX);
    assert_eq!(verdict.first, Some(Rule::M4), "{verdict}");
    let verdict = judged(|logs| last_send(&mut logs[0]).seq[0] = 1);
    assert_eq!(verdict.first, Some(Rule::M4), "{verdict}");
}

#[test]
fn m4_a_message_is_lost() {
    let fault = |logs: &mut Logs| {
        let log = &mut logs[2];
        let place = position_of_idle_receive(log);
        let &Record::Receive(Receive { time, tick, queue, clock, .. }) = &log[place] else {
            unreachable!()
        };
        log[place] = Record::Internal(Internal { time, tick, draw: 9, queue, clock });
    };
    let run = Run::of_unknown_draws();
    let verdict = check(&run, fault, &[Rule::M4, Rule::Q2]);
    assert_eq!(verdict.tallies.lost, 1);
    assert_eq!(verdict.first_violation().unwrap().witnesses.len(), 2);
}

#[test]
fn m5_a_message_is_overtaken() {
    let fault = |logs: &mut Logs| {
        // Three receives of a machine so slow that each sets its clock anew.
        let log = &mut logs[0];
        let mut triples = log.windows(3);
        let place = triples.position(|triple| match triple {
            [Record::Receive(first), Record::Receive(second), Record::Receive(third)] => {
                first.from == second.from && third.stamp > second.stamp + 1
            }
            _ => false,
        });
        let [Record::Receive(first), Record::Receive(second), ..] = &mut log[place.unwrap()..]
        else {
            unreachable!()
        };
        std::mem::swap(&mut first.seq, &mut second.seq);
        std::mem::swap(&mut first.stamp, &mut second.stamp);
        first.clock = first.stamp + 1;
        second.clock = first.clock + 1;
    };
    let verdict = check(&Run::default(), fault, &[Rule::M5]);
    assert_eq!(verdict.finding(Rule::M5).violations, 1);
    assert_eq!(verdict.tallies.lost, 0);
}

#[test]
fn m6_the_wrong_recipient() {
    let verdict = judged(|logs| last_send(&mut logs[0]).to[0] = 1);
    assert_eq!(verdict.first, Some(Rule::M6), "{verdict}");
    let fault = |logs: &mut Logs| last_internal(&mut logs[2]).draw = 3;
    check(&Run::of_unknown_draws(), fault, &[Rule::M6]);
    let verdict = judged(|logs| last_send(&mut logs[0]).seq.clear());
    assert_eq!(verdict.first, Some(Rule::M6), "{verdict}");
    let fault =
        |logs: &mut Logs| logs.iter_mut().for_each(|log| start(log).topology = Topology::Ring);
    let run = Run { rates: vec![3.0; 4], ..Run::default() };
    check(&run, fault, &[Rule::M6]);
}

fn cycle_of_two() -> Logs {
    let mut logs = Run { rates: vec![2.0; 2], ..Run::of_unknown_draws() }.simulate();
    for (position, log) in logs.iter_mut().enumerate() {
        let other = 2 - position as u32;
        let [first, second] = [log[1].time(), log[2].time()];
        log.truncate(1);
        log.push(Record::Receive(Receive {
            time: first,
            tick: 1,
            from: other,
            seq: 1,
            stamp: 2,
            queue: 0,
            clock: 3,
        }));
        log.push(Record::Send(Send {
            time: second,
            tick: 2,
            draw: 1,
            to: vec![other],
            seq: vec![1],
            queue: 0,
            clock: 4,
        }));
    }
    logs
}

#[test]
fn m7_two_machines_receive_before_they_send() {
    let verdict = judge(&cycle_of_two());
    assert!(violated(&verdict).contains(&Rule::M7), "{verdict}");
    let violation = verdict.finding(Rule::M7).first_violation.as_ref().unwrap();
    assert_eq!(violation.witnesses.len(), 4);
    assert!(violated(&verdict).contains(&Rule::C4), "{verdict}");
}

#[test]
fn m7_is_not_said_of_a_ring_in_which_a_send_is_missing() {
    for missing in 0..2 {
        let mut logs = cycle_of_two();
        logs[missing].truncate(2);
        let verdict = judge(&logs);
        let violated = violated(&verdict);
        assert!(violated.contains(&Rule::M1), "{verdict}");
        assert!(!violated.contains(&Rule::M7), "{verdict}");
    }
}

#[test]
fn m7_a_machine_receives_from_itself() {
    let mut logs = cycle_of_two();
    logs.truncate(1);
    if let Record::Receive(receive) = &mut logs[0][1] {
        receive.from = 1;
    }
    if let Record::Send(send) = &mut logs[0][2] {
        send.to = vec![1];
    }
    let verdict = judge(&logs);
    assert!(violated(&verdict).contains(&Rule::M7), "{verdict}");
}

#[test]
fn q1_an_idle_machine_has_messages() {
    let fault = |logs: &mut Logs| {
        let place = position(&logs[2], |before, record| {
            matches!((before, record), (Record::Internal(_), Record::Receive(_)))
        });
        let Record::Internal(internal) = &mut logs[2][place - 1] else { unreachable!() };
        internal.queue = 1;
    };
    check(&Run::default(), fault, &[Rule::Q1]);
}

#[test]
fn q2_the_links_owe_less_or_more() {
    let fault = |logs: &mut Logs| stop(&mut logs[0]).queue += 1;
    check(&Run::default(), fault, &[Rule::Q2]);
    check(&Run::with_crash(), fault, &[Rule::Q2]);
    let fault = |logs: &mut Logs| {
        let stop = stop(&mut logs[2]);
        assert_eq!(stop.queue, 0);
        stop.queue += 1;
    };
    check(&Run::default(), fault, &[Rule::Q2]);
}

#[test]
fn q2_a_settled_inbox_holds_what_the_links_owe() {
    // More than the last record held, so that Q3 has nothing to say.
    let mut run = Run::default();
    run.seed = (1..)
        .find(|&seed| {
            let run = Run { seed, ..Run::default() };
            let logs = run.simulate();
            let [.., before, stop] = logs[0].as_slice() else { unreachable!() };
            before.queue() < stop.queue()
        })
        .unwrap();
    let fault = |logs: &mut Logs| stop(&mut logs[0]).queue -= 1;
    check(&run, fault, &[Rule::Q2]);
}

#[test]
fn q3_the_inbox_forgets() {
    let fault = |logs: &mut Logs| {
        let place = position(&logs[0], |before, _| before.queue() >= Some(5));
        let Record::Receive(receive) = &mut logs[0][place] else { unreachable!() };
        receive.queue = 1;
    };
    check(&Run::default(), fault, &[Rule::Q3]);
}

#[test]
fn s1_the_draws_are_not_uniform() {
    let run = Run { drawn_max: Some(7), ..Run::of_unknown_draws() };
    expect(judge(&run.simulate()), &[Rule::S1]);
    let fault = |logs: &mut Logs| last_internal(&mut logs[2]).draw = 11;
    check(&Run::of_unknown_draws(), fault, &[Rule::S1]);
    let fault = |logs: &mut Logs| last_internal(&mut logs[2]).draw = 0;
    check(&Run::of_unknown_draws(), fault, &[Rule::S1]);
}

#[test]
fn s2_a_draw_is_not_the_seeds() {
    let fault = |logs: &mut Logs| {
        let internal = last_internal(&mut logs[1]);
        internal.draw = if internal.draw == 10 { 9 } else { 10 };
    };
    check(&Run::default(), fault, &[Rule::S2]);
    let fault = |logs: &mut Logs| logs.iter_mut().for_each(|log| start(log).seed = Some(8));
    check(&Run::default(), fault, &[Rule::S2]);
}

#[test]
fn s2_a_phase_is_not_the_seeds() {
    let fault = |logs: &mut Logs| start(&mut logs[0]).phase += 0.000_01;
    check(&Run::default(), fault, &[Rule::S2]);
    // 0 is legal unless a manifest says that phases are random.
    let run = Run::default();
    let mut logs = run.simulate();
    start(&mut logs[0]).phase = 0.0;
    assert_eq!(judge(&logs).outcome, Outcome::Holds);
    expect(judge_by(&logs, Some(run.manifest())), &[Rule::S2]);
    let mut aligned = run.manifest();
    aligned.phase = Phase::Aligned;
    expect(judge_by(&logs, Some(aligned)), &[Rule::S2]);
}

#[test]
fn t1_a_burst_makes_up_for_a_stall() {
    let fault = |logs: &mut Logs| {
        let log = &mut logs[2];
        let late = log[40].time();
        for record in &mut log[1..40] {
            match record {
                Record::Internal(it) => it.time = late,
                Record::Send(it) => it.time = late,
                Record::Receive(it) => it.time = late,
                _ => {}
            }
        }
    };
    let verdict = check(&Run::default(), fault, &[Rule::T1]);
    assert_eq!(verdict.first_violation().unwrap().witnesses.len(), 2);
}

#[test]
fn t2_a_machine_is_slower_than_it_says() {
    let fault = |logs: &mut Logs| stop(&mut logs[1]).missed += 2;
    check(&Run::default(), fault, &[Rule::T2]);
    let fault = |logs: &mut Logs| {
        let stop = stop(&mut logs[1]);
        stop.time = Time::from_micros(stop.time.as_micros() + 500_000);
    };
    check(&Run::default(), fault, &[Rule::T2]);
    let fault = |logs: &mut Logs| start(&mut logs[2]).rate = Rate::PerSecond(11.1);
    expect(judged(fault), &[Rule::S2, Rule::T2]);
    let burst = Run { pacing: Pacing::Burst, ..Run::default() };
    let fault = |logs: &mut Logs| stop(&mut logs[2]).missed += 30;
    check(&burst, fault, &[Rule::T2]);
}

#[test]
fn l1_a_line_is_gone_or_there_twice() {
    let fault = |logs: &mut Logs| {
        let place = position(&logs[2], |_, it| matches!(it, Record::Internal(_)));
        logs[2].remove(place);
    };
    check(&Run::default(), fault, &[Rule::L1, Rule::C1, Rule::C5]);
    let fault = |logs: &mut Logs| {
        let place = position(&logs[2], |_, it| matches!(it, Record::Internal(_)));
        let twice = logs[2][place].clone();
        logs[2].insert(place, twice);
    };
    check(&Run::default(), fault, &[Rule::L1, Rule::C1, Rule::C3, Rule::C5]);
}

#[test]
fn l1_something_after_the_stop_or_before_the_start() {
    let verdict = judged(|logs| {
        let internal = last_internal(&mut logs[0]).clone();
        logs[0].push(Record::Internal(internal));
    });
    assert_eq!(verdict.first, Some(Rule::L1), "{verdict}");
    let verdict = judged(|logs| drop(logs[0].remove(0)));
    assert_eq!(verdict.first, Some(Rule::L1), "{verdict}");
    let fault = |logs: &mut Logs| stop(&mut logs[0]).ticks += 1;
    check(&Run::default(), fault, &[Rule::L1]);
    let fault = |logs: &mut Logs| stop(&mut logs[0]).clock += 1;
    check(&Run::default(), fault, &[Rule::L1]);
}

#[test]
fn l2_start_records_disagree() {
    type Fault = (&'static str, fn(&mut Start));
    let faults: [Fault; 9] = [
        ("run", |start| start.run.push('x')),
        ("machine", |start| start.machine = 1),
        ("stamp", |start| start.stamp = StampRule::Before),
        ("duration", |start| start.duration = None),
        ("generator", |start| start.generator = None),
        ("incarnation", |start| start.incarnation = 7),
        ("clock", |start| start.clock += 1),
        ("rate", |start| start.rate = Rate::PerSecond(5.01)),
        ("phase", |start| start.phase = 0.0),
    ];
    for (what, fault) in faults {
        let mut logs = Run::with_crash().simulate();
        fault(start(&mut logs[1]));
        let verdict = judge(&logs);
        assert_eq!(verdict.first, Some(Rule::L2), "{what}: {verdict}");
    }
}

#[test]
fn l2_run_toml_says_otherwise() {
    let run = Run::default();
    let logs = run.simulate();
    let manifest = run.manifest();
    let mut others = vec![manifest.clone(); 4];
    others[0].rates[1] = Rate::PerSecond(6.0);
    others[1].seed += 1;
    others[2].rates.truncate(1);
    others[3].duration = None;
    for other in others {
        let verdict = judge_by(&logs, Some(other));
        assert_eq!(violated(&verdict), [Rule::L2], "{verdict}");
    }
}

#[test]
fn one_fault_does_not_hide_another() {
    let verdict = judged(|logs| {
        repeat_a_receive(logs);
        stop(&mut logs[0]).ticks += 1;
        let internal = last_internal(&mut logs[1]);
        internal.queue = 3;
    });
    for rule in [Rule::M2, Rule::L1, Rule::Q1] {
        assert!(violated(&verdict).contains(&rule), "{rule}: {verdict}");
    }
}
