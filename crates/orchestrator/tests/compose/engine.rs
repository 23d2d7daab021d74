//! The engine that runs containers, and its compose.

use std::env;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

/// The command that is compose: version 2 is a part of `docker`, version 1 is not.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Compose {
    V2,
    V1,
}

impl Compose {
    /// The compose of an engine that answers; none, loudly, if there is none. With
    /// `OFFBEAT_REQUIRE_COMPOSE=1` that is a failure.
    pub(crate) fn find() -> Option<Self> {
        match Self::search() {
            Ok(compose) => Some(compose),
            Err(reason) => {
                let is_required =
                    env::var_os("OFFBEAT_REQUIRE_COMPOSE").is_some_and(|it| it == "1");
                assert!(!is_required, "OFFBEAT_REQUIRE_COMPOSE=1, but {reason}");
                // Past the capture of a test that passes.
                let _ = writeln!(io::stderr(), "SKIPPED: machines in containers, because {reason}");
                None
            }
        }
    }

    fn search() -> Result<Self, &'static str> {
        if !cfg!(target_os = "linux") {
            return Err("only Linux builds what runs in them");
        }
        if !succeeds(Command::new("docker").arg("info")) {
            return Err("no container engine answers (docker info)");
        }
        [Self::V2, Self::V1]
            .into_iter()
            .find(|compose| succeeds(compose.command().arg("version")))
            .ok_or("there is neither docker compose nor docker-compose")
    }

    pub(crate) fn command(self) -> Command {
        match self {
            Self::V2 => {
                let mut command = Command::new("docker");
                command.arg("compose");
                command
            }
            Self::V1 => Command::new("docker-compose"),
        }
    }
}

/// What `docker` with these arguments prints.
pub(crate) fn docker(args: &[&str]) -> String {
    output(Command::new("docker").args(args))
}

/// What `docker` printed to both of its outputs for the container's.
pub(crate) fn logs(container: &str) -> String {
    let output = Command::new("docker").args(["logs", container]).output().unwrap();
    [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat()
}

/// Builds the image `name` from a folder with a Dockerfile.
pub(crate) fn build(name: &str, context: &Path) {
    output(Command::new("docker").args(["build", "--quiet", "--tag", name]).arg(context));
}

/// What `command` prints, which must succeed.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{stderr}", output.status);
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn succeeds(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
