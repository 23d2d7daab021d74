//! A copy of the crates concerned, in which mutants are compiled and run.
//!
//! It lies below target/ and stays there: what it needs from elsewhere is compiled
//! once, and a mutant costs no more than the few crates above the one it breaks.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::mirror::{mirror, put, without_section};
use crate::mutant::Mutant;

/// The crates that are copied.
const CRATES: [&str; 6] = ["check", "clock", "journal", "machine", "shelf", "sim"];

/// How often a detector is asked whether it is done, and how many times at most.
/// One that takes minutes, where seconds are usual, is caught in a loop.
const PATIENCE: Duration = Duration::from_millis(10);
const ASKED_MAX: usize = 18_000;

/// The detector as a program of its own.
const DETECTOR: &str = r#"[package]
name = "detector"
edition = "2024"

[dependencies]
check.workspace = true
journal.workspace = true
machine.workspace = true
sim.workspace = true
"#;

/// The copy. No other process works in it as long as it is open.
pub(crate) struct Workshop {
    root: PathBuf,
    /// Locked.
    _lock: File,
}

impl Workshop {
    /// Brings the copy up to date.
    pub(crate) fn open() -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutants");
        fs::create_dir_all(&root).unwrap();
        let lock = File::create(root.join("lock")).unwrap();
        lock.lock().unwrap();
        let workshop = Self { root, _lock: lock };
        workshop.copy();
        workshop
    }

    /// What the detector reports of the code as it is.
    pub(crate) fn report(&self) -> String {
        match self.build() {
            Ok(()) => self.run(),
            Err(errors) => format!("does not compile:\n{errors}"),
        }
    }

    /// What it reports of a mutant.
    pub(crate) fn report_of(&self, mutant: &Mutant) -> String {
        let path = self.root.join("crates").join(mutant.file);
        let original = fs::read_to_string(&path).unwrap();
        let broken = match mutant.apply(&original) {
            Ok(broken) => broken,
            Err(reason) => return reason,
        };
        fs::write(&path, broken).unwrap();
        let report = self.report();
        fs::write(&path, original).unwrap();
        report
    }

    fn copy(&self) {
        let from = workspace();
        let crates = self.root.join("crates");
        for name in CRATES {
            let folder = from.join("crates").join(name);
            mirror(&folder.join("src"), &crates.join(name).join("src"));
            let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap();
            let manifest = without_section(&manifest, "[dev-dependencies]");
            put(&crates.join(name).join("Cargo.toml"), &manifest);
        }
        let detector = crates.join("detector");
        mirror(&from.join("crates/sim/tests/mutants/detector"), &detector.join("src/detector"));
        put(
            &detector.join("src/main.rs"),
            "mod detector;\n\nfn main() {\n    println!(\"{}\", detector::report());\n}\n",
        );
        put(&detector.join("Cargo.toml"), DETECTOR);
        self.copy_workspace(&from);
    }

    fn copy_workspace(&self, from: &Path) {
        let manifest = fs::read_to_string(from.join("Cargo.toml")).unwrap();
        let is_left_out = |line: &str| {
            let path = line.split_once("path = \"crates/").map(|(_, rest)| rest);
            let name = path.and_then(|rest| rest.split('"').next());
            line.starts_with("default-members") || name.is_some_and(|name| !CRATES.contains(&name))
        };
        let kept = manifest.lines().filter(|line| !is_left_out(line));
        let manifest: String = kept.map(|line| line.to_owned() + "\n").collect();
        // Without debug information less is written and linked; with it nobody looks.
        put(&self.root.join("Cargo.toml"), &(manifest + "\n[profile.dev]\ndebug = false\n"));
        fs::copy(from.join("Cargo.lock"), self.root.join("Cargo.lock")).unwrap();
    }

    /// # Errors
    /// What the compiler says.
    fn build(&self) -> Result<(), String> {
        let output = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--offline", "--package", "detector", "--target-dir"])
            .arg(self.root.join("target"))
            .current_dir(&self.root)
            .env("CARGO_INCREMENTAL", "1")
            .env("RUSTFLAGS", "--allow warnings")
            .output()
            .unwrap();
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }

    fn run(&self) -> String {
        let mut detector = Command::new(self.root.join("target/debug/detector"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        if !ends(&mut detector) {
            detector.kill().unwrap();
        }
        let output = detector.wait_with_output().unwrap();
        match output.status.success() {
            true => String::from_utf8_lossy(&output.stdout).trim_end().to_owned(),
            false => format!("the detector came to no end: {}", output.status),
        }
    }
}

/// Whether a process ends within our patience. What it writes fits into a pipe.
fn ends(process: &mut Child) -> bool {
    (0..ASKED_MAX).any(|_| {
        let has_ended = process.try_wait().unwrap().is_some();
        if !has_ended {
            thread::sleep(PATIENCE);
        }
        has_ended
    })
}

/// The folder of the workspace that the mutants are of.
pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
