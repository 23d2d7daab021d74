//! Draws that are not what the log says they are, or not uniform.

use check::Rule::{S1, S2};

use crate::corruption::{Corruption, Edit, FAST, GOOD};
use crate::records::{internals, starts, with_own_generator};
use crate::run::{Files, Logs, parse, write};

pub(crate) const CORRUPTIONS: &[Corruption] = &[
    Corruption {
        name: "34-draws-not-of-the-seed",
        what: "Machine 2 says that its draws come from the seed, and draws from elsewhere.",
        from: GOOD,
        edit: Edit::Records(draws_not_of_the_seed),
        finds: &[S2],
    },
    Corruption {
        name: "35-another-seed-claimed",
        what: "The logs and run.toml claim a seed that the run was not drawn from.",
        from: GOOD,
        edit: Edit::Files(another_seed_claimed),
        finds: &[S2],
    },
    Corruption {
        name: "36-draws-from-0",
        what: "Machine 3, with a generator of its own, draws from 0 to 10 instead of 1 to 10.",
        from: GOOD,
        edit: Edit::Records(draws_from_0),
        finds: &[S1],
    },
    Corruption {
        name: "37-draws-not-uniform",
        what: "Machines with generators of their own add 1 to three random bits: never 9 or 10.",
        from: FAST,
        edit: Edit::Records(draws_not_uniform),
        finds: &[S1],
    },
];

fn draws_not_of_the_seed(logs: &mut Logs) {
    for (internal, draw) in internals(&mut logs[2]).zip((4..=10).cycle()) {
        internal.draw = draw;
    }
}

fn another_seed_claimed(files: &mut Files) {
    let manifest = files.get_mut("run.toml").unwrap();
    *manifest = manifest.replace("seed = 21", "seed = 22");
    let mut logs = parse(files);
    for start in logs.0.values_mut().flat_map(starts) {
        start.seed = Some(22);
    }
    write(&logs, files);
}

fn draws_from_0(logs: &mut Logs) {
    with_own_generator(&mut logs[3]);
    for internal in internals(&mut logs[3]).step_by(8) {
        internal.draw = 0;
    }
}

/// In place of 9 and 10 come more of those that are internal events, too.
fn draws_not_uniform(logs: &mut Logs) {
    for log in logs.0.values_mut() {
        with_own_generator(log);
        let too_large = internals(log).filter(|internal| internal.draw > 8);
        for (internal, draw) in too_large.zip((4..=8).cycle()) {
            internal.draw = draw;
        }
    }
}
