//! All figures of a report over records that lie in memory, causality among them.

use criterion::{BatchSize, Criterion, Throughput};
use report::Analysis;

use crate::run::records;

pub(crate) fn parts(criterion: &mut Criterion) {
    let (logs, count) = records();
    let mut group = criterion.benchmark_group("report");
    group.throughput(Throughput::Elements(count));
    group.bench_function("analysis", |bencher| {
        let analyse = |logs: Vec<Vec<_>>| Analysis::of((1..).zip(logs));
        bencher.iter_batched(|| logs.clone(), analyse, BatchSize::LargeInput);
    });
    group.finish();
}
