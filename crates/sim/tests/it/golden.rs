//! The same seed and options give the same logs, bit for bit, on every platform
//! and for ever. A change of these numbers is a change of what a seed means, and
//! belongs into CHANGELOG.

use journal::{Pacing, Topology};
use sim::Plan;

use crate::run::{classic, logs, plan, with};

/// FNV-1a over all lines of all logs.
fn digest(plan: Plan) -> String {
    let (logs, _) = logs(plan);
    let lines = logs.iter().flatten().map(|record| record.to_json() + "\n");
    let bytes: Vec<u8> = lines.flat_map(String::into_bytes).collect();
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    format!("{:016x}", bytes.iter().fold(0xcbf2_9ce4_8422_2325, step))
}

#[test]
fn seeds_mean_what_they_meant() {
    let mut ring = plan(&[1.5, 2.25, 3.125, 4.0, 5.5, 0.75], 120.0, 1);
    ring.manifest.topology = Topology::Ring;
    let mut burst = classic(2);
    burst.manifest.pacing = Pacing::Burst;
    let all = "latency exp:10ms, loss 0.05, duplicate 0.05, cut 2-3@10s..20s, \
               crash torn:1@15s..18s, pause 3@30s..33s";
    let random = plan(&[2.0, 5.0, 3.0, 4.0], 60.0, 77).with_random_faults();
    let digests = [
        ("classic", classic(1)),
        ("ring", ring),
        ("burst", burst),
        ("constant", with("latency 5ms")),
        ("uniform", with("latency uniform:1ms..20ms")),
        ("faults", with(all)),
        ("random", random),
    ]
    .map(|(name, plan)| format!("{name} {}", digest(plan)));
    insta::assert_snapshot!(digests.join("\n"), @r#"
    classic 1e8d7c091e054939
    ring fae9cc3862bdbd5e
    burst 46bdaace3c0d4763
    constant e9f56d6210fc3443
    uniform 060a552ebe3b8efa
    faults 95e98559223fb92e
    random 02e76b56a7d647a7
    "#);
}

#[test]
fn a_run_is_the_same_twice() {
    for seed in 0..20 {
        let plan = || classic(seed).with_random_faults();
        assert_eq!(logs(plan()), logs(plan()));
    }
}
