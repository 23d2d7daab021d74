//! Finding the logs of a run.

use std::fs;
use std::path::Path;

use journal::{Folder, FolderError};
use tempfile::TempDir;

fn folder_of(names: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    names.iter().for_each(|name| fs::write(folder.path().join(name), "").unwrap());
    folder
}

#[test]
fn logs_are_found_by_number() {
    let folder = folder_of(&[
        "machine-10.jsonl",
        "machine-2.jsonl",
        "machine-1.jsonl",
        "machine-4294967295.jsonl",
    ]);
    let found = Folder::open(folder.path()).unwrap();
    let expected = [1, 2, 10, u32::MAX]
        .map(|machine| (machine, folder.path().join(format!("machine-{machine}.jsonl"))));
    assert_eq!(found.logs, expected);
    assert_eq!(found.path, folder.path());
    assert_eq!(found.manifest, None);
}

#[test]
fn what_is_no_log_is_passed_over() {
    let others = [
        "machine-01.jsonl",
        "machine-+1.jsonl",
        "machine--1.jsonl",
        "machine-.jsonl",
        "machine-a.jsonl",
        "machine-1.jsonl.gz",
        "machine-1.JSONL",
        "machine-1.diag.log",
        "machine-1.toml",
        "a-machine-1.jsonl",
        "machine-4294967296.jsonl",
        "check.json",
    ];
    let folder = folder_of(&others);
    let error = Folder::open(folder.path()).unwrap_err();
    assert!(matches!(error, FolderError::NoLogs { .. }), "{error}");
    let expected = format!("{} holds no machine-<id>.jsonl", folder.path().display());
    assert_eq!(error.to_string(), expected);

    fs::write(folder.path().join(Folder::log_name(3)), "").unwrap();
    let found = Folder::open(folder.path()).unwrap();
    assert_eq!(found.logs, [(3, folder.path().join("machine-3.jsonl"))]);
}

#[test]
fn a_folder_that_is_not_there_or_is_none_is_named() {
    let folder = folder_of(&["machine-1.jsonl"]);
    for name in ["nowhere", "machine-1.jsonl"] {
        let path = folder.path().join(name);
        let error = Folder::open(&path).unwrap_err();
        assert!(matches!(&error, FolderError::Io { path: named, .. } if *named == path));
        assert!(error.to_string().starts_with(&format!("cannot read {}: ", path.display())));
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_no_text_is_passed_over() {
    use std::os::unix::ffi::OsStrExt as _;

    let folder = folder_of(&["machine-1.jsonl"]);
    let name = std::ffi::OsStr::from_bytes(b"machine-\xff.jsonl");
    // Some file systems take no such name; then there is nothing to pass over.
    let _ = fs::write(folder.path().join(Path::new(name)), "");
    assert_eq!(Folder::open(folder.path()).unwrap().logs.len(), 1);
}
