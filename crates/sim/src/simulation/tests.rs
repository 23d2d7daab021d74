use std::time::Duration;

use journal::{Manifest, Pacing, Phase, Rate, Record, StampRule, Timespan, Topology};
use machine::MachineId;
use proptest::prelude::*;

use super::Simulation;
use crate::{Network, Plan, Tally};

/// More machines than are in use at a time when they lie packed, for a few seconds.
fn plan() -> impl Strategy<Value = Plan> {
    let kinds = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    let draw_max = prop_oneof![Just(3_u64), Just(10), Just(1000)];
    (65..120_u32, 0..1000_u64, draw_max, kinds).prop_map(
        |(machines, seed, draw_max, (is_ring, is_burst, is_troubled, is_before))| {
            let manifest = Manifest {
                run: "test".to_owned(),
                machines,
                rates: (0..machines).map(|it| Rate::PerSecond(f64::from(1 + it * 7 % 5))).collect(),
                draw_max,
                topology: if is_ring { Topology::Ring } else { Topology::Full },
                pacing: if is_burst { Pacing::Burst } else { Pacing::Even },
                phase: Phase::Random,
                stamp: if is_before { StampRule::Before } else { StampRule::After },
                seed,
                duration: Some(Timespan(Duration::from_secs(4))),
            };
            let plan = Plan { manifest, network: Network::default(), faults: Vec::new() };
            if is_troubled { plan.with_random_faults() } else { plan }
        },
    )
}

fn run(plan: &Plan, open_max: usize) -> (Vec<(MachineId, Record)>, Tally) {
    let mut records = Vec::new();
    let mut keep = |machine, record| records.push((machine, record));
    let tally = Simulation::with_open(plan.clone(), open_max).unwrap().run(&mut keep);
    (records, tally)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn processes_that_lie_packed_do_what_the_others_do(plan in plan()) {
        let (records, tally) = run(&plan, usize::MAX);
        prop_assert!(records.len() > 400);
        prop_assert!((records, tally) == run(&plan, 0));
    }
}
