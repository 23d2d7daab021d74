//! Items of whole processes: the command itself.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::item::{Goal, Item, Pair};
use crate::{Failure, Scale};

pub(crate) fn seeds(scale: Scale) -> Result<Item, Failure> {
    let command = command()?;
    let seconds = |cores: &str| -> Result<f64, Failure> {
        let begun = Instant::now();
        let seeds = scale.pick("1..20000", "1..10");
        let status = Command::new(&command)
            .args(["simulate", "--seeds", seeds, "--cores", cores])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        match status.success() {
            true => Ok(begun.elapsed().as_secs_f64()),
            false => Err(format!("offbeat simulate: {status}").into()),
        }
    };
    let pair = |_| Ok(Pair { ours: seconds("2")?, floor: Some(seconds("1")?) });
    Ok(Item {
        name: "many seeds on two cores",
        floor: "the same on one core; both by the clock on the wall",
        unit: "s",
        goal: Goal::GainAtLeast(1.9),
        pairs: (0..scale.repetitions()).map(pair).collect::<Result<_, Failure>>()?,
    })
}

/// The command `offbeat`, built beside this program or above it.
pub(crate) fn command() -> Result<PathBuf, Failure> {
    let itself = std::env::current_exe()?;
    let beside = itself.ancestors().skip(1).take(2).map(|folder| folder.join("offbeat"));
    beside.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        Failure::from("there is no offbeat beside this program: cargo build builds it")
    })
}
