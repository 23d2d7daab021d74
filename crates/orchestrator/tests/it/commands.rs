//! Every command line that README and the documents show does what they say.
//!
//! They run as they stand, but for what would take minutes or a fixed port: a
//! duration is shortened, ports are free ones, and nodes by hand are started
//! together and stopped when they have ticked.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use orchestrator::free_ports;
use tempfile::TempDir;

use crate::broken;
use crate::configs::config_folder;
use crate::deadline::wait_until;
use crate::offbeat::{offbeat, ticks};

/// The documents that show commands.
const DOCUMENTS: [&str; 14] = [
    "README.md",
    "docs/model.md",
    "docs/virtual-time.md",
    "docs/faults.md",
    "docs/security.md",
    "docs/verification.md",
    "docs/log-format.md",
    "docs/summary-format.md",
    "docs/exports.md",
    "docs/studies.md",
    "docs/mutants.md",
    "docs/performance.md",
    "examples/broken/README.md",
    "examples/python-node/README.md",
];

/// Commands that other tests run, and which.
const RUN_ELSEWHERE: [(&str, &str); 9] = [
    ("cargo test --workspace", ".ci/run reads it from README and runs it"),
    (
        "OFFBEAT_BLESS=1 cargo test",
        "writes into the repository; crates/check/tests/broken compares",
    ),
    ("just mutants", ".ci/run runs what it runs"),
    ("just bench", "crates/bench/tests/tiny.rs runs every item at a tiny size"),
    ("cargo run --release --features png --", "tests/png.rs reads them and runs them"),
    ("docker compose up", "tests/compose"),
    ("cargo run --release -- check runs/compose", "tests/compose"),
    ("python3 -m venv examples/python-node/.venv", "tests/python_node.rs"),
    ("examples/python-node/.venv/bin/", "tests/python_node.rs"),
];

pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The lines of the blocks of commands in `document`.
fn commands(document: &str) -> Vec<String> {
    let text = fs::read_to_string(root().join(document)).unwrap();
    let mut language = None;
    let mut commands = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("```"), language) {
            (Some(name), None) => language = Some(name),
            (Some(_), Some(_)) => language = None,
            (None, Some("sh")) if !line.trim().is_empty() => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

/// What the shell sees of a line.
fn without_remark(line: &str) -> &str {
    line.split(" #").next().unwrap().trim()
}

/// The exit code of the command with `args`: other than 0 only where it judges a
/// run that is broken.
fn exit_code(args: &str) -> i32 {
    match args.strip_prefix("check examples/broken/") {
        Some(name) => broken::exit_code(name),
        None => 0,
    }
}

/// A folder as a user's clone is: the examples are there, and the configs, on free
/// ports.
struct Clone {
    folder: TempDir,
    nodes: BTreeMap<u32, Child>,
}

impl Clone {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let ports = free_ports("127.0.0.1", 3);
        fs::create_dir(folder.path().join("config")).unwrap();
        for entry in fs::read_dir(config_folder()).unwrap().flatten() {
            if entry.path().is_file() {
                let mut text = fs::read_to_string(entry.path()).unwrap();
                for (fixed, free) in ["5555", "6666", "7777"].iter().zip(&ports) {
                    text = text.replace(fixed, &free.to_string());
                }
                fs::write(folder.path().join("config").join(entry.file_name()), text).unwrap();
            }
        }
        symlink(root().join("examples"), folder.path().join("examples")).unwrap();
        Self { folder, nodes: BTreeMap::new() }
    }

    fn run(&mut self, line: &str) {
        let command = without_remark(line);
        if RUN_ELSEWHERE.iter().any(|(known, _)| command.starts_with(known)) {
            return;
        }
        if let Some(args) = command.strip_prefix("cargo run --release -p node --") {
            self.start_node(args);
        } else if let Some(args) = command.strip_prefix("cargo run --release -- node") {
            self.start_node(args);
        } else if let Some(args) = command.strip_prefix("cargo run --release") {
            self.stop_nodes();
            self.run_offbeat(args.trim().trim_start_matches("--").trim_start(), line);
        } else if command.starts_with("jq ") {
            self.run_shell(command, 0);
        } else if command.starts_with("diff ") {
            self.run_shell(command, 1);
        } else {
            panic!("no test runs: {line}");
        }
    }

    fn run_offbeat(&self, args: &str, line: &str) {
        let words = args.split_whitespace();
        // A lost frame may hold the begin of a machine back for a second. The shorter a run
        // with random faults is, the likelier a kill then comes when a machine has ended.
        let short = if args.contains("--faults random") { "8s" } else { "1s" };
        let words: Vec<_> = words.map(|word| if word == "30s" { short } else { word }).collect();
        let mut command = offbeat();
        command.current_dir(self.folder.path()).env("OFFBEAT_PORTS", "auto");
        // In virtual time nothing need be shortened.
        if words.first() != Some(&"simulate") {
            command.env("OFFBEAT_DURATION", "1s");
        }
        let output = command.args(words).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(exit_code(args)), "{line}: {said}");
        assert!(!output.stdout.is_empty(), "{line} printed nothing");
    }

    fn run_shell(&self, command: &str, code: i32) {
        let program = command.split(' ').next().unwrap();
        if Command::new(program).arg("--version").output().is_err() {
            eprintln!("SKIPPED, for there is no {program}: {command}");
            return;
        }
        let output =
            Command::new("sh").current_dir(self.folder.path()).args(["-c", command]).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(code), "{command}");
        assert!(!output.stdout.is_empty(), "{command} printed nothing");
    }

    fn start_node(&mut self, args: &str) {
        let machine = self.nodes.len() as u32 + 1;
        let node = offbeat()
            .current_dir(self.folder.path())
            .arg("node")
            .args(args.split_whitespace())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.nodes.insert(machine, node);
    }

    /// Lets the nodes by hand meet and tick, and stops them as Ctrl-C does.
    fn stop_nodes(&mut self) {
        let logs = self.folder.path().join("runs/by-hand");
        if self.nodes.len() == 3 {
            for machine in 1..=3 {
                wait_until("nodes by hand tick", || ticks(&logs, machine) > 1);
            }
        }
        for node in self.nodes.values_mut() {
            kill(Pid::from_raw(node.id() as i32), Signal::SIGINT).unwrap();
        }
        for (machine, mut node) in std::mem::take(&mut self.nodes) {
            assert!(node.wait().unwrap().success(), "machine {machine}");
        }
    }
}

impl Drop for Clone {
    fn drop(&mut self) {
        for node in self.nodes.values_mut() {
            let _ = node.kill();
            let _ = node.wait();
        }
    }
}

#[test]
fn every_command_in_the_documents_works() {
    let mut count = 0;
    for document in DOCUMENTS {
        let commands = commands(document);
        let mut clone = Clone::new();
        if document != "README.md" {
            // The others look at a run that is there already, and has something to show.
            clone.run("cargo run --release -- --rates 20,60,120");
        }
        // In Python, the third node is tested elsewhere; a Rust one stands in.
        if commands.iter().any(|line| line.contains("node.py")) {
            clone.run("cargo run --release -- node --config config/node-3.toml");
        }
        commands.iter().for_each(|line| clone.run(line));
        clone.stop_nodes();
        count += commands.len();
    }
    assert!(count >= 15, "found only {count} commands");
}

/// The documents of the repository: what git would not ignore.
fn documents() -> Vec<String> {
    let folders = ["", "docs", "fuzz", "examples/broken", "examples/python-node"];
    let mut found = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(root().join(folder)).unwrap().flatten() {
            let name = entry.file_name().into_string().unwrap();
            if name.ends_with(".md") {
                let path = Path::new(folder).join(name);
                found.push(path.to_str().unwrap().to_owned());
            }
        }
    }
    found
}

#[test]
fn no_document_with_commands_is_left_out() {
    let documents = documents();
    assert!(documents.len() > DOCUMENTS.len(), "{documents:?}");
    for document in documents.iter().filter(|document| !commands(document).is_empty()) {
        assert!(DOCUMENTS.contains(&document.as_str()), "nobody runs the commands of {document}");
    }
}
