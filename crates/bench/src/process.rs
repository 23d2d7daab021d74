//! Items of whole processes: the command itself.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::item::{Goal, Item, Pair};
use crate::{Failure, Scale};

/// The repository that this program was built in.
pub(crate) const REPOSITORY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

pub(crate) fn seeds(scale: Scale) -> Result<Item, Failure> {
    let seeds = |cores: &str| seconds(&[[all(scale), cores]]);
    let pair = |_| Ok(Pair { ours: seeds("2")?, floor: Some(seeds("1")?) });
    Ok(Item {
        name: "many seeds on two cores",
        floor: "the same on one core; both by the clock on the wall",
        unit: "s",
        goal: Goal::GainAtLeast(1.9),
        pairs: (0..scale.repetitions()).map(pair).collect::<Result<_, Failure>>()?,
    })
}

/// What the two cores themselves give: processes share nothing but the hardware.
pub(crate) fn seeds_apart(scale: Scale) -> Result<Item, Failure> {
    let [first, second] = scale.pick(["1..10000", "10001..20000"], ["1..5", "6..10"]);
    let pair = |_| {
        Ok(Pair {
            ours: seconds(&[[all(scale), "2"]])?,
            floor: Some(seconds(&[[first, "1"], [second, "1"]])?),
        })
    };
    Ok(Item {
        name: "many seeds on two cores",
        floor: "two processes on one core each; both by the clock on the wall",
        unit: "s",
        goal: Goal::RatioAtMost(1.05),
        pairs: (0..scale.repetitions()).map(pair).collect::<Result<_, Failure>>()?,
    })
}

fn all(scale: Scale) -> &'static str {
    scale.pick("1..20000", "1..10")
}

/// How long processes take side by side, each with these seeds on so many cores.
fn seconds(processes: &[[&str; 2]]) -> Result<f64, Failure> {
    let command = command()?;
    let start = |[seeds, cores]: &[&str; 2]| {
        Command::new(&command)
            .args(["simulate", "--seeds", seeds, "--cores", cores])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    };
    let begun = Instant::now();
    let running = processes.iter().map(start).collect::<Result<Vec<_>, _>>()?;
    for mut process in running {
        let status = process.wait()?;
        if !status.success() {
            return Err(format!("offbeat simulate: {status}").into());
        }
    }
    Ok(begun.elapsed().as_secs_f64())
}

/// The command `offbeat`.
pub(crate) fn command() -> Result<PathBuf, Failure> {
    built("offbeat")
}

/// This program, or the one that a test is of.
pub(crate) fn bench() -> Result<PathBuf, Failure> {
    built("bench")
}

/// A program that was built beside this one or above it.
fn built(name: &str) -> Result<PathBuf, Failure> {
    let itself = std::env::current_exe()?;
    let beside = itself.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    beside.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        format!("there is no {name} beside this program: cargo build builds it").into()
    })
}
