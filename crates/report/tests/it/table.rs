//! The table, as people read it, and summary.json, as programs do.

use insta::assert_snapshot;
use journal::{Rate, Record, StopReason};
use report::{Statistics, Summary};

use crate::simulator::{Simulator, at, summary};

#[test]
fn of_the_classic_run() {
    let summary = Simulator::new(&[1.0, 3.0, 6.0], 10, 60.0).summary();
    assert_snapshot!(summary.table(), @r"
                            ───────events────────                ──jump──  ─queue─
    machine  ticks/s ticks  receive send internal  clock behind  mean max  end max
          1        1    60       60    0        0    251    109  4.18  22   27  27
          2        3   180       62   39       79    357      3  1.98  11    0   1
          3        6   360       24   94      242    360      0  1.00   1    0   0
    ");
    assert!(summary.table().lines().all(|line| line.chars().count() <= 80));
}

#[test]
fn of_two_odd_rates() {
    let summary = Simulator::new(&[0.5, 2.0 / 3.0], 10, 60.0).summary();
    assert_snapshot!(summary.table(), @r"
                            ───────events────────                ──jump──  ─queue─
    machine  ticks/s ticks  receive send internal  clock behind  mean max  end max
          1      0.5    30       14    5       11     41      0  1.37   4    1   1
          2     0.67    40        5   15       20     41      0  1.02   2    0   0
    ");
}

#[test]
fn of_large_figures() {
    let mut logs = Simulator::new(&[1.0, 30_000.0], 10, 20.0).logs();
    for record in &mut logs[1] {
        if let Record::Start(start) = record {
            start.rate = Rate::Max;
        }
    }
    assert_snapshot!(summary(&logs).table(), @r"
                             ────────events─────────                 ──jump──  ────queue────
    machine  ticks/s  ticks  receive   send internal   clock behind  mean max     end    max
          1        1     20       20      0        0      60 599940  3.00   8  179985 179985
          2      max 600000        0 180005   419995  600000      0  1.00   1       0      0
    ");
}

#[test]
fn of_many_machines_has_a_row_for_each() {
    let summary = Simulator::new(&[3.0; 25], 10, 5.0).summary();
    assert_eq!(summary.table().lines().count(), 2 + 25);
}

#[test]
fn of_a_run_in_which_everything_went_wrong() {
    let mut logs = Simulator::new(&[1.0, 3.0, 6.0, 6.0, 2.0], 10, 10.0).logs();
    logs[0].pop();
    let restart = logs[1][0].clone();
    logs[1].insert(7, restart);
    if let Record::Start(start) = &mut logs[1][7] {
        start.time = at(3.0);
        start.incarnation = 2;
    }
    if let Some(Record::Stop(stop)) = logs[2].last_mut() {
        stop.missed = 7;
        stop.in_flight = 1;
        stop.reason = StopReason::Signal;
    }
    if let Some(Record::Stop(stop)) = logs[3].last_mut() {
        stop.missed = 1;
        stop.reason = StopReason::Fault;
    }
    logs[4].truncate(1);
    logs.push(Vec::new());
    let mut summary = summary(&logs);
    summary.damage.push("runs/x/machine-5.jsonl:2: not a record".to_owned());
    assert_snapshot!(summary.table(), @r"
                            ───────events────────                ──jump──  ─queue─
    machine  ticks/s ticks  receive send internal  clock behind  mean max  end max
          1        1    10        9    1        0     31     32  3.10   7    8   8
          2        3    30       13    6       11     62      1  2.07  13    0   1
          3        6    60       12   15       33     63      0  1.05   2    0   0
          4        6    60       14   14       32     63      0  1.05   2    1   1
          5        2     0        0    0        0      0     63     -   -    0   0
          6        -     0        0    0        0      0     63     -   -    0   0
    Machine 6 never started.
    Machine 5 started but never ticked.
    Machine 2 was restarted once and down for 1.08 s.
    Machines 3 and 4 missed 8 slots, reached too late to tick.
    Machine 3 was stopped by a signal.
    Machine 4 could not go on: see machine-4.diag.log.
    Machines 1 and 5 left no stop in their logs: they were killed, or still run.
    Machine 3 stopped with 1 message in flight, not known to have arrived.
    runs/x/machine-5.jsonl:2: not a record. The figures count up to there.
    ");
}

#[test]
fn of_no_machine() {
    assert_snapshot!(Summary::of([]).table(), @r"
                            ───────events────────                ──jump──  ─queue─
    machine  ticks/s ticks  receive send internal  clock behind  mean max  end max
    ");
    assert_snapshot!(Summary::of([(1, Statistics::new())]).table(), @r"
                            ───────events────────                ──jump──  ─queue─
    machine  ticks/s ticks  receive send internal  clock behind  mean max  end max
          1        -     0        0    0        0      0      0     -   -    0   0
    Machine 1 never started.
    ");
}

#[test]
fn as_json() {
    let summary = Simulator::new(&[1.0, 6.0], 10, 10.0).summary();
    assert_snapshot!(serde_json::to_string_pretty(&summary).unwrap(), @r#"
    {
      "run": "test",
      "start": "2000-01-01T00:00:00.000000Z",
      "end": "2000-01-01T00:00:10.000000Z",
      "seconds": 10.0,
      "leader": 2,
      "clock_max": 60,
      "ticks": 70,
      "messages_sent": 21,
      "messages_received": 10,
      "messages_queued": 11,
      "machines": [
        {
          "machine": 1,
          "rate": 1,
          "behind": 33,
          "jump_mean": 2.7,
          "queue_mean": 5.4,
          "start": "2000-01-01T00:00:00.000000Z",
          "end": "2000-01-01T00:00:10.000000Z",
          "stop_reason": "duration",
          "incarnations": 1,
          "seconds_down": 0.0,
          "ticks": 10,
          "receives": 10,
          "sends": 0,
          "internals": 0,
          "messages_sent": 0,
          "missed": 0,
          "clock": 27,
          "jump_max": {
            "size": 8,
            "tick": 8,
            "from": 2
          },
          "queue": 11,
          "queue_max": 11,
          "in_flight": 0,
          "last_read": {
            "from": 2,
            "stamp": 26,
            "tick": 10
          }
        },
        {
          "machine": 2,
          "rate": 6,
          "behind": 0,
          "jump_mean": 1.0,
          "queue_mean": 0.0,
          "start": "2000-01-01T00:00:00.000000Z",
          "end": "2000-01-01T00:00:10.000000Z",
          "stop_reason": "duration",
          "incarnations": 1,
          "seconds_down": 0.0,
          "ticks": 60,
          "receives": 0,
          "sends": 21,
          "internals": 39,
          "messages_sent": 21,
          "missed": 0,
          "clock": 60,
          "jump_max": {
            "size": 1,
            "tick": 1,
            "from": null
          },
          "queue": 0,
          "queue_max": 0,
          "in_flight": 0,
          "last_read": null
        }
      ],
      "prediction": {
        "clock_per_second_min": 6.0,
        "machines": [
          {
            "machine": 1,
            "idle_share": 0.0,
            "arrivals_per_second": 1.8,
            "queue_growth_per_second": 0.8,
            "age_share": 0.444444
          },
          {
            "machine": 2,
            "idle_share": 1.0,
            "arrivals_per_second": 0.0,
            "queue_growth_per_second": 0.0,
            "age_share": 0.0
          }
        ]
      },
      "damage": []
    }
    "#);
}
