//! Each kind of finding: a run that shows it, and one that does not.

use insta::assert_snapshot;
use journal::{Pacing, Phase, Record, StampRule, Topology};
use proptest::prelude::*;
use report::{Analysis, Finding, findings};

use crate::virtual_run::VirtualRun;

const CHARTS: [&str; 6] = ["clocks", "drift", "queues", "jumps", "mix", "diagram"];

/// One slow machine among faster ones.
fn uneven() -> VirtualRun {
    VirtualRun::new(&[1.0, 3.0, 6.0], 10, 60)
}

/// Equal rates in step, and hardly a message.
fn even() -> VirtualRun {
    VirtualRun::new(&[5.0, 5.0, 5.0], 1000, 20).with(|run| run.phase = Phase::Aligned)
}

/// No machine receives.
fn silent() -> VirtualRun {
    VirtualRun::new(&[1.0, 3.0, 6.0], 1 << 60, 60)
}

fn found(analysis: &Analysis) -> Vec<Finding> {
    findings(analysis)
}

fn kinds(analysis: &Analysis) -> Vec<&'static str> {
    found(analysis).iter().map(|finding| finding.kind).collect()
}

/// The one run shows it, the other does not; gives the sentence.
fn check(kind: &str, shows: &VirtualRun, does_not: &VirtualRun) -> String {
    check_analyses(kind, &shows.analysis(), &does_not.analysis())
}

fn check_analyses(kind: &str, shows: &Analysis, does_not: &Analysis) -> String {
    let finding = found(shows).into_iter().find(|finding| finding.kind == kind);
    let finding = finding.unwrap_or_else(|| panic!("no {kind} among {:?}", kinds(shows)));
    assert!(!kinds(does_not).contains(&kind), "{kind} among {:?}", kinds(does_not));
    finding.sentence
}

#[test]
fn drowning_inbox() {
    assert_snapshot!(check("drowning_inbox", &uneven(), &even()), @"Machine 1, at 1 tick a second, was sent 1.37 messages a second and read 0.98: its queue grew by 0.38 a second (0.50 predicted), to 23 at the end.");
}

#[test]
fn clock_far_behind() {
    assert_snapshot!(check("clock_far_behind", &uneven(), &even()), @"Machine 1's clock ended at 241, 119 (33 %) behind the 360 of machine 3: it read its queue from the front, where stamps were up to 19.1 s old.");
}

#[test]
fn prediction_missed() {
    assert_snapshot!(check("prediction_missed", &uneven().cut("1@5s.."), &uneven()), @"Machine 1's queue ended at 0 where 30 were predicted: 3.16 standard deviations off, more than chance explains.");
}

#[test]
fn prediction_held() {
    let long = VirtualRun::new(&[1.0, 3.0, 6.0], 10, 600);
    assert_snapshot!(check("prediction_held", &long, &even()), @"The fluid limit foretold machine 1's queue: 300 messages at the end were predicted from rates and draws alone, 299 it was.");
}

#[test]
fn lockstep() {
    let equal = VirtualRun::new(&[5.0; 3], 10, 60).with(|run| run.phase = Phase::Aligned);
    assert_snapshot!(check("lockstep", &equal, &uneven()), @"All machines tick 5 a second, and their clocks went in lockstep: they were never more than 0 apart and all ended near 300.");
}

#[test]
fn old_messages() {
    assert_snapshot!(check("old_messages", &uneven(), &even()), @"Machine 1 read old news: half of its messages had waited 11.0 s or more, and that of machine 3's tick 240 waited 19.1 s.");
}

#[test]
fn largest_jump() {
    assert_snapshot!(check("largest_jump", &uneven(), &even()), @"The largest jump, +20, is machine 2's at tick 129: its clock stood at 237 when it read stamp 256 from machine 3, which ticks 2.00 times as fast.");
}

#[test]
fn jumps_by_rate() {
    assert_snapshot!(check("jumps_by_rate", &uneven(), &even()), @"Machine 1's clock rose by 4.02 an event on average (95 in 100 by at most 11.0), machine 3's by 1.00: who ticks rarely has much to catch up.");
}

#[test]
fn steady_drift() {
    assert_snapshot!(check("steady_drift", &uneven(), &even()), @"The clocks drifted apart: machine 3's gained 1.73 a second on machine 1's.");
}

#[test]
fn clock_set_by_others() {
    assert_snapshot!(check("clock_set_by_others", &uneven(), &even()), @"Machine 1's clock is set by others: on its way to 241 it went 60 ticks itself and jumped over 181 values, to catch up with the stamps that it read.");
}

#[test]
fn clock_set_by_none() {
    assert_snapshot!(check("clock_set_by_none", &uneven(), &silent()), @"Machine 3 leads by itself: its clock of 360 counts its own 360 ticks, for hardly one of the 24 messages that it read was ahead of it.");
}

#[test]
fn no_messages() {
    assert_snapshot!(check("no_messages", &silent(), &uneven()), @"No message was sent: each clock counts its own machine's ticks, and no event of one machine has anything to do with one of another.");
}

#[test]
fn always_reading() {
    assert_snapshot!(check("always_reading", &uneven(), &even()), @"Machine 1 was busy reading: its inbox was empty at only 1 of its 60 ticks, so it sent nothing.");
}

#[test]
fn quiet_link() {
    assert_snapshot!(check("quiet_link", &uneven(), &VirtualRun::new(&[5.0; 3], 10, 60)), @"Machine 1 said next to nothing to machines 2 and 3: 0 messages in all, where a link carries 27 on average. Reading left it 1 tick to spare.");
}

#[test]
fn never_received() {
    let late = uneven().latency("3=100s");
    assert_snapshot!(check("never_received", &late, &uneven()), @"Machine 3 never received: none of 41 sent came to it in 360 ticks, so its clock is its own.");
}

#[test]
fn burst_pacing() {
    let burst = uneven().with(|run| run.pacing = Pacing::Burst);
    assert_snapshot!(check("burst_pacing", &burst, &uneven()), @"Ticks came in bursts: half of machine 3's events followed the one before within 0 ms, where even pacing leaves 167 ms. What is sent in a burst meets inboxes that nobody reads until the next: queues were up to 22 long.");
}

#[test]
fn unread_at_end() {
    assert_snapshot!(check("unread_at_end", &uneven(), &even()), @"24 of the 162 messages sent (15 %) still waited unread when the run was over.");
}

#[test]
fn restart() {
    assert_snapshot!(check("restart", &uneven().crash("1@20s..28s"), &uneven()), @"Machine 1 was killed after tick 20 and down for 8.92 s. That cost it about 9 ticks; it went on from its log, and its 10 queued messages came again.");
}

#[test]
fn no_stop() {
    assert_snapshot!(check("no_stop", &uneven().crash("2@20s.."), &uneven()), @"Machine 2 left no stop in its log, which ends 40.3 s before the run: it was killed and did not come back, and its clock stayed at 118.");
}

#[test]
fn pause() {
    assert_snapshot!(check("pause", &uneven().pause("3@20s..24s"), &uneven()), @"Machine 3 stood still for 4.05 s between its ticks 120 and 121.");
}

#[test]
fn missed_slots() {
    assert_snapshot!(check("missed_slots", &uneven().pause("3@20s..24s"), &uneven()), @"Machine 3 missed 23 slots of 360, reached too late to tick: no burst makes up for a stall, so its clock lost as much.");
}

#[test]
fn in_flight_at_end() {
    assert_snapshot!(check("in_flight_at_end", &uneven().cut("1@5s.."), &uneven()), @"Machine 1 stopped with 24 messages in flight: nobody confirmed that they arrived.");
}

#[test]
fn clock_condition_broken() {
    let before = uneven().with(|run| run.stamp = StampRule::Before);
    assert_snapshot!(check("clock_condition_broken", &before, &uneven()), @"The clocks break Lamport's clock condition: 106 of 138 messages received (77 %) got a clock that is not larger than that of the send, first at machine 2's tick 3, of machine 3's send at tick 3.");
}

#[test]
fn receive_without_send() {
    let mut logs = uneven().logs();
    logs.remove(2);
    let analysis = Analysis::of(logs);
    assert_snapshot!(check_analyses("receive_without_send", &analysis, &uneven().analysis()), @"98 messages were received that stand in no log as sent: a log is missing, or not of this run. What was before them is not known.");
}

#[test]
fn damaged_log() {
    let mut analysis = uneven().analysis();
    analysis.summary.damage.push("machine-2.jsonl:15: not a record".to_owned());
    assert_snapshot!(check_analyses("damaged_log", &analysis, &uneven().analysis()), @"machine-2.jsonl:15: not a record. All figures count up to there.");
}

#[test]
fn concurrency() {
    assert_snapshot!(check("concurrency", &uneven(), &VirtualRun::new(&[5.0; 2], 10, 1)), @"Lamport's numbers order 179,422 pairs of events, 25,248 of which (14 %) are in truth concurrent: neither can have caused the other, as vector clocks tell.");
}

#[test]
fn longest_chain() {
    let equal = VirtualRun::new(&[5.0, 5.0, 5.0], 10, 60);
    assert_snapshot!(check("longest_chain", &equal, &silent()), @"The longest chain of causes has 340 events, 137 of them on machine 3; it runs through machines 1, 2 and 3 in 68 messages, and ends at machine 3's tick 300: a right clock reads there how long it is.");
}

#[test]
fn vector_cost() {
    let ten = VirtualRun::new(&[3.0; 10], 10, 60).with(|run| run.topology = Topology::Ring);
    assert_snapshot!(check("vector_cost", &ten, &silent()), @"Vector clocks would tell all that is concurrent, at 11.8 bytes a message on average where Lamport's number takes 1.37: 8.62 times as many.");
}

/// All that an ordinary run shows, in order.
#[test]
fn an_ordinary_run() {
    let analysis = uneven().analysis();
    let found = found(&analysis).into_iter().map(|it| format!("{}: {}", it.kind, it.sentence));
    assert_snapshot!(found.collect::<Vec<_>>().join("\n"), @r"
    drowning_inbox: Machine 1, at 1 tick a second, was sent 1.37 messages a second and read 0.98: its queue grew by 0.38 a second (0.50 predicted), to 23 at the end.
    clock_far_behind: Machine 1's clock ended at 241, 119 (33 %) behind the 360 of machine 3: it read its queue from the front, where stamps were up to 19.1 s old.
    prediction_held: The fluid limit foretold machine 1's queue: 30 messages at the end were predicted from rates and draws alone, 23 it was.
    old_messages: Machine 1 read old news: half of its messages had waited 11.0 s or more, and that of machine 3's tick 240 waited 19.1 s.
    largest_jump: The largest jump, +20, is machine 2's at tick 129: its clock stood at 237 when it read stamp 256 from machine 3, which ticks 2.00 times as fast.
    jumps_by_rate: Machine 1's clock rose by 4.02 an event on average (95 in 100 by at most 11.0), machine 3's by 1.00: who ticks rarely has much to catch up.
    steady_drift: The clocks drifted apart: machine 3's gained 1.73 a second on machine 1's.
    clock_set_by_others: Machine 1's clock is set by others: on its way to 241 it went 60 ticks itself and jumped over 181 values, to catch up with the stamps that it read.
    clock_set_by_none: Machine 3 leads by itself: its clock of 360 counts its own 360 ticks, for hardly one of the 24 messages that it read was ahead of it.
    always_reading: Machine 1 was busy reading: its inbox was empty at only 1 of its 60 ticks, so it sent nothing.
    quiet_link: Machine 1 said next to nothing to machines 2 and 3: 0 messages in all, where a link carries 27 on average. Reading left it 1 tick to spare.
    unread_at_end: 24 of the 162 messages sent (15 %) still waited unread when the run was over.
    concurrency: Lamport's numbers order 179,422 pairs of events, 25,248 of which (14 %) are in truth concurrent: neither can have caused the other, as vector clocks tell.
    vector_cost: Vector clocks would tell all that is concurrent, at 3.87 bytes a message on average where Lamport's number takes 1.63: 2.38 times as many.
    ");
}

#[test]
fn an_even_run_shows_little() {
    assert!(kinds(&even().analysis()).len() <= 4, "{:?}", kinds(&even().analysis()));
}

/// Of many machines not each has a finding of its own.
#[test]
fn many_of_a_kind_are_told_together() {
    let rates: Vec<_> = (0..30).map(|index| if index < 20 { 0.5 } else { 6.0 }).collect();
    let analysis = VirtualRun::new(&rates, 5, 60).analysis();
    let found = found(&analysis);
    let drowning: Vec<_> = found.iter().filter(|it| it.kind == "drowning_inbox").collect();
    assert_eq!(drowning.len(), 5);
    assert_snapshot!(drowning[4].sentence, @"The inboxes of 16 more machines grew in the same way.");
}

fn assert_well_formed(logs: Vec<(u32, Vec<Record>)>) {
    let exists = |event: &report::EventRef| {
        logs.iter().any(|(machine, log)| {
            *machine == event.machine && log.iter().any(|it| it.tick() == Some(event.tick))
        })
    };
    for finding in found(&Analysis::of(logs.clone())) {
        assert!(CHARTS.contains(&finding.chart), "{finding:?}");
        assert!(finding.events.len() <= 10 && finding.events.iter().all(exists), "{finding:?}");
        let sentence = &finding.sentence;
        assert!(sentence.ends_with('.') && !sentence.contains("NaN"), "{finding:?}");
        assert!(!sentence.contains("inf ") && !sentence.contains("  "), "{finding:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the run, and wherever its logs end.
    #[test]
    fn of_any_run_are_well_formed(
        rates in prop::collection::vec(0.2_f64..8.0, 2..6),
        draw_max in 1_u64..15,
        (burst, before, ring) in any::<(bool, bool, bool)>(),
        seconds in 1_u64..40,
        cut in 0_usize..200,
        seed in any::<u64>(),
    ) {
        let run = VirtualRun::new(&rates, draw_max, seconds).seed(seed).with(|run| {
            run.pacing = if burst { Pacing::Burst } else { Pacing::Even };
            run.stamp = if before { StampRule::Before } else { StampRule::After };
            run.topology = if ring { Topology::Ring } else { Topology::Full };
        });
        let mut logs = run.crash("1@2s..3s").pause("2@1s..4s").logs();
        assert_well_formed(logs.clone());
        logs[0].1.truncate(cut);
        assert_well_formed(logs);
    }
}
