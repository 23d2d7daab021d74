//! Q1 to Q3, S1, S2, T1, T2, L1 and L2.

use check::{Outcome, Rule};
use journal::{Pacing, Phase, Rate, Record, StampRule, Start, Time};

use super::{check, expect, judged, last_internal, position, start, stop};
use crate::simulator::Run;
use crate::{Logs, judge, judge_by, violated};

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
    let verdict = check(&Run::default(), fault, &[Rule::Q2]);
    let q2 = verdict.finding(Rule::Q2);
    assert_eq!((q2.exercised, q2.violations), (3, 1), "once for each machine");
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

/// The phase of a restart is none of the seed's, whatever its number.
#[test]
fn s2_is_silent_on_a_restart_that_was_not_counted() {
    let mut logs = Run::with_crash().simulate();
    start(&mut logs[1]).incarnation = 1;
    expect(judge(&logs), &[Rule::L2]);
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

/// A tick that is logged out of turn makes no second fuller.
#[test]
fn t1_a_line_is_in_the_wrong_place() {
    for (from, to) in [(41, 36), (36, 41), (100, 36), (36, 100)] {
        let verdict = judged(|logs| {
            let moved = logs[2].remove(from);
            logs[2].insert(to, moved);
        });
        assert!(violated(&verdict).contains(&Rule::L1), "{verdict}");
        assert!(!violated(&verdict).contains(&Rule::T1), "{from} to {to}: {verdict}");
    }
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
