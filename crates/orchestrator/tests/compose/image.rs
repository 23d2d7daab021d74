//! The image, without a registry: what docker/Dockerfile says of its runtime, with
//! binaries that were built here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use crate::engine::{self, output};
use crate::workspace;

/// What the image holds.
const BINARIES: [&str; 2] = ["offbeat", "offbeat-node"];

/// Builds the image `name`, in `context`, a folder that is absent.
pub(crate) fn build(name: &str, context: &Path) {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let binaries = BUILT.get_or_init(build_binaries);
    fs::create_dir(context).unwrap();
    for binary in BINARIES {
        fs::copy(binaries.join(binary), context.join(binary)).unwrap();
    }
    fs::write(context.join("Dockerfile"), runtime_stage()).unwrap();
    engine::build(name, context);
}

/// The last stage of the Dockerfile, with its copy from the stage before it turned
/// into one from the context.
fn runtime_stage() -> String {
    let dockerfile = fs::read_to_string(workspace().join("docker/Dockerfile")).unwrap();
    let begin = dockerfile.find("FROM scratch").expect("a stage from scratch");
    let stage = &dockerfile[begin..];
    assert!(stage.contains("--from=builder /out/"), "{stage}");
    stage.replace("--from=builder ", "").replace("/out/", "")
}

/// Builds static binaries below target/static, and returns their folder. Not with
/// optimisation, which would take minutes.
fn build_binaries() -> PathBuf {
    let target = host();
    let target_folder = workspace().join("target/static");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .current_dir(workspace())
        .args(["build", "--locked", "--bins", "--package=orchestrator", "--package=node"])
        .arg(format!("--target={target}"))
        .arg("--target-dir")
        .arg(&target_folder)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("RUSTFLAGS", "-C target-feature=+crt-static")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    output(&mut cargo);
    target_folder.join(target).join("debug")
}

/// The target that rustc builds for by itself.
fn host() -> String {
    let version = output(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.expect("rustc names its host").to_owned()
}
