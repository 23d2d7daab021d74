//! Runs a check and says how much it saw.

use std::io::{self, Write as _};
use std::num::NonZero;
use std::time::{Duration, Instant};

use stateright::{Checker, Expectation, Model as _};

use crate::bounds;
use crate::plan::Plan;

/// Visits every state of the plan. Each law must hold in all of them, and each
/// sight must be seen in one.
pub(crate) fn holds(plan: Plan) {
    let began = Instant::now();
    let checker = plan.checker().threads(threads()).spawn_dfs().join();
    say(&plan, &checker, began.elapsed());
    checker.assert_properties();
}

/// The laws that the plan breaks.
pub(crate) fn broken_laws(plan: Plan) -> Vec<&'static str> {
    let began = Instant::now();
    let checker = plan.checker().spawn_bfs().join();
    say(&plan, &checker, began.elapsed());
    let is_broken = |name: &&'static str| checker.discovery(name).is_some();
    let properties = plan.properties().into_iter();
    let laws = properties.filter(|property| property.expectation == Expectation::Always);
    laws.map(|law| law.name).filter(is_broken).collect()
}

/// Deep checks run one after the other, small ones side by side.
fn threads() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    if bounds::is_deep() { cores } else { 1 }
}

/// Past the capture of tests, whose figures nobody would see.
fn say(plan: &Plan, checker: &impl Checker<Plan>, took: Duration) {
    let line = format!(
        "{}: {} states, {} of them new, depth {}, {:.1} s\n",
        plan.name,
        checker.state_count(),
        checker.unique_state_count(),
        checker.max_depth(),
        took.as_secs_f64()
    );
    // If nobody listens, the check is no worse.
    let _ = io::stderr().write_all(line.as_bytes());
}
