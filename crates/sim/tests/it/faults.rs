//! Faults and what they do.

use check::Outcome;

use crate::run::{simulate, with};

#[test]
fn smoke() {
    for words in [
        "",
        "latency:5ms",
        "latency:exp:50ms loss:0.05",
        "loss:0.1 duplicate:0.2 latency:uniform:1ms..20ms",
        "cut:2-3@10s..20s",
        "cut:2>3@10s..20s",
        "cut:all@10s..20s",
        "crash:1@15s..18s",
        "crash:all@15s..18s",
        "torn:all@15s..18s torn:all@20s..23s latency:10ms",
        "pause:2@10s..17s",
        "cut:1@50s..",
        "pause:all@58s..62s",
        "crash:1@0s..3s",
        "cut:2-3@0s..5s",
    ] {
        let out = simulate(with(words));
        let ticks: Vec<usize> = out.logs.iter().map(Vec::len).collect();
        println!("{words}: {ticks:?} {} {:?}", out.verdict, out.tally);
        assert_ne!(out.verdict.outcome, Outcome::Violated, "{words} {}", out.verdict.rules_table());
    }
}
