//! A cold build: from a fresh clone to the first tick, with the packages it needs
//! already downloaded.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::item::{Goal, Item, Pair};
use crate::process::{REPOSITORY, command};
use crate::{Failure, Scale};

pub(crate) fn cold_build(scale: Scale) -> Result<Item, Failure> {
    Ok(Item {
        name: "fresh clone to first tick",
        floor: "",
        unit: "s",
        goal: Goal::AtMost(180.0),
        pairs: vec![Pair { ours: seconds(scale)?, floor: None }],
    })
}

fn seconds(scale: Scale) -> Result<f64, Failure> {
    let folder = TempDir::new()?;
    let (clone, out) = (folder.path().join("clone"), folder.path().join("run"));
    let mut command = match scale {
        Scale::Full => cargo_run(&clone)?,
        Scale::Tiny => Command::new(command()?),
    };
    let begun = Instant::now();
    let mut running = command
        .args(["run", "--rates", "6,6,6", "--duration", "5s", "--ports", "auto", "--out"])
        .arg(&out)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    let ticked = wait_for_tick(&mut running, &out).map(|()| begun.elapsed());
    let _ = running.wait();
    Ok(ticked?.as_secs_f64())
}

/// `cargo run --release` in a fresh clone, with a target folder of its own.
fn cargo_run(clone: &Path) -> Result<Command, Failure> {
    let status = Command::new("git").args(["clone", "--quiet", REPOSITORY]).arg(clone).status()?;
    if !status.success() {
        return Err(format!("git clone: {status}").into());
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--release", "--"]).current_dir(clone).env_remove("CARGO_TARGET_DIR");
    Ok(cargo)
}

/// Waits until the log of some machine has a line after its start.
fn wait_for_tick(running: &mut Child, out: &Path) -> Result<(), Failure> {
    loop {
        let has_ticked = |machine: u32| {
            fs::read_to_string(out.join(journal::Folder::log_name(machine)))
                .is_ok_and(|log| log.lines().count() > 1)
        };
        if (1..=3).any(has_ticked) {
            return Ok(());
        }
        if let Some(status) = running.try_wait()? {
            return Err(format!("it ended before a tick: {status}").into());
        }
        sleep(Duration::from_millis(10));
    }
}
