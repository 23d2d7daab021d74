//! Logical clocks: what an event takes, by the number of processes.

use clock::VectorClock;
use criterion::{BenchmarkId, Criterion};

pub(crate) fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("vector clock");
    for processes in [3, 100] {
        let stamp = stamp(processes);
        group.bench_function(BenchmarkId::new("receive", processes), |bencher| {
            let mut clock = stamp.clone();
            bencher.iter(|| clock.receive(0, &stamp));
        });
        group.bench_function(BenchmarkId::new("order", processes), |bencher| {
            let mut later = stamp.clone();
            later.event(processes - 1).expect("the clock has just begun");
            bencher.iter(|| stamp.order(&later));
        });
    }
    group.finish();
}

/// A clock that knows one event of each process.
fn stamp(processes: usize) -> VectorClock {
    let mut clock = VectorClock::new();
    for process in 0..processes {
        clock.event(process).expect("the clock has just begun");
    }
    clock
}
