//! An event of a run in virtual time: agenda, network and machines, seen by nobody.

use bench::model;
use criterion::{BatchSize, Criterion, Throughput};
use journal::Record;
use machine::MachineId;
use sim::{Plan, Simulation};

use crate::run::EVENTS;

pub(crate) fn parts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("sim");
    for (name, plan) in
        [("three machines", model::three(EVENTS)), ("a ring of a thousand", model::ring(1000, 3))]
    {
        let simulation = || Simulation::new(plan.clone()).expect("the plan is a good one");
        group.throughput(Throughput::Elements(events(&plan)));
        group.bench_function(name, |bencher| {
            let run = |simulation: Simulation| simulation.run(&mut |_: MachineId, _: Record| {});
            bencher.iter_batched(simulation, run, BatchSize::LargeInput);
        });
    }
    group.finish();
}

fn events(plan: &Plan) -> u64 {
    let mut events = 0;
    let simulation = Simulation::new(plan.clone()).expect("the plan is a good one");
    simulation
        .run(&mut |_: MachineId, record: Record| events += u64::from(record.tick().is_some()));
    events
}
