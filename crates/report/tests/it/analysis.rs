//! What is measured in one pass, against the same worked out the long way.

use insta::assert_snapshot;
use journal::{Record, StampRule, Topology};
use proptest::prelude::*;
use report::{Analysis, EventRef, PredictionTable, Summary};

use crate::graph::Graph;
use crate::simulator::{Simulator, gathered};
use crate::virtual_run::VirtualRun;

/// The ordinary run of the experiment.
fn ordinary() -> VirtualRun {
    VirtualRun::new(&[1.0, 3.0, 6.0], 10, 60)
}

#[test]
fn the_summary_is_the_same_as_log_by_log() {
    let logs = ordinary().crash("2@10s..12s").logs();
    let statistics = logs.iter().map(|(machine, log)| (*machine, gathered(log)));
    assert_eq!(Analysis::of(logs.clone()).summary, Summary::of(statistics));
}

#[test]
fn nothing_of_nothing() {
    let analysis = Analysis::of([]);
    assert_eq!((analysis.causality.events, analysis.timeline.rows.len()), (0, 0));
    let analysis = Analysis::of([(1, Vec::new()), (2, Vec::new())]);
    assert_eq!(analysis.measures[0].jumps.count, 0);
    assert_eq!(analysis.causality.longest_chain, None);
}

#[test]
fn jumps_gaps_and_queues_are_those_of_the_log() {
    let logs = ordinary().logs();
    let analysis = Analysis::of(logs.clone());
    for ((_, log), measures) in logs.iter().zip(&analysis.measures) {
        let events: Vec<_> = log.iter().filter(|record| record.tick().is_some()).collect();
        let mut jumps: Vec<_> =
            log[..=events.len()].windows(2).map(|pair| pair[1].clock() - pair[0].clock()).collect();
        let mean = jumps.iter().sum::<u64>() as f64 / jumps.len() as f64;
        let bars: u64 = measures.jumps_histogram.iter().map(|(_, count)| count).sum();
        jumps.sort_unstable();
        assert_eq!(measures.jumps.count, jumps.len() as u64);
        assert_eq!(bars, jumps.len() as u64);
        assert!((measures.jumps.mean - mean).abs() < 1e-9);
        assert_eq!(measures.jumps.p50, jumps[jumps.len().div_ceil(2) - 1] as f64);
        assert_eq!(measures.jumps.p95, jumps[(jumps.len() * 95).div_ceil(100) - 1] as f64);
        assert_eq!(measures.jumps.max, jumps[jumps.len() - 1] as f64);
        assert_eq!(measures.gaps_seconds.count, jumps.len() as u64 - 1);
        let queues: u64 = events.iter().map(|record| record.queue().unwrap()).sum();
        assert!((measures.queue_length.mean - queues as f64 / events.len() as f64).abs() < 1e-9);
    }
    let slow = &analysis.measures[0];
    assert!((slow.gaps_seconds.mean - 1.0).abs() < 0.01);
    assert!((0.3..0.8).contains(&slow.queue_growth_per_second.unwrap()));
}

/// Of each message: when and at which tick of the receiver it was sent and read.
#[test]
fn latencies_are_those_from_send_to_receive() {
    let logs = ordinary().logs();
    let analysis = Analysis::of(logs.clone());
    let (mut seconds, mut ticks, mut count) = (0.0, 0.0, 0.0);
    for record in &logs[0].1 {
        let Record::Receive(receive) = record else { continue };
        let is_sent = |record: &&Record| {
            matches!(record, Record::Send(send)
                if send.to.iter().zip(&send.seq).any(|it| it == (&1, &receive.seq)))
        };
        let sent = logs[receive.from as usize - 1].1.iter().find(is_sent).unwrap().time();
        let before = logs[0].1.iter().filter(|it| it.tick().is_some() && it.time() < sent).count();
        seconds += receive.time.seconds_since(sent);
        ticks += receive.tick as f64 - before as f64;
        count += 1.0;
    }
    let slow = &analysis.measures[0];
    assert!((slow.latency_seconds.mean - seconds / count).abs() < 1e-5);
    assert!((slow.latency_ticks.mean - ticks / count).abs() < 1e-9);
    assert!(analysis.measures[2].latency_ticks.p50 <= 2.0);
}

#[test]
fn links_carry_what_was_sent() {
    let analysis = ordinary().analysis();
    let sum = |of: fn(&report::LinkLoad) -> u64| analysis.links.iter().map(of).sum::<u64>();
    assert_eq!(sum(|link| link.sent), analysis.summary.messages_sent);
    assert_eq!(sum(|link| link.received), analysis.summary.messages_received);
    assert!(analysis.links.iter().all(|link| link.received <= link.sent));
}

#[test]
fn drift_ends_where_the_clocks_do() {
    let analysis = ordinary().analysis();
    let clock = |machine: u32| analysis.summary.machines[machine as usize - 1].statistics.clock;
    assert_eq!(analysis.drifts.len(), 3);
    for drift in &analysis.drifts {
        assert_eq!(drift.end, clock(drift.machine) as i64 - clock(drift.other) as i64);
        assert!(drift.extreme.abs() >= drift.end.abs());
    }
    let slow = analysis.drifts[1];
    assert_eq!((slow.machine, slow.other), (1, 3));
    let slope = slow.slope_per_second.unwrap();
    assert!((slope - slow.end as f64 / 60.0).abs() < 0.7, "{slope}");
    let rows = &analysis.timeline.rows;
    assert!((256..=513).contains(&rows.len()) && rows.is_sorted_by(|a, b| a.seconds <= b.seconds));
    assert!((rows.last().unwrap().seconds - 60.0).abs() < 1e-6);
}

#[test]
fn many_machines_are_each_compared_with_the_leader() {
    let run = VirtualRun::new(&[3.0; 40], 10, 10).with(|run| run.topology = Topology::Ring);
    let analysis = run.analysis();
    assert_eq!(analysis.drifts.len(), 39);
    assert!(analysis.drifts.iter().all(|drift| Some(drift.other) == analysis.summary.leader));
}

/// Of long runs of any number of machines, topology, draws and rates.
#[test]
fn the_prediction_stands_beside_each_figure() {
    for (rates, draw_max, topology) in [
        (&[1.0, 3.0, 6.0][..], 10, Topology::Full),
        (&[2.5, 4.0], 3, Topology::Full),
        (&[1.0, 2.0, 3.0, 4.0, 5.0], 4, Topology::Full),
        (&[0.5, 2.0, 3.0, 6.0, 1.0, 4.0, 2.0], 6, Topology::Ring),
        (&[3.0, 0.3, 2.0, 6.0], 1, Topology::Full),
    ] {
        let run = VirtualRun::new(rates, draw_max, 20_000).with(|run| run.topology = topology);
        for measures in run.analysis().measures {
            let compared = measures.compared.expect("the fluid limit speaks of this run");
            for figure in [
                compared.idle_share,
                compared.arrivals_per_second,
                compared.receives_per_second,
                compared.queue_growth_per_second,
            ] {
                assert!((figure.measured - figure.predicted - figure.deviation).abs() < 1e-9);
                assert!(figure.deviation.abs() < 0.04, "{rates:?}: {compared:?}");
            }
        }
    }
}

#[test]
fn the_prediction_as_a_table() {
    let table = PredictionTable::of(&ordinary().analysis()).unwrap();
    assert_snapshot!(table, @r"
              ───idle share────   ──messages in/s──   ─queue growth/s──   queue at the end─
    machine     run fluid  diff     run fluid  diff     run fluid  diff     run fluid  diff
          1    0.02  0.00 +0.02    1.37  1.50 -0.13    0.38  0.50 -0.12      23    30    -7
          2    0.69  0.62 +0.07    0.93  1.12 -0.19    0.02  0.00 +0.02       1     0    +1
          3    0.93  0.94  0.00    0.40  0.38 +0.03    0.00  0.00  0.00       0     0     0
    ");
    assert_eq!(PredictionTable::of(&Analysis::of([])), None);
}

#[test]
fn restarts_and_pauses_are_found() {
    let analysis =
        VirtualRun::new(&[2.0, 3.0, 6.0], 10, 60).crash("1@20s..30s").pause("3@40s..45s");
    let analysis = analysis.analysis();
    let [restart] = analysis.incidents[0].restarts[..] else { panic!("one restart") };
    assert!((restart.seconds_down - 10.0).abs() < 0.6 && !restart.was_stopped);
    assert_eq!(restart.before.unwrap().tick + 1, restart.after.unwrap().tick);
    assert_eq!(analysis.incidents[0].pause_count, 0);
    let [pause] = analysis.incidents[2].pauses[..] else { panic!("one pause") };
    assert!((pause.seconds - 5.0).abs() < 0.4);
    assert_eq!((pause.before.machine, pause.before.tick + 1), (3, pause.after.tick));
}

#[test]
fn a_stamp_before_the_increment_breaks_the_clock_condition() {
    let analysis = ordinary().with(|run| run.stamp = StampRule::Before).analysis();
    assert!(analysis.causality.clock_condition_broken > 0);
    assert_eq!(analysis.causality.pairs_ordered_but_concurrent, None);
    let logs = ordinary().with(|run| run.stamp = StampRule::Before).logs();
    let graph = Graph::of(&logs);
    for (send, receive) in &analysis.causality.broken {
        let place = |event: &EventRef| graph.find(event.machine, event.tick);
        assert!(graph.happened_before(place(send), place(receive)));
        assert!(graph.clock(place(send)) >= graph.clock(place(receive)));
    }
}

#[test]
fn logs_without_their_partners_are_read_to_their_ends() {
    let mut logs = ordinary().logs();
    logs.remove(2);
    let analysis = Analysis::of(logs);
    assert!(analysis.causality.receives_without_send > 0);
    assert_eq!(analysis.causality.pairs_ordered_but_concurrent, None);
    assert_eq!(analysis.summary.machines[0].statistics.ticks, 60);
}

/// Receives that wait for each other: each comes all the same.
#[test]
fn a_cycle_is_broken() {
    let mut logs = ordinary().logs();
    for (_, log) in &mut logs {
        log.retain(|record| !matches!(record, Record::Internal(_)));
        let (mut sends, mut rest): (Vec<_>, Vec<_>) =
            log.drain(..).partition(|record| matches!(record, Record::Send(_)));
        rest.append(&mut sends);
        *log = rest;
    }
    let total: usize = logs.iter().map(|(_, log)| log.len()).sum();
    let events = Analysis::of(logs).causality.events;
    assert_eq!(events as usize, total - 6);
}

fn check_causality(run: &VirtualRun) {
    let logs = run.logs();
    let (graph, counted) = (Graph::of(&logs), Analysis::of(logs).causality);
    let (mut causal, mut ordered, mut both) = (0, 0, 0);
    for one in 0..graph.events.len() {
        for other in 0..one {
            let is_causal = graph.happened_before(one, other) || graph.happened_before(other, one);
            let is_ordered = graph.clock(one) != graph.clock(other);
            causal += u64::from(is_causal);
            ordered += u64::from(is_ordered);
            both += u64::from(is_ordered && !is_causal);
        }
    }
    let events = graph.events.len() as u64;
    assert_eq!((counted.events, counted.pairs), (events, events * events.saturating_sub(1) / 2));
    assert_eq!((counted.pairs_causal, counted.pairs_ordered_by_lamport), (causal, ordered));
    assert_eq!(counted.pairs_concurrent, counted.pairs - causal);
    assert_eq!(counted.pairs_ordered_but_concurrent, Some(both));
    let Some(chain) = counted.longest_chain else { return };
    let longest = (0..graph.events.len()).map(|event| graph.clock(event)).max();
    assert_eq!(Some(chain.length), longest);
    assert_eq!(chain.through.iter().map(|share| share.events).sum::<u64>(), chain.length);
    let place = |event: EventRef| graph.find(event.machine, event.tick);
    assert_eq!(graph.clock(place(chain.end)), chain.length);
    for (send, receive) in chain.crossings {
        assert!(graph.happened_before(place(send), place(receive)));
        assert_eq!(graph.clock(place(receive)), graph.clock(place(send)) + 1);
    }
}

#[test]
fn causality_of_an_ordinary_run() {
    check_causality(&ordinary());
    check_causality(&ordinary().crash("1@10s..20s").crash("3@5s..6s").latency("exp:50ms"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Counted in one pass as pair by pair, without any clock.
    #[test]
    fn causality_of_any_run(
        rates in prop::collection::vec(0.5_f64..8.0, 2..6),
        draw_max in 1_u64..15,
        ring in any::<bool>(),
        seconds in 1_u64..12,
        seed in any::<u64>(),
    ) {
        let run = VirtualRun::new(&rates, draw_max, seconds).seed(seed);
        let topology = if ring { Topology::Ring } else { Topology::Full };
        check_causality(&run.with(|run| run.topology = topology));
    }
}

#[test]
fn a_long_run_is_counted_in_the_same_pass() {
    let run = Simulator::new(&[50.0, 60.0, 70.0], 10, 300.0);
    let analysis = Analysis::of((1..).zip(run.logs()));
    assert_eq!(analysis.causality.events, 54_000);
    let share = analysis.causality.share_ordered_but_concurrent().unwrap();
    assert!((0.0..0.1).contains(&share), "{share}");
}
