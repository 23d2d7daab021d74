//! The daemon as a program: which of them, and how it is started.

use std::env::consts::ARCH;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use crate::Failure;
use crate::process::{REPOSITORY, command};

/// A program that is a daemon behind these arguments.
#[derive(Debug)]
pub(crate) struct Daemon {
    program: PathBuf,
    arguments: &'static [&'static str],
}

impl Daemon {
    /// `offbeat node`, as anyone has it who builds the command.
    pub(crate) fn of_command() -> Result<Self, Failure> {
        Ok(Self { program: command()?, arguments: &["node"] })
    }

    /// `offbeat-node`, as the image has it. It is built now, which takes minutes.
    pub(crate) fn of_image() -> Result<Self, Failure> {
        let target = format!("{ARCH}-unknown-linux-musl");
        let repository = Path::new(REPOSITORY);
        let status = Command::new(repository.join("docker/build-static"))
            .args([&target, "--release", "--bin=offbeat-node", "--package=node"])
            .status()?;
        if !status.success() {
            let remedy = format!("rustup target add {target} installs what it may lack");
            return Err(format!("docker/build-static: {status}; {remedy}").into());
        }
        let built = repository.join("target/static").join(target).join("release");
        Ok(Self { program: built.join("offbeat-node"), arguments: &[] })
    }

    /// Starts one of this config, as `offbeat run` does.
    pub(crate) fn start(&self, config: &Path) -> io::Result<Child> {
        Command::new(&self.program)
            .args(self.arguments)
            .args(["--supervised", "--config"])
            .arg(config)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    }
}
