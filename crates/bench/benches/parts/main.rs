//! What the parts cost, each alone: a hint where a whole has become slower. What the
//! whole costs, and beside what floor, is the program `bench`'s to say.

mod check;
mod clock;
mod journal;
mod machine;
mod report;
mod run;
mod sim;
mod wire;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for parts in [
        clock::parts,
        machine::parts,
        wire::parts,
        journal::parts,
        sim::parts,
        check::parts,
        report::parts,
    ] {
        parts(&mut criterion);
    }
    criterion.final_summary();
}
