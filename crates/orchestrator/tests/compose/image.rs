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

/// Builds static binaries as the image's builder does, and returns their folder. Not
/// with optimisation, which would take minutes.
fn build_binaries() -> PathBuf {
    let (sources, target) = (sources(), target());
    let mut build = Command::new(sources.join("docker/build-static"));
    build
        .args([&target, "--bins", "--package=orchestrator", "--package=node"])
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    output(&mut build);
    sources.join("target/static").join(target).join("debug")
}

/// What the builder sees, which is what .dockerignore lets through, in a folder of its
/// own. What was built there last is left in it.
fn sources() -> PathBuf {
    let folder = workspace().join("target/sources");
    fs::create_dir_all(folder.join("target")).unwrap();
    for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
        match entry.file_type().unwrap().is_dir() {
            true if entry.file_name() == "target" => {}
            true => fs::remove_dir_all(entry.path()).unwrap(),
            false => fs::remove_file(entry.path()).unwrap(),
        }
    }
    let ignored = fs::read_to_string(workspace().join(".dockerignore")).unwrap();
    let let_through = ignored.lines().filter_map(|line| line.strip_prefix('!'));
    // With their times, by which cargo knows what is new.
    let mut copy = Command::new("cp");
    copy.args(["--archive", "--parents"]).args(let_through).arg(&folder);
    output(copy.current_dir(workspace()));
    folder
}

/// The target of the image; where its libc is not installed, that of this computer.
fn target() -> String {
    let version = output(Command::new("rustc").arg("-vV"));
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.expect("rustc names its host");
    let musl = host.replace("gnu", "musl");
    let libraries =
        output(Command::new("rustc").args(["--print=target-libdir", "--target", &musl]));
    if Path::new(&libraries).is_dir() { musl } else { host.to_owned() }
}
