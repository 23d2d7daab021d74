//! What fuzzing found worth keeping, replayed: see fuzz/README.md.

#![allow(
    clippy::unwrap_used,
    reason = "clippy lets tests unwrap, but not the functions they share"
)]

use std::fs;
use std::path::Path;

#[path = "../../../fuzz/exercises/config.rs"]
mod config;
#[path = "../../../fuzz/exercises/frames.rs"]
mod frames;
#[path = "../../../fuzz/exercises/log.rs"]
mod log;
#[path = "../../../fuzz/exercises/logs.rs"]
mod logs;
#[path = "../../../fuzz/exercises/words.rs"]
mod words;

/// Lets `exercise` have every file of a corpus.
fn replay(name: &str, exercise: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 10, "{name} has only {} files", files.len());
    for file in files {
        exercise(&fs::read(&file).unwrap());
    }
}

#[test]
fn frames_of_the_corpus() {
    replay("frames", frames::exercise);
}

#[test]
fn log_of_the_corpus() {
    replay("log", log::exercise);
}

#[test]
fn logs_of_the_corpus() {
    replay("logs", logs::exercise);
}

#[test]
fn configs_of_the_corpus() {
    replay("config", config::exercise);
}

#[test]
fn words_of_the_corpus() {
    replay("words", words::exercise);
}
