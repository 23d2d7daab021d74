//! The judge over records that lie in memory.

use check::{Judge, Outcome, Records};
use criterion::{BatchSize, Criterion, Throughput};

use crate::run::records;

pub(crate) fn parts(criterion: &mut Criterion) {
    let (logs, count) = records();
    let mut group = criterion.benchmark_group("check");
    group.throughput(Throughput::Elements(count));
    group.bench_function("judge", |bencher| {
        let judge = |logs| {
            let mut judge = Judge::new("", None);
            for (machine, log) in (1..).zip::<Vec<Vec<_>>>(logs) {
                judge.add(machine, Ok(Records::new(log)));
            }
            assert_eq!(judge.verdict().outcome, Outcome::Holds);
        };
        bencher.iter_batched(|| logs.clone(), judge, BatchSize::LargeInput);
    });
    group.finish();
}
