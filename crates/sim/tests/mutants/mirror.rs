//! Copies that leave alone what is already the same: cargo compiles again what was
//! written again.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Makes the folder `to` the same as the folder `from`.
pub(crate) fn mirror(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|entry| (entry.path(), entry.file_name())).unwrap();
        let copy = to.join(&name);
        match path.is_dir() {
            true => mirror(&path, &copy),
            false => put(&copy, &fs::read_to_string(&path).unwrap()),
        }
        names.insert(name);
    }
    for entry in fs::read_dir(to).unwrap().map(Result::unwrap) {
        if !names.contains(&entry.file_name()) {
            remove(&entry.path());
        }
    }
}

/// Writes a file, unless it says the same already.
pub(crate) fn put(path: &Path, content: &str) {
    if fs::read_to_string(path).is_ok_and(|present| present == content) {
        return;
    }
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// A manifest without the section that begins with the line `header`.
pub(crate) fn without_section(manifest: &str, header: &str) -> String {
    let mut is_in_it = false;
    let kept = manifest.lines().filter(|line| {
        if line.starts_with('[') {
            is_in_it = *line == header;
        }
        !is_in_it
    });
    kept.map(|line| line.to_owned() + "\n").collect()
}

fn remove(path: &Path) {
    match path.is_dir() {
        true => fs::remove_dir_all(path).unwrap(),
        false => fs::remove_file(path).unwrap(),
    }
}
