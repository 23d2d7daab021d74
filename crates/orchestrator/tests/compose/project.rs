//! The real docker-compose.yml, run as a project of its own: with its own image,
//! configs and folder of logs.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

use journal::{Folder, Reader, Record};
use node::NodeConfig;
use tempfile::TempDir;

use crate::engine::{self, Compose, docker, output};
use crate::{image, workspace};

/// The machines.
pub(crate) const MACHINES: [u32; 3] = [1, 2, 3];

/// Far longer than anything here takes on a busy computer.
const PATIENCE: Duration = Duration::from_secs(120);

const POLL_EVERY: Duration = Duration::from_millis(50);

/// Taken down with all that is its own when this is dropped.
pub(crate) struct Project {
    compose: Compose,
    name: String,
    folder: TempDir,
}

impl Project {
    /// A project whose runs last for `duration`.
    pub(crate) fn new(compose: Compose, duration: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("offbeat-test-{}-{number}", std::process::id());
        // Not in /tmp, which some engines do not see.
        let folder = TempDir::with_prefix_in("compose-", env!("CARGO_TARGET_TMPDIR")).unwrap();
        let project = Self { compose, name, folder };
        image::build(&project.name, &project.folder.path().join("image"));
        fs::create_dir(project.folder.path().join("config")).unwrap();
        project.set_duration(duration);
        project
    }

    /// Writes the configs anew, those of config/compose but for the duration.
    pub(crate) fn set_duration(&self, duration: &str) {
        for machine in MACHINES {
            let name = format!("node-{machine}.toml");
            let text = fs::read_to_string(workspace().join("config/compose").join(&name)).unwrap();
            let mut config: NodeConfig = toml::from_str(&text).unwrap();
            config.duration = Some(duration.parse().unwrap());
            let path = self.folder.path().join("config").join(name);
            fs::write(path, toml::to_string(&config).unwrap()).unwrap();
        }
    }

    /// `docker compose` with these arguments.
    pub(crate) fn compose(&self, args: &str) {
        output(self.command().args(args.split_whitespace()));
    }

    /// The compose that whoever runs this test would run, but for what is set here.
    fn command(&self) -> Command {
        let mut command = self.compose.command();
        let is_a_setting =
            |name: &str| name.starts_with("OFFBEAT_") || name.starts_with("COMPOSE_");
        for (name, _) in std::env::vars().filter(|(name, _)| is_a_setting(name)) {
            command.env_remove(name);
        }
        command
            .current_dir(workspace())
            .args(["--project-name", &self.name])
            .env("OFFBEAT_IMAGE", &self.name)
            .env("OFFBEAT_COMPOSE_CONFIG", self.folder.path().join("config"))
            .env("OFFBEAT_COMPOSE_RUNS", self.runs());
        let user = self.user();
        if user.0 != 0 {
            // Or the logs could not be removed.
            command.env("OFFBEAT_USER", format!("{}:{}", user.0, user.1));
        }
        command
    }

    /// The name of the project, and of its image.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The config of a machine.
    pub(crate) fn config(&self, machine: u32) -> PathBuf {
        self.folder.path().join(format!("config/node-{machine}.toml"))
    }

    /// Who runs this test.
    fn user(&self) -> (u32, u32) {
        let metadata = fs::metadata(self.folder.path()).unwrap();
        (metadata.uid(), metadata.gid())
    }

    /// The folder of the logs.
    pub(crate) fn runs(&self) -> PathBuf {
        self.folder.path().join("runs")
    }

    /// The network of the machines.
    pub(crate) fn network(&self) -> String {
        format!("{}_machines", self.name)
    }

    /// The container of a service.
    pub(crate) fn container(&self, service: &str) -> String {
        let project = format!("label=com.docker.compose.project={}", self.name);
        let service = format!("label=com.docker.compose.service={service}");
        docker(&["ps", "--all", "--quiet", "--filter", &project, "--filter", &service])
    }

    /// The container of a machine.
    pub(crate) fn machine(&self, machine: u32) -> String {
        self.container(&service(machine))
    }

    /// What the engine says of the container of a machine.
    pub(crate) fn inspect(&self, machine: u32, format: &str) -> String {
        docker(&["inspect", "--format", format, &self.machine(machine)])
    }

    /// Waits until all machines have ended, each in good order.
    pub(crate) fn wait_for_the_end(&self) {
        let state = |machine| self.inspect(machine, "{{.State.Status}} {{.State.ExitCode}}");
        self.wait_until("all have ended", || {
            MACHINES.iter().all(|&machine| state(machine).starts_with("exited"))
        });
        assert_eq!(MACHINES.map(state), ["exited 0", "exited 0", "exited 0"], "{}", self.logs());
    }

    /// Waits until `holds`.
    pub(crate) fn wait_until(&self, what: &str, holds: impl Fn() -> bool) {
        let end = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < end, "waited in vain until {what}\n{}", self.logs());
            sleep(POLL_EVERY);
        }
    }

    /// Waits until every machine has ticked more often than it has now.
    pub(crate) fn wait_for_ticks(&self) {
        let lines = MACHINES.map(|machine| self.events(machine));
        self.wait_until("all have ticked", || {
            MACHINES.iter().zip(lines).all(|(&machine, lines)| self.events(machine) > lines)
        });
    }

    /// Ticks in the log of a machine, whole lines only.
    fn events(&self, machine: u32) -> usize {
        self.records(machine).iter().filter(|record| record.tick().is_some()).count()
    }

    /// Incarnations in the log of a machine.
    pub(crate) fn starts(&self, machine: u32) -> usize {
        let is_start = |record: &&Record| matches!(record, Record::Start(_));
        self.records(machine).iter().filter(is_start).count()
    }

    fn records(&self, machine: u32) -> Vec<Record> {
        match Reader::open(&self.runs().join(Folder::log_name(machine))) {
            Ok(lines) => lines.map(|line| line.unwrap().record).collect(),
            Err(_) => Vec::new(),
        }
    }

    /// How often `text` is in the diagnostics of a machine.
    pub(crate) fn diagnosed(&self, machine: u32, text: &str) -> usize {
        let path = self.runs().join(format!("machine-{machine}.diag.log"));
        fs::read_to_string(path).unwrap_or_default().matches(text).count()
    }

    /// What the containers said last.
    fn logs(&self) -> String {
        MACHINES
            .map(|machine| engine::logs(&self.machine(machine)))
            .map(|text| text.lines().rev().take(20).map(|line| format!("{line}\n")).collect())
            .map(|lines: Vec<_>| lines.into_iter().rev().collect::<String>())
            .join("\n")
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let down = ["down", "--volumes", "--remove-orphans", "--timeout", "1"];
        let remove = ["image", "rm", "--force", &self.name];
        for command in [self.command().args(down), Command::new("docker").args(remove)] {
            let done = command.stdin(Stdio::null()).output();
            if !done.as_ref().is_ok_and(|output| output.status.success()) {
                let name = &self.name;
                let _ = writeln!(io::stderr(), "{name} is left behind: {command:?}: {done:?}");
            }
        }
    }
}

/// The name of the service of a machine, by which the others find it.
pub(crate) fn service(machine: u32) -> String {
    format!("machine-{machine}")
}

/// Asserts that the judge holds the run in `folder` to be right.
pub(crate) fn assert_holds(folder: &Path) {
    let Output { status, stdout, .. } =
        Command::new(env!("CARGO_BIN_EXE_offbeat")).arg("check").arg(folder).output().unwrap();
    let verdict = String::from_utf8_lossy(&stdout);
    assert!(status.success() && verdict.starts_with("Holds"), "{status}: {verdict}");
}
