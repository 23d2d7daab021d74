//! A clock message to and from the bytes of a frame.

use bytes::BytesMut;
use criterion::{Criterion, Throughput};
use tokio_util::codec::{Decoder as _, Encoder as _};
use wire::{Frame, FrameCodec};

/// Frames that lie in a buffer at once, as they come from a socket.
const FRAMES: u64 = 1000;

pub(crate) fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("wire");
    group.throughput(Throughput::Elements(FRAMES));
    group.bench_function("encode", |bencher| {
        let mut bytes = BytesMut::new();
        bencher.iter(|| {
            bytes.clear();
            encode(&mut bytes);
        });
    });
    group.bench_function("decode", |bencher| {
        let mut bytes = BytesMut::new();
        encode(&mut bytes);
        let mut codec = FrameCodec::new();
        let mut decode = |mut bytes: BytesMut| {
            let mut count = 0;
            while codec.decode(&mut bytes).expect("it was encoded").is_some() {
                count += 1;
            }
            assert_eq!(count, FRAMES);
        };
        bencher.iter_batched(|| bytes.clone(), &mut decode, criterion::BatchSize::SmallInput);
    });
    group.finish();
}

fn encode(bytes: &mut BytesMut) {
    let mut codec = FrameCodec::new();
    for seq in 1..=FRAMES {
        let message = Frame::Message { seq: 1_000_000 + seq, stamp: 2_000_000 + seq };
        codec.encode(message, bytes).expect("it is short");
    }
}
