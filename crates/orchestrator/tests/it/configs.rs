//! Every file in config/ does what it is there for.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::offbeat::{run_in, stderr};

pub(crate) fn config_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config").canonicalize().unwrap()
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files
}

pub(crate) fn is_node(path: &Path) -> bool {
    path.file_stem().unwrap().to_string_lossy().starts_with("node-")
}

#[test]
fn every_node_config_is_valid() {
    let mut nodes: Vec<_> =
        files(&config_folder()).into_iter().filter(|path| is_node(path)).collect();
    let compose = config_folder().join("compose");
    if compose.exists() {
        nodes.extend(files(&compose));
    }
    assert!(nodes.len() >= 3);
    for path in nodes {
        node::Config::load(&path, None).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn every_experiment_runs() {
    let experiments: Vec<_> =
        files(&config_folder()).into_iter().filter(|path| !is_node(path)).collect();
    let names: Vec<_> =
        experiments.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, ["baseline.toml", "close-rates.toml", "low-internal.toml"]);
    for experiment in experiments {
        let temp = TempDir::new().unwrap();
        let args = format!("run {} --duration 1s --ports auto --out out", experiment.display());
        let output = run_in(temp.path(), &args);
        assert_eq!(output.status.code(), Some(0), "{}: {}", args, stderr(&output));
    }
}
