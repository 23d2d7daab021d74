//! Runs side by side.

use insta::assert_snapshot;
use report::Comparison;

use crate::virtual_run::VirtualRun;

#[test]
fn of_two_runs() {
    let even = VirtualRun::new(&[4.0, 5.0, 6.0], 10, 60).analysis();
    let uneven = VirtualRun::new(&[1.0, 3.0, 6.0], 5, 60).analysis();
    let runs = [("runs/even".to_owned(), even), ("runs/uneven".to_owned(), uneven)];
    assert_snapshot!(Comparison::of(&runs), @r"
                                  runs/even   runs/uneven
    rates                         4, 5, 6     1, 3, 6
    topology, draw max            full, 10    full, 5
    seconds                       60          60 (same)
    events                        900         600 (-300)
    messages sent                 241         300 (+59)
    messages received             240         204 (-36)
    messages unread               1           96 (+95)
    largest clock                 371         360 (-11)
    furthest behind               3           234 (+231)
    largest jump                  6           14 (+8)
    longest queue                 1           96 (+95)
    fastest drift a second        0.003       3.89 (+3.88)
    ordered but concurrent, %     2.17        16.89 (+14.72)
    messages of longest chain     23          0 (-23)
    machine 1: clock              368         126 (-242)
    machine 1: mean jump          1.53        2.10 (+0.57)
    machine 1: queue at the end   0           96 (+96)
    machine 1: mean queue         0.03        47.70 (+47.67)
    machine 1: receives           90          59 (-31)
    machine 2: clock              369         359 (-10)
    machine 2: mean jump          1.23        1.99 (+0.76)
    machine 2: queue at the end   1           0 (-1)
    machine 2: mean queue         0.007       0.27 (+0.26)
    machine 2: receives           80          120 (+40)
    machine 3: clock              371         360 (-11)
    machine 3: mean jump          1.03        1 (-0.03)
    machine 3: queue at the end   0           0 (same)
    machine 3: mean queue         0           0 (same)
    machine 3: receives           70          25 (-45)
    ");
}

#[test]
fn of_runs_with_different_machines() {
    let two = VirtualRun::new(&[4.0, 5.0], 10, 10).analysis();
    let three = VirtualRun::new(&[4.0, 5.0, 6.0], 10, 10).analysis();
    let comparison = Comparison::of(&[("a".to_owned(), two), ("b".to_owned(), three)]);
    let row = |name: &str| comparison.rows.iter().find(|(it, _)| it == name).unwrap().1.clone();
    let clocks = row("machine 3: clock");
    assert_eq!(clocks[0], "-");
    assert!(!clocks[1].contains('('), "there is nothing to differ from: {clocks:?}");
    assert!(row("machine 1: clock")[1].contains('('));
}

#[test]
fn of_a_run_with_itself() {
    let run = VirtualRun::new(&[4.0, 5.0], 10, 10).analysis();
    let comparison = Comparison::of(&[("a".to_owned(), run.clone()), ("b".to_owned(), run)]);
    let numbers = comparison.rows.iter().filter(|(_, cells)| cells[1].contains('('));
    assert!(numbers.clone().count() > 10);
    assert!(numbers.clone().all(|(_, cells)| cells[1].ends_with("(same)")));
}
