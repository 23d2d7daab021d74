//! Records to and from the lines of a log.

use std::fs;
use std::io::Cursor;
use std::path::Path;

use criterion::{BatchSize, Criterion, Throughput};
use journal::{Reader, Record, Sync, Writer};
use tempfile::TempDir;

use crate::run::records;

pub(crate) fn parts(criterion: &mut Criterion) {
    let folder = TempDir::new().expect("there is room for a log");
    let path = folder.path().join("log.jsonl");
    let records = records().0.pop().expect("there are three machines");

    let mut group = criterion.benchmark_group("journal");
    group.throughput(Throughput::Elements(records.len() as u64));
    group.bench_function("write", |bencher| {
        bencher.iter_batched_ref(
            || anew(&path),
            |writer| write(writer, &records),
            BatchSize::PerIteration,
        );
    });
    write(&mut anew(&path), &records);
    let text = fs::read(&path).expect("it was written");
    group.bench_function("parse", |bencher| {
        bencher.iter(|| {
            let lines = Reader::new(Cursor::new(text.as_slice()), &path);
            assert_eq!(lines.filter(Result::is_ok).count(), records.len());
        });
    });
    group.finish();
}

/// An empty log.
fn anew(path: &Path) -> Writer {
    let _ = fs::remove_file(path);
    Writer::open(path, Sync::Never).expect("there is room for a log")
}

fn write(writer: &mut Writer, records: &[Record]) {
    records.iter().for_each(|record| writer.append(record));
    writer.commit().expect("there is room for a log");
}
