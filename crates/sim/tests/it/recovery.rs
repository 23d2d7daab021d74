//! What the simulator logs is what recovery, and so replay, takes for a log.

use std::io::Cursor;
use std::path::Path;

use journal::{Reader, recover_from};

use crate::run::{classic, logs};

#[test]
fn every_simulated_log_replays() {
    for seed in 0..60 {
        let (logs, _) = logs(classic(seed).with_random_faults());
        for log in &logs {
            let text: String = log.iter().map(|record| record.to_json() + "\n").collect();
            let reader = Reader::new(Cursor::new(text.as_bytes()), Path::new("log"));
            let recovered = recover_from(reader).unwrap().unwrap();
            assert_eq!(recovered.records, log.len() as u64);
        }
    }
}
