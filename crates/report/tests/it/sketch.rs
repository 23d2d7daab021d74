//! The course of a run, as a study keeps it.

use report::{Sketch, Trace};

use crate::simulator::Simulator;

/// The distance to the largest clock is that, though its machine is not drawn.
#[test]
fn the_largest_clock_is_kept_of_any_number_of_machines() {
    let rates = [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 6.0];
    let logs = Simulator::new(&rates, 100, 30.0).logs();
    let end = |log: &Vec<journal::Record>| log.iter().map(|record| record.clock()).max();
    let ends: Vec<_> = logs.iter().filter_map(end).collect();
    let sketch = Sketch::of(&Trace::of((1..).zip(logs)));
    assert_eq!(sketch.clocks.len(), 8);
    let drawn: Vec<_> = sketch.clocks.iter().filter_map(|row| row.last().copied()).collect();
    assert_eq!(drawn, ends[..8]);
    assert_eq!(sketch.largest.last(), ends.iter().max());
    assert!(sketch.largest.last() > drawn.iter().max());
    assert_eq!(sketch.largest.len(), sketch.clocks[0].len());
}
