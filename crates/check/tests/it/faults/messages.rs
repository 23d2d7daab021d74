//! M1 to M7.

use check::Rule;
use journal::{Internal, Receive, Record, Send, Topology};

use super::{check, judged, last_internal, last_send, position, repeat_a_receive, start};
use crate::simulator::Run;
use crate::{Logs, judge, violated};

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
            to: vec![other].into(),
            seq: vec![1].into(),
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
        send.to = vec![1].into();
    }
    let verdict = judge(&logs);
    assert!(violated(&verdict).contains(&Rule::M7), "{verdict}");
}
